import assert from 'node:assert/strict'
import { test } from 'tap'
import { differencesOf } from '../../scripts/simulation/check-replicas.ts'
import { Random } from '../../src/cli/seed/random.ts'
import { FloorReplica } from '../../src/client/replica.ts'
import type { DiffFrame, SnapshotFrame } from '../../src/protocol/frames.ts'
import type { CountsView, View } from '../../src/protocol/view.ts'

const ids = ['d1', 'd2', 'd3', 'd4', 'd5']

/** A floor that changes at random, and can tell any past state or the difference since. */
class Floor {
  epoch = 1
  seq = 0
  readonly #random: Random
  #views = new Map<string, { view: View | null, seq: number }>()

  constructor (random: Random) {
    this.#random = random
  }

  change (): void {
    this.seq++
    const gone = this.#random.chance(0.1)
    const id = this.#random.pick(ids)
    this.#views.set(id, { seq: this.seq, view: gone ? null : { id, status: this.#random.pick(['free', 'reserved', 'occupied'] as const), since: `2026-03-02T08:00:${String(this.seq % 60).padStart(2, '0')}Z` } })
  }

  /** All is as it was, under a new epoch: older positions mean nothing any more. */
  recover (): void {
    this.epoch++
  }

  snapshot (): SnapshotFrame {
    const spaces = [...this.#views.values()].flatMap(({ view }) => view ?? [])
    return { type: 'snapshot', floor: 'f', epoch: this.epoch, seq: this.seq, plan: 1, audience: 'anonymous', spaces, counts: this.#counts() }
  }

  diff (from: number): DiffFrame {
    const changed = [...this.#views].filter(([, { seq }]) => seq > from)
    const gone = changed.flatMap(([id, { view }]) => view === null ? [id] : [])
    return {
      type: 'diff', floor: 'f', epoch: this.epoch, from, to: this.seq, spaces: changed.flatMap(([, { view }]) => view ?? []), counts: this.#counts(), ...(gone.length > 0 && { gone })
    }
  }

  #counts (): CountsView {
    const with_ = (status: string) => [...this.#views.values()].filter(({ view }) => view?.status === status).length
    return { free: with_('free'), freeBriefly: 0, reserved: with_('reserved'), occupied: with_('occupied'), blocked: 0, unknown: 0, zones: {} }
  }
}

const empty: CountsView = { free: 0, freeBriefly: 0, reserved: 0, occupied: 0, blocked: 0, unknown: 0, zones: {} }
const snapshot = (epoch: number, seq: number, spaces: View[] = []): SnapshotFrame =>
  ({ type: 'snapshot', floor: 'f', epoch, seq, plan: 1, audience: 'anonymous', spaces, counts: empty })
const diff = (epoch: number, from: number, to: number, spaces: View[] = []): DiffFrame => ({ type: 'diff', floor: 'f', epoch, from, to, spaces, counts: empty })
const view = (id: string, status: View['status']): View => ({ id, status, since: '2026-03-02T08:00:00Z' })

test('a replica that hears diffs, snapshots, repetitions and frames of the past, and asks again after a gap, equals the floor', async () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = new Random(seed)
    const floor = new Floor(random)
    const replica = new FloorReplica('f')
    const heard: Array<SnapshotFrame | DiffFrame> = []
    let gaps = 0
    for (let step = 0; step < 120; step++) {
      if (random.chance(0.03)) floor.recover()
      else floor.change()
      if (random.chance(0.3)) continue
      const frame = random.chance(0.1) ? floor.snapshot() : floor.diff(Math.max(0, floor.seq - random.between(1, 6)))
      heard.push(frame)
      const received = random.chance(0.2) ? random.pick(heard) : frame
      if (replica.apply(received) === 'gap') {
        gaps++
        const mine = replica.position
        const answer = mine === null || mine.epoch !== floor.epoch ? floor.snapshot() : floor.diff(mine.seq)
        if (mine?.seq !== floor.seq || mine.epoch !== floor.epoch) assert.equal(replica.apply(answer), 'applied', `seed ${seed}, step ${step}`)
      }
      if (replica.position?.epoch === floor.epoch && replica.position.seq === floor.seq) {
        assert.deepEqual(differencesOf(replica, floor.snapshot()), [], `seed ${seed}, step ${step}`)
      }
    }
    replica.apply(floor.snapshot())
    assert.deepEqual(differencesOf(replica, floor.snapshot()), [], `seed ${seed}`)
    assert.ok(gaps > 0, `seed ${seed} met no gap`)
  }
})

test('a diff before the first snapshot is a gap', async () => {
  const replica = new FloorReplica('f')
  assert.equal(replica.apply(diff(1, 0, 1)), 'gap')
  assert.equal(replica.position, null)
})

test('a diff that begins later than the replica is a gap and changes nothing', async () => {
  const replica = new FloorReplica('f')
  replica.apply(snapshot(1, 5, [view('d1', 'free')]))
  assert.equal(replica.apply(diff(1, 6, 7, [view('d1', 'occupied')])), 'gap')
  assert.deepEqual(replica.position, { epoch: 1, seq: 5 })
  assert.equal(replica.spaces.get('d1')?.status, 'free')
})

test('a diff that overlaps what is known is applied as a whole', async () => {
  const replica = new FloorReplica('f')
  replica.apply(snapshot(1, 5, [view('d1', 'free')]))
  assert.equal(replica.apply(diff(1, 3, 7, [view('d1', 'occupied')])), 'applied')
  assert.deepEqual(replica.position, { epoch: 1, seq: 7 })
  assert.equal(replica.spaces.get('d1')?.status, 'occupied')
})

test('what is known already and what is of an older epoch is ignored', async () => {
  const replica = new FloorReplica('f')
  replica.apply(snapshot(2, 5, [view('d1', 'free')]))
  for (const frame of [diff(2, 3, 5, [view('d1', 'occupied')]), diff(1, 5, 9, [view('d1', 'occupied')]), snapshot(2, 4), snapshot(1, 9)]) {
    assert.equal(replica.apply(frame), 'ignored')
  }
  assert.equal(replica.spaces.get('d1')?.status, 'free')
})

test('a diff of a later epoch is a gap, its snapshot is not, whatever its seq', async () => {
  const replica = new FloorReplica('f')
  replica.apply(snapshot(1, 50, [view('d1', 'free'), view('d2', 'free')]))
  assert.equal(replica.apply(diff(2, 50, 51)), 'gap')
  assert.equal(replica.apply(snapshot(2, 7, [view('d1', 'occupied')])), 'applied')
  assert.deepEqual(replica.position, { epoch: 2, seq: 7 })
  assert.deepEqual([...replica.spaces.keys()], ['d1'])
})

test('a space that is gone is forgotten', async () => {
  const replica = new FloorReplica('f')
  replica.apply(snapshot(1, 1, [view('d1', 'free'), view('d2', 'free')]))
  replica.apply({ ...diff(1, 1, 2), gone: ['d2', 'd9'] })
  assert.deepEqual([...replica.spaces.keys()], ['d1'])
})
