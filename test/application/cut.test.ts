import { test } from 'tap'
import assert from 'node:assert/strict'
import { AUDIENCES, type Audience } from '../../src/domain/audience.ts'
import { STREAM_LIMITS, type StreamLimits } from '../../src/application/stream-limits.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { FaultyStore } from '../harness/faulty-store.ts'
import { FLOOR, HIDDEN, openStory, STORY } from '../harness/floor-story.ts'
import { LiveClient } from '../harness/live-client.ts'
import { seeded } from '../harness/random.ts'
import { KIOSK, pass, rest, StreamNode } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'

/** By then everything that is not lost has come, and what was refused for now was asked for again. */
const CALM_MS = 3_000
/** A position is looked up, found behind, what is on its way is waited for, and the floor is read again. */
const REPAIR_MS = STREAM_LIMITS.confirmMs + STREAM_LIMITS.inFlightMs + CALM_MS
/** Nothing but messages and resumes can have mended what is compared. */
const NO_CHECKS = { confirmMs: 3_600_000 }
/** A read takes so many turns of the event loop: commits fall between the pages of a floor. */
const READ_TURNS = 3

/** Two nodes on one store, and a floor of several pages. */
async function scene (t: Cleanup, audience: Audience, limits: Partial<StreamLimits> = {}) {
  const clock = new HandClock()
  const story = await openStory(clock, audience)
  const [links, nodes] = [[], []] as [FaultyStore[], StreamNode[]]
  for (let n = 0; n < 2; n++) {
    const link = new FaultyStore(story.floors.store)
    link.afterRead = async () => await rest(READ_TURNS)
    links.push(link)
    nodes.push(new StreamNode(t, { store: link.store, clock, limits: { pageSpaces: 5, ...limits } }))
  }
  const client = () => {
    const made = new LiveClient({ principal: KIOSK, floor: FLOOR, audience, clock })
    // At every position on the way, not only at the last one (INV-6).
    made.onArrival = ({ type }) => { if (type === 'snapshot' || type === 'diff') story.assertTrue(made.replica) }
    return made
  }
  const assertCurrent = async (client: LiveClient) => {
    assert.deepEqual(client.errors, [])
    await story.assertCurrent(client.replica)
    assertDiscreet(client, audience)
  }
  const [first, second] = nodes as [StreamNode, StreamNode]
  const [firstLink, secondLink] = links as [FaultyStore, FaultyStore]
  return { clock, story, first, second, firstLink, secondLink, client, assertCurrent }
}

/** Not one frame, lost or not, names whom it must not (INV-7). */
function assertDiscreet ({ sent }: LiveClient, audience: Audience): void {
  const text = sent.join('\n')
  assert.ok(!text.includes(HIDDEN), 'nobody hears of who is hidden')
  assert.equal(/occupant|Name of|Robert/.test(text), audience === 'named')
  assert.equal(text.includes(`${FLOOR}-d0`), audience !== 'counts')
}

/** Runs with its own clean-up, because there are hundreds in one test. What it throws says which one it was. */
async function alone (which: string, run: (t: Cleanup) => Promise<void>): Promise<void> {
  const done: Array<() => unknown> = []
  try {
    await run({ after: fn => { done.push(fn) } })
  } catch (error) {
    throw new Error(which, { cause: error })
  } finally {
    for (const fn of done) await fn()
  }
}

interface Cut {
  /** So many frames are lost, and with the last of them the connection. */
  lost: number
  /** Steps of the story that go by until the watcher is back. */
  away: number
  /** The other node follows the floor from now on, from the beginning, or did and hears nothing of it until the watcher comes. */
  other: 'fresh' | 'follows' | 'deaf'
}

