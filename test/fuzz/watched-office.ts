import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { floorKey, spaceKey } from '../../src/domain/keys.ts'
import { errors } from '../../src/domain/errors.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ADMIN, ORG } from '../stand-ins/building.ts'
import { CLAIMS } from './hostile-values.ts'
import { openLive, type LiveServer } from '../transports/live/open-live.ts'

/** Turns of the event loop, each well under a millisecond, after which nothing more is expected. */
const MOST_TURNS = 400_000
/** So that an answer that waits for the ledger gives up waiting. */
const TURNS_PER_STEP = 100
const STEP_MS = 50

/** Codes that mean a fault of the server's own. A position that was made up is not one: who watches from ahead of the store is told RECOVERING. */
const FAULTS = new Set<string>(['INTERNAL', 'OUTCOME_UNKNOWN'])

/** A server that notices every change of its live state and its directory. */
export interface WatchedOffice extends LiveServer {
  /** Commits and writes of the directory so far. */
  changes (): number
  /** Everything that requests can change, as text. */
  whole (): Promise<string>
  /** Waits for it; what waits for time, meanwhile, gets some. */
  settled<T> (work: Promise<T>): Promise<T>
  /** Runs a request that gives its code, or null when it was granted: a refusal has a code of the table that is no fault, and has changed nothing. */
  refusesCleanly (request: () => Promise<string | null>): Promise<void>
}

/** Ada sits at d1 and has d2 tomorrow, ben has d3 this afternoon. */
export async function openWatchedOffice (t: Cleanup): Promise<WatchedOffice> {
  const server = await openLive(t)
  const { store, directory, clock, commands } = server.building
  for (const [id, claim] of [
    [CLAIMS[0], { space: 'd1', person: 'ada', checkIn: true }],
    [CLAIMS[1], { space: 'd2', person: 'ada', from: '2026-03-03T09:00:00Z', to: '2026-03-03T17:00:00Z' }],
    [CLAIMS[2], { space: 'd3', person: 'ben', from: '2026-03-02T12:00:00Z', to: '2026-03-02T17:00:00Z' }]
  ] as const) await commands.claim(ADMIN, { id: String(id), ...claim, await: 'accepted' })
  let changes = 0
  const commit = store.commit.bind(store)
  store.commit = async wanted => {
    const committed = await commit(wanted)
    if (committed.state === 'ok') changes++
    return committed
  }
  for (const name of ['putOrg', 'putSite', 'putFloor', 'putPeople', 'setVisibility', 'setPin', 'removePerson', 'putGroup'] as const) {
    const write = (directory[name] as (...values: unknown[]) => Promise<unknown>).bind(directory)
    const counted = async (...values: unknown[]): Promise<unknown> => {
      const done = await write(...values)
      if (done !== false) changes++
      return done
    }
    Object.assign(directory, { [name]: counted })
  }
  const whole = async (): Promise<string> => {
    const floors = await directory.floors(ORG)
    const plans = await Promise.all(floors.map(async ({ id }) => await directory.floor(ORG, id)))
    const spaces = plans.flatMap(plan => [...plan?.spaces.map(({ id }) => id) ?? [], ...plan?.removed ?? []])
    const { epoch, seqs, records } = await store.read(ORG, [...floors.map(({ id }) => floorKey(id)), ...spaces.map(spaceKey)], floors.map(({ id }) => id))
    const people = await directory.people(ORG, { after: null, limit: 10_000 })
    return JSON.stringify([await directory.org(ORG), await directory.sites(ORG), plans, people, await directory.groups(ORG), epoch, [...seqs], [...records]])
  }
  const settled = async <T>(work: Promise<T>): Promise<T> => {
    const waiting = { over: false }
    work.catch(() => {}).finally(() => { waiting.over = true })
    for (let turns = 1; !waiting.over; turns++) {
      await turn()
      if (turns % TURNS_PER_STEP === 0) clock.pass(STEP_MS)
      if (turns === MOST_TURNS) throw new Error('no answer')
    }
    return await work
  }
  return {
    ...server,
    changes: () => changes,
    whole,
    settled,
    async refusesCleanly (request) {
      const before = { changes, whole: await whole() }
      const code = await settled(request())
      if (code === null) return
      assert.ok(Object.hasOwn(errors, code) && !FAULTS.has(code), `answered ${code}`)
      assert.equal(changes, before.changes, `${code}, and something was written`)
      assert.equal(await whole(), before.whole, `${code}, and something has changed`)
    }
  }
}
