import assert from 'node:assert/strict'
import { createElement, StrictMode, type ReactElement } from 'react'
import { act, create, type ReactTestRenderer } from 'react-test-renderer'
import { test } from 'tap'
import { PerchProvider, useConnection, useCounts, useFloor, useFreshness, useMine, usePerch, useSpace } from '../../src/client/react.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { claimView, diff, NO_COUNTS, scripted, snapshot, view, type Scripted } from './scripted.ts'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

/** Renders it below a client of floor f, which is not connected yet. */
async function rendered (t: Cleanup, element: ReactElement): Promise<Scripted & { page: ReactTestRenderer, text (): unknown }> {
  const scene = scripted(t)
  let page: ReactTestRenderer | undefined
  await act(async () => { page = create(createElement(StrictMode, null, createElement(PerchProvider, { perch: scene.perch }, element))) })
  assert.ok(page)
  const made = page
  t.after(async () => { await act(async () => made.unmount()) })
  return { ...scene, page: made, text: () => made.toJSON() }
}

/** Floor f with two desks. */
async function open ({ socket }: Scripted) {
  const first = await socket()
  await act(async () => {
    first.welcome()
    first.grant({ epoch: 1, seq: 4 })
    first.say(snapshot(1, 4, [view('d1'), view('d2')], { counts: { ...NO_COUNTS, free: 2 } }))
  })
  return first
}

function Desk ({ id, seen }: { id: string, seen?: (id: string) => void }) {
  seen?.(id)
  return useSpace('f', id)?.status ?? 'unknown here'
}

test('a component shows a space, and its changes', async t => {
  const scene = await rendered(t, createElement(Desk, { id: 'd1' }))
  assert.equal(scene.text(), 'unknown here')
  const first = await open(scene)
  assert.equal(scene.text(), 'free')
  await act(async () => first.say(diff(1, 4, 5, [view('d1', { status: 'occupied' })])))
  assert.equal(scene.text(), 'occupied')
  await act(async () => first.say(diff(1, 5, 6, [], { gone: ['d1'] })))
  assert.equal(scene.text(), 'unknown here')
})

test('a component is rendered when its own space changes, and when another does not', async t => {
  const seen: string[] = []
  const scene = await rendered(t, createElement('ul', null, ...['d1', 'd2'].map(id => createElement(Desk, { key: id, id, seen: id => { seen.push(id) } }))))
  const first = await open(scene)
  seen.length = 0
  await act(async () => first.say(diff(1, 4, 5, [view('d1', { status: 'occupied' })])))
  assert.deepEqual([...new Set(seen)], ['d1'])
})

test('a floor is watched while a component shows it, once, and let go afterwards', async t => {
  const scene = await rendered(t, createElement('ul', null, ...['d1', 'd2'].map(id => createElement(Desk, { key: id, id }))))
  const first = await open(scene)
  assert.equal(first.of('watch').length, 1)
  await act(async () => scene.page.update(createElement('p')))
  await scene.pass(1_000)
  assert.equal(first.of('unwatch').length, 1)
})

test('counts, freshness and the whole floor are hooks of their own', async t => {
  function Floor () {
    const { spaces, audience } = useFloor('f')
    return `${useCounts('f')?.free ?? '?'} ${useFreshness('f').state} ${spaces.length} ${String(audience)}`
  }
  const scene = await rendered(t, createElement(Floor))
  assert.equal(scene.text(), '? catching-up 0 null')
  const first = await open(scene)
  assert.equal(scene.text(), '2 live 2 named')
  await act(async () => first.say(diff(1, 4, 5, [], { recount: { free: 1 } })))
  assert.equal(scene.text(), '1 live 2 named')
  await act(async () => { await scene.pass(10_000) })
  assert.equal(scene.text(), '1 stale 2 named')
})

test('a command is shown at once, and taken back', async t => {
  const scene = await rendered(t, createElement(Desk, { id: 'd1' }))
  const first = await open(scene)
  await act(async () => { scene.perch.claim({ space: 'd1' }).catch(() => {}) })
  assert.equal(scene.text(), 'reserved')
  await act(async () => first.refuse(first.last('claim').id, 'SPACE_TAKEN', false))
  assert.equal(scene.text(), 'free')
})

test('one\'s own claims and the connection are hooks', async t => {
  const clients: unknown[] = []
  function Own () {
    clients.push(usePerch())
    return `${useConnection().state} ${useMine().claims?.length ?? '?'}`
  }
  const scene = await rendered(t, createElement(Own))
  assert.equal(scene.text(), 'catching-up ?')
  const first = await scene.socket()
  await act(async () => {
    first.welcome()
    first.say({ type: 'mine', claims: [claimView('019cad00-0000-7000-8000-000000000001', 'd1')] })
  })
  assert.equal(scene.text(), 'live 1')
  assert.ok(clients.every(client => client === scene.perch))
})

test('without a provider there is an error that says so', async () => {
  const errors = console.error
  console.error = () => {}
  try {
    await assert.rejects(async () => { await act(async () => { create(createElement(Desk, { id: 'd1' })) }) }, /PerchProvider/)
  } finally {
    console.error = errors
  }
})
