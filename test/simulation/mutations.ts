import { Shard } from '../../src/adapters/memory/shard.ts'
import { Hub } from '../../src/application/hub.ts'
import { decodeWatermark, encodeWatermark } from '../../src/application/news.ts'
import type { Commit, Ledger, Snapshot, Store } from '../../src/application/ports.ts'
import { NEVER } from '../../src/domain/deadlines.ts'
import type { FloorId, OrgId } from '../../src/domain/ids.ts'
import type { Key } from '../../src/domain/keys.ts'
import { SHARD } from './setting.ts'
import type { Fault } from './faults.ts'
import type { Wiring } from './run.ts'

export interface Mutation extends Wiring {
  /** What has to happen for it to matter; without: anything. */
  faults?: readonly Fault[]
  /** As for `simulate`. */
  everyMs?: number
  /** Where no port stands between: takes something out of the code, and gives what puts it back. */
  cut? (): () => void
}

/** What is left out of Perch, or done wrong, by putting something else in a port's place. Each has to be found out. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'the store compares no versions': {
    server: store => ({ ...store, commit: async commit => await store.commit({ ...commit, checks: [] }) })
  },
  'the store does not compare a person\'s versions': {
    server: store => ({ ...store, commit: async commit => await store.commit({ ...commit, checks: commit.checks.filter(({ key }) => !key.startsWith('person/')) }) })
  },
  'the store does not compare its replication id': { ignoresReplid: true },
  'the store compares no epochs': {
    faults: ['fail over', 'empty', 'pause', 'store slow'],
    server: store => ({ ...store, commit: async commit => await anyEpoch(store, commit) })
  },
  'the store says yes to a commit that met a conflict': { server: store => ({ ...store, commit: async commit => await yes(store, commit) }) },
  'the store leaves a commit out of its outbox now and then': {
    server: store => {
      let commits = 0
      return { ...store, commit: async commit => await store.commit(++commits % 60 === 0 ? { ...commit, entry: null } : commit) }
    }
  },
  'the ledger has no fence': {
    faults: ['ledger lossy', 'ledger lossy', 'fail over'],
    ledger: ledger => ({ ...ledger, record: async (shard, from, entries) => await ledger.record(shard, { ...from, epoch: (await ledger.cursor(shard)).epoch }, entries) })
  },
  'the ledger records from anywhere': { ledger: ledger => ({ ...ledger, record: async (shard, _, entries) => await ledger.record(shard, await ledger.cursor(shard), entries) }) },
  'the ledger says yes before it has committed': { ledger: saysYesTooSoon },
  'recovery does not raise the epoch': {
    ledger: ledger => ({ ...ledger, raiseEpoch: async shard => ({ ...await ledger.cursor(shard), epoch: (await ledger.cursor(shard)).epoch + 1 }) })
  },
  'recovery does not drain': {
    server: store => ({ ...store, drain: async () => [] })
  },
  'recovery keeps any store': {
    server: (store, ledger) => ({ ...store, positions: async freeze => ({ n: (await store.positions(freeze)).n, seqs: await recordedSeqs(ledger) }) })
  },
  'recovery compares by seq alone': {
    // So few commands that one history has as many of them as the other.
    faults: ['fail over', 'fail back', 'ledger slow', 'ledger slow'],
    everyMs: 1_000,
    server: store => ({ ...store, freeze: async (...asked) => ({ ...await store.freeze(...asked), was: asked[1] - 1 }) })
  },
  'recovery writes whatever the freeze says': {
    faults: ['pause', 'pause', 'empty', 'ledger slow'],
    cut () {
      const { assertFrozen } = Shard.prototype
      Shard.prototype.assertFrozen = () => {}
      return () => { Shard.prototype.assertFrozen = assertFrozen }
    }
  },
  'recovery forgets the claims': {
    server: store => ({ ...store, load: async (freeze, part) => await store.load(freeze, { ...part, records: part.records.filter(({ key }) => !key.startsWith('claim/')) }) })
  },
  'recovery does not switch the stream': { ledger: ledger => ({ ...ledger, switchStream: async () => true }) },
  'the recorder trims past the cursor': { server: store => ({ ...store, trimOutbox: async (shard, stream, upTo) => await store.trimOutbox(shard, stream, upTo + 2) }) },
  'nobody looks what another recorder stored and did not live to confirm': {
    faults: ['crash', 'ledger slow', 'ledger away'],
    server: store => ({ ...store, dueAt: async (shard, at, limit) => at === NEVER ? [] : await store.dueAt(shard, at, limit) })
  },
  'a watermark runs ahead': {
    store: store => ({
      ...store,
      announce: async (shard, topic, epoch, body) => {
        const ahead = () => encodeWatermark({ ...decodeWatermark(body), n: decodeWatermark(body).n + 1 })
        await store.announce(shard, topic, epoch, topic === 'ledger' ? ahead() : body)
      }
    })
  },
  'a replica does not notice a gap': { store: hidesGaps },
  'a replica is confirmed by an older answer': {
    faults: ['deaf', 'messages lost', 'cut', 'store slow'],
    server: confirmsLate
  },
  'a session answers from an older state': {
    faults: ['cut', 'deaf', 'cut', 'cut'],
    hub: parts => new HastyHub(parts)
  },
  'nobody asks since when people are served': {
    faults: ['restart'],
    server: store => ({ ...store, serve: async (...asked) => servedEver(await store.serve(...asked)) })
  },
  'a deadline is not written': { server: store => ({ ...store, commit: async commit => await store.commit({ ...commit, due: [] }) }) }
}

/** As if there had been no break. */
function servedEver (told: Awaited<ReturnType<Store['serve']>>): Awaited<ReturnType<Store['serve']>> {
  return { ...told, presences: new Map([...told.presences].map(([name, presence]) => [name, { ...presence, backAt: 0 }])) }
}

