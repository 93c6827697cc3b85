import { test } from 'tap'
import assert from 'node:assert/strict'
import { Socket } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { Departures } from '../../../src/transports/live/departures.ts'
import { until } from '../../harness/wait.ts'

function crowd (size: number): { sockets: Socket[], ended: Socket[] } {
  const departures = new Departures()
  const ended: Socket[] = []
  const sockets = Array.from({ length: size }, () => new Socket())
  for (const socket of sockets) {
    departures.pace(socket)
    socket.on('close', () => ended.push(socket))
  }
  return { sockets, ended }
}

test('of many connections that are lost at once no more than a few end in one turn of the event loop', async () => {
  const { sockets, ended } = crowd(1_000)
  for (const socket of sockets) socket.destroy()
  const perTurn: number[] = []
  for (let before = 0; ended.length < sockets.length; before = ended.length) {
    assert.ok(perTurn.length < 100, 'they all end')
    await turn()
    perTurn.push(ended.length - before)
  }
  assert.ok(Math.max(...perTurn) <= 256, String(perTurn))
  assert.deepEqual(ended, sockets)
})

test('one that waits for its end is destroyed already', async () => {
  const { sockets, ended } = crowd(1_000)
  for (const socket of sockets) socket.destroy()
  assert.ok(ended.length < sockets.length && sockets.every(({ destroyed }) => destroyed))
  await until(() => ended.length === sockets.length, { what: 'all have ended' })
})

test('one alone ends at once, with its error', async () => {
  const { sockets: [socket], ended } = crowd(1)
  assert.ok(socket)
  const errors: Error[] = []
  socket.on('error', error => errors.push(error))
  socket.destroy(new Error('reset'))
  await new Promise<void>(resolve => process.nextTick(resolve))
  assert.deepEqual([ended.length, errors.map(({ message }) => message)], [1, ['reset']])
})