/** Cuts at the k-th frame. False: there were not so many. */
async function cutAt (t: Cleanup, audience: Audience, cut: Cut, k: number): Promise<boolean> {
  const { clock, story, first, second, secondLink, client, assertCurrent } = await scene(t, audience, NO_CHECKS)
  const [watcher, bystander] = [client(), client()]
  if (cut.other !== 'fresh') bystander.connect(second)
  await rest()
  if (cut.other === 'deaf') secondLink.loses = () => true
  watcher.fate = nth => nth < k || nth >= k + cut.lost ? 'arrives' : nth === k + cut.lost - 1 ? 'breaks' : 'lost'
  const comeBack = () => {
    secondLink.loses = () => false
    watcher.connect(second)
  }
  watcher.connect(first)
  let away = 0
  for (const step of STORY) {
    await step(story)
    await rest(2)
    if (!watcher.connected && away++ >= cut.away) comeBack()
    await pass(clock, STREAM_LIMITS.restMs)
  }
  const reached = watcher.sent.length >= k
  // The story ended before so many were lost, or before it was back.
  if (watcher.sent.length < k + cut.lost - 1 || !watcher.connected) {
    watcher.fate = () => 'arrives'
    comeBack()
  }
  await pass(clock, CALM_MS, 50)
  await assertCurrent(watcher)
  if (cut.other !== 'fresh') await assertCurrent(bystander)
  return reached
}

const CUTS: ReadonlyArray<readonly [string, Cut]> = [
  ['loses a frame and goes to a node that does not follow the floor yet', { lost: 1, away: 0, other: 'fresh' }],
  ['loses three frames and goes to a node that follows it', { lost: 3, away: 0, other: 'follows' }],
  ['loses a frame and comes back after a while', { lost: 1, away: 4, other: 'follows' }],
  ['goes to a node that has heard nothing for long', { lost: 1, away: 1, other: 'deaf' }]
]

for (const audience of AUDIENCES) {
  for (const [what, cut] of CUTS) {
    test(`a watcher (${audience}) that ${what} has what the store has, no matter where it was cut`, async () => {
      let k = 1
      for (let reached = true; reached; k++) {
        await alone(`cut at frame ${k}`, async t => { reached = await cutAt(t, audience, cut, k) })
      }
      // Else the story was over before it began.
      assert.ok(k > 3 / 4 * STORY.length, `${k} cuts`)
    })
  }
}

/** Two watchers on one node whose link to the store loses messages. How many there were. `joins`: whether the floor is being read when the story begins. */
async function deafen (t: Cleanup, audience: Audience, joins: 'before' | 'meanwhile', loses: (nth: number, subscriptions: number) => boolean): Promise<number> {
  const { clock, story, first, firstLink, client, assertCurrent } = await scene(t, audience)
  const [early, late] = [client(), client()]
  let messages = 0
  firstLink.loses = () => loses(++messages, firstLink.subscribed)
  early.connect(first)
  if (joins === 'before') await rest(100)
  for (const [n, step] of STORY.entries()) {
    await step(story)
    await rest(2)
    if (n === STORY.length / 2) late.connect(first)
    await pass(clock, STREAM_LIMITS.restMs)
  }
  await pass(clock, REPAIR_MS, 50)
  for (const watcher of [early, late]) await assertCurrent(watcher)
  const told = messages
  // Past every message that is lost; only a dead subscription stays dead. Seen with the first change at the latest, it is renewed for the second.
  messages = Infinity
  for (const ms of [REPAIR_MS, 2 * STREAM_LIMITS.restMs]) {
    await story.claim(2, `max-${ms}`)
    await pass(clock, ms, STREAM_LIMITS.restMs)
    for (const watcher of [early, late]) await assertCurrent(watcher)
  }
  return told
}

/** What is lost between store and node does not depend on who watches: they take turns. */
const audienceFor = (n: number): Audience => AUDIENCES[n % AUDIENCES.length] ?? 'named'