/** As the script would: what is committed goes to the stream of the epoch in which it was decided, which nobody may read any more. */
async function anyEpoch (store: Store, commit: Commit): ReturnType<Store['commit']> {
  const state = await store.state(SHARD)
  return await store.commit(state.state !== 'live' || state.epoch === commit.epoch ? commit : { ...commit, epoch: state.epoch, entry: null })
}

async function yes (store: Store, commit: Commit): ReturnType<Store['commit']> {
  const done = await store.commit(commit)
  if (done.state !== 'conflict') return done
  const { seqs } = await store.read(commit.org, [], commit.floors)
  return { state: 'ok', n: 1, seqs, now: done.now }
}

function saysYesTooSoon (ledger: Ledger): Ledger {
  let calls = 0
  return { ...ledger, record: async (...given) => ++calls % 20 === 0 ? { state: 'recorded', quarantined: [] } : await ledger.record(...given) }
}

async function recordedSeqs (ledger: Ledger): Promise<Map<string, number>> {
  const orgs = await ledger.orgs(SHARD)
  return new Map(orgs.flatMap(({ org, seqs }) => Array.from(seqs, ([floor, seq]) => [`${org}/${floor}`, seq] as const)))
}

/** Numbers messages as they come. */
function hidesGaps (store: Store): Store {
  return {
    ...store,
    subscribe: async (shard, topic, listener) => {
      let last = { epoch: 0, seq: 0 }
      return await store.subscribe(shard, topic, message => {
        if (!topic.startsWith('floor/')) return listener(message)
        const next = message.epoch === last.epoch && last.seq > 0 && message.seq > last.seq
        last = { epoch: message.epoch, seq: next ? last.seq + 1 : message.seq }
        listener({ ...message, seq: last.seq })
      })
    }
  }
}

function confirmsLate (store: Store): Store {
  const before = new Map<string, Snapshot>()
  const read = async (org: OrgId, keys: readonly Key[], floors: readonly FloorId[] = []): Promise<Snapshot> => {
    const snapshot = await store.read(org, keys, floors)
    if (keys.length > 0) return snapshot
    const last = before.get(floors.join())
    before.set(floors.join(), snapshot)
    return last?.epoch === snapshot.epoch ? last : snapshot
  }
  return { ...store, read }
}

/** Gives what it has, whatever the client has seen. */
class HastyHub extends Hub {
  override async lease (...asked: Parameters<Hub['lease']>): ReturnType<Hub['lease']> {
    const lease = await super.lease(...asked)
    lease.replica.readAtLeast = async () => {}
    return lease
  }
}
