import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'tap'
import { STREAM_LIMITS } from '../../src/application/stream-limits.ts'
import { connect, type Floor } from '../../src/client/index.ts'
import { AUDIENCES, type Audience } from '../../src/domain/audience.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { FLOOR, openStory, STORY } from '../harness/floor-story.ts'
import { holdsAlways } from '../harness/property.ts'
import { seeded } from '../harness/random.ts'
import { KIOSK, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { Wire } from './wired.ts'

/** By then a client that was cut off is back, and has what it missed. */
const CALM_MS = 40_000

/** What goes wrong after one step of the story. */
type Mishap =
  | { what: 'nothing' | 'cut' | 'away' | 'other node' }
  | { what: 'break', frames: number }
  | { what: 'repeat', nth: number }

const mishap: fc.Arbitrary<Mishap> = fc.oneof(
  fc.record({ what: fc.constantFrom('nothing', 'cut', 'away', 'other node') }),
  fc.record({ what: fc.constant('break'), frames: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ what: fc.constant('repeat'), nth: fc.nat(200) })
)

/** What a client shows, as the story compares it. */
function shown (floor: Floor) {
  const { position, plan, spaces, counts } = floor
  if (position === null || plan === null || counts === null) return { floors: new Map() }
  return { floors: new Map([[FLOOR, { ...position, plan, counts, views: new Map(spaces.map(space => [space.id, space])) }]]) }
}

async function live (t: Cleanup, audience: Audience, mishaps: readonly Mishap[], seed: number): Promise<void> {
  const clock = new HandClock()
  const story = await openStory(clock, audience)
  const nodes = [1, 2].map(() => new StreamNode(t, { store: story.floors.store, clock, limits: { pageSpaces: 5 } }))
  const [node, other] = nodes as [StreamNode, StreamNode]
  const wire = new Wire(node, KIOSK)
  const perch = connect({ url: 'http://perch.test', WebSocket: wire.WebSocket, clock, random: seeded(seed) })
  t.after(() => perch.close())
  const floor = perch.watch(FLOOR, { audience })
  const wrong: unknown[] = []
  // At every position on the way, and not only at the last one (INV-6).
  floor.on('change', () => {
    try {
      story.assertTrue(shown(floor))
    } catch (error) {
      wrong.push(error)
    }
  })
  await rest()
  for (const [n, step] of STORY.entries()) {
    const mishap = mishaps[n]
    let frames = mishap?.what === 'break' ? mishap.frames : Infinity
    wire.breaks = () => --frames === 0
    wire.node = mishap?.what === 'away' ? null : mishap?.what === 'other node' ? other : wire.node ?? node
    if (mishap?.what === 'cut' || mishap?.what === 'away' || mishap?.what === 'other node') wire.cut()
    await step(story)
    await pass(clock, 200, 50)
    if (mishap?.what === 'repeat') wire.repeat(mishap.nth)
  }
  wire.breaks = () => false
  wire.node ??= other
  await pass(clock, CALM_MS, 500)
  assert.deepEqual(wrong, [])
  await story.assertCurrent(shown(floor))
  assert.equal(floor.freshness.state, 'live')
  assert.ok(STREAM_LIMITS.pulseMs < CALM_MS)
}

test('a floor is what the server has, at every position that it reaches and in the end, however often it is cut off, sent elsewhere and told things twice', async () => {
  await holdsAlways(fc.asyncProperty(fc.constantFrom(...AUDIENCES), fc.array(mishap, { maxLength: STORY.length }), fc.nat(), async (audience, mishaps, seed) => {
    const done: Array<() => unknown> = []
    try {
      await live({ after: fn => { done.push(fn) } }, audience, mishaps, seed)
    } finally {
      for (const fn of done) await fn()
    }
  }), 60)
})
