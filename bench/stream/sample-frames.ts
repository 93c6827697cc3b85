import { once } from 'node:events'
import { WebSocket } from 'ws'
import { SUBPROTOCOL, type ClientFrame, type ServerFrame } from '../../src/protocol/frames.ts'
import { ADMIN_KEY } from '../../test/harness/admin-key.ts'
import { openChanges } from './changes.ts'
import type { PerchContender } from './perch-node.ts'

/** Frames as Perch itself makes them, for the others to send: what one change is, and what `many` at once are. */
export async function sampleDiffs (perch: PerchContender, many: number): Promise<{ one: string, many: string }> {
  const changes = openChanges(perch.source)
  for (let i = 1; i < many; i++) await changes.one(0)
  const seq = await changes.one(0)
  changes.close()
  const floor = perch.target.floors[0] ?? ''
  const { epoch } = JSON.parse(await firstOf(perch, { type: 'watch', id: '1', floor, audience: 'anonymous' }, 'snapshot')) as { epoch: number }
  const since = async (behind: number) => await firstOf(perch, { type: 'watch', id: '1', floor, audience: 'anonymous', epoch, seq: seq - behind }, 'diff')
  return { one: await since(1), many: await since(many) }
}

/** The first frame of that type which answers to `frame`, as text. */
export async function firstOf (perch: PerchContender, frame: ClientFrame, type: ServerFrame['type']): Promise<string> {
  return await listening(perch, async (websocket, first) => {
    const found = first(type)
    websocket.send(JSON.stringify(frame))
    return await found
  })
}

/** What somebody who watches already is told of a change, as text. */
export async function diffOf (perch: PerchContender, frame: ClientFrame, change: () => Promise<unknown>): Promise<string> {
  return await listening(perch, async (websocket, first) => {
    const snapshot = first('snapshot')
    websocket.send(JSON.stringify(frame))
    await snapshot
    const diff = first('diff')
    await change()
    return await diff
  })
}

type First = (type: ServerFrame['type']) => Promise<string>

async function listening ({ target: { host, port } }: PerchContender, work: (websocket: WebSocket, first: First) => Promise<string>): Promise<string> {
  const websocket = new WebSocket(`ws://${host}:${port}/v1/live`, SUBPROTOCOL, { headers: { authorization: `Bearer ${ADMIN_KEY}` } })
  try {
    await once(websocket, 'open')
    return await work(websocket, async type => await new Promise((resolve, reject) => {
      websocket.on('message', data => { if ((JSON.parse(String(data)) as ServerFrame).type === type) resolve(String(data)) })
      websocket.on('close', code => reject(new Error(`closed with ${code} before a ${type} came`)))
    }))
  } finally {
    websocket.terminate()
  }
}