for (const lost of [1, 3]) {
  test(`whichever ${lost} messages of the store are lost, a watcher has what the store has soon after`, async () => {
    let k = 1
    for (let messages = Infinity; k <= messages; k++) {
      await alone(`lost from message ${k} on`, async t => { messages = await deafen(t, audienceFor(k + lost), 'meanwhile', nth => nth >= k && nth < k + lost) })
    }
    assert.ok(k > STORY.length, `${k} messages`)
  })
}

test('a subscription that dies without a word is noticed by the look at the positions, and renewed', async () => {
  for (let k = 1; k <= STORY.length; k++) {
    await alone(`dead from message ${k} on`, async t => { await deafen(t, audienceFor(k), 'before', (nth, subscriptions) => nth >= k && subscriptions === 1) })
  }
})

test('frames that are lost on a connection that lives are asked for again', async () => {
  let k = 1
  for (let reached = true; reached; k++) {
    await alone(`frame ${k} lost`, async t => {
      const { clock, story, first, client, assertCurrent } = await scene(t, audienceFor(k), NO_CHECKS)
      const watcher = client()
      let floorFrames = 0
      watcher.fate = (_, { type }) => (type === 'snapshot' || type === 'diff') && ++floorFrames === k ? 'lost' : 'arrives'
      watcher.connect(first)
      for (const step of STORY) {
        await step(story)
        await pass(clock, STREAM_LIMITS.restMs)
      }
      reached = floorFrames > k
      // Whatever comes next shows the gap.
      await story.write()
      await pass(clock, CALM_MS, 50)
      await assertCurrent(watcher)
    })
  }
  assert.ok(k > STORY.length / 2, `${k} frames`)
})

test('with frames, messages and connections lost at random on both nodes every watcher has what the store has soon after', async () => {
  for (let seed = 1; seed <= 40; seed++) {
    await alone(`seed ${seed}`, async t => {
      const random = seeded(seed)
      const { clock, story, first, second, firstLink, secondLink, client, assertCurrent } = await scene(t, audienceFor(seed))
      const watchers = Array.from({ length: 4 }, client)
      for (const link of [firstLink, secondLink]) link.loses = () => random() < 0.2
      for (const watcher of watchers) watcher.fate = () => random() < 0.1 ? 'breaks' : 'arrives'
      const anyNode = () => random() < 0.5 ? first : second
      for (const step of STORY) {
        await step(story)
        await rest(Math.floor(random() * 4))
        for (const watcher of watchers) if (!watcher.connected && random() < 0.7) watcher.connect(anyNode())
        await pass(clock, Math.floor(random() * 2 * STREAM_LIMITS.restMs))
      }
      for (const link of [firstLink, secondLink]) link.loses = () => false
      for (const watcher of watchers) {
        watcher.fate = () => 'arrives'
        if (!watcher.connected) watcher.connect(anyNode())
      }
      await pass(clock, REPAIR_MS, 50)
      for (const watcher of watchers) await assertCurrent(watcher)
    })
  }
})

test('a node that drains hands its watchers over, no matter when', async () => {
  for (let at = 0; at < STORY.length; at++) {
    await alone(`draining from step ${at} on`, async t => {
      const { clock, story, first, second, client, assertCurrent } = await scene(t, 'named', { ...NO_CHECKS, drainWave: 1 })
      const watchers = Array.from({ length: 3 }, client)
      for (const watcher of watchers) watcher.connect(first)
      for (const [n, step] of STORY.entries()) {
        if (n === at) first.sessions.drain().catch(error => assert.fail(error))
        await step(story)
        for (const watcher of watchers) if (!watcher.connected) watcher.connect(second)
        await pass(clock, STREAM_LIMITS.drainPauseMs / 2)
      }
      await pass(clock, CALM_MS, 50)
      for (const watcher of watchers) if (!watcher.connected) watcher.connect(second)
      await pass(clock, CALM_MS, 50)
      assert.equal(first.sessions.size, 0)
      for (const watcher of watchers) await assertCurrent(watcher)
    })
  }
})
