import { setTimeout as pause } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { FloorReplica } from '../../src/client/replica.ts'
import type { SnapshotFrame } from '../../src/protocol/frames.ts'
import type { Watcher } from './watcher.ts'

/** How a watcher's replica stands beside the server's state: at the same position they must be the same (INV-6). */
export interface ReplicaCheck {
  replicas: number
  equal: number
  /** Same position, other content; or it did not get to the server's position in time. */
  different: string[]
}

/** Differences of one replica that are told. */
const MOST_TOLD = 5

/** Waits at most that long until every replica could be compared: floors go on moving. @throws Unreachable, ApiRefusal */
export async function checkReplicas (server: ApiAddress, watchers: readonly Watcher[], withinMs: number): Promise<ReplicaCheck> {
  const check: ReplicaCheck = { replicas: 0, equal: 0, different: [] }
  const groups = new Map<string, Array<{ watcher: Watcher, replica: FloorReplica }>>()
  for (const watcher of watchers) {
    for (const [floor, replica] of watcher.replicas) {
      const key = `${floor}/state?audience=${watcher.audience}`
      groups.set(key, [...groups.get(key) ?? [], { watcher, replica }])
      check.replicas++
    }
  }
  await Promise.all(Array.from(groups, async ([key, members]) => await checkGroup(server, key, members, withinMs, check)))
  return check
}

async function checkGroup (server: ApiAddress, key: string, members: Array<{ watcher: Watcher, replica: FloorReplica }>, withinMs: number, check: ReplicaCheck): Promise<void> {
  const giveUpAt = performance.now() + withinMs
  let open = members
  for (;;) {
    const state = await askApi(server, 'GET', `/v1/floors/${key}`) as SnapshotFrame
    const late: typeof open = []
    for (const member of open) {
      if (!isDeepStrictEqual(member.replica.position, { epoch: state.epoch, seq: state.seq })) late.push(member)
      else {
        const differences = differencesOf(member.replica, state)
        if (differences.length === 0) check.equal++
        else check.different.push(`${nameOf(member.watcher)} ${key} at ${state.epoch}:${state.seq}: ${differences.slice(0, MOST_TOLD).join('; ')}`)
      }
    }
    open = late
    if (open.length === 0) return
    if (performance.now() > giveUpAt) {
      for (const { watcher, replica } of open) {
        check.different.push(`${nameOf(watcher)} ${key}: is at ${JSON.stringify(replica.position)}, the server at ${state.epoch}:${state.seq}${watcher.failure === null ? '' : ` (${watcher.failure})`}`)
      }
      return
    }
    await pause(100 + Math.random() * 100)
  }
}

/** Every member of the state that the replica has otherwise. */
export function differencesOf (replica: FloorReplica, state: SnapshotFrame): string[] {
  const wanted = new FloorReplica(state.floor)
  wanted.apply(state)
  const differences: string[] = []
  const compare = (what: string, mine: unknown, theirs: unknown) => {
    if (!isDeepStrictEqual(mine, theirs)) differences.push(`${what} is ${JSON.stringify(mine)}, should be ${JSON.stringify(theirs)}`)
  }
  compare('plan', replica.plan, wanted.plan)
  compare('counts', replica.counts, wanted.counts)
  for (const id of new Set([...replica.spaces.keys(), ...wanted.spaces.keys()])) compare(id, replica.spaces.get(id), wanted.spaces.get(id))
  return differences
}

function nameOf ({ transport, audience }: Watcher): string {
  return `${transport} ${audience}`
}
