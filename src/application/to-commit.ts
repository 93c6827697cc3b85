import type { Command } from '../domain/command.ts'
import type { Change, Changes } from '../domain/draft.ts'
import type { Entry, Event } from '../domain/event.ts'
import type { OrgId, PersonId, SpaceId } from '../domain/ids.ts'
import { nameOf, typeOf } from '../domain/keys.ts'
import type { Millis } from '../domain/time.ts'
import { encodeAddition, encodeRecord, WRITES } from './codec.ts'
import { encodeFloorNews, encodePeopleNews } from './news.ts'
import type { Commit, Message, Write } from './ports.ts'

/** A command's changes as the store takes them. Each record is encoded once: for the store, and for those who watch. */
export function toCommit (org: OrgId, epoch: number, by: string, at: Millis, command: Command, changes: Changes): Commit {
  const { checks, events, floors } = changes
  const writes = changes.writes.map(toWrite)
  const entry: Entry = { f: WRITES, org, at, by, events }
  return {
    org,
    epoch,
    at,
    checks,
    writes,
    due: changes.due.map(({ name, at }) => ({ name: dueName(org, name), at })),
    floors,
    entry: floors.length === 0 ? null : JSON.stringify(entry),
    messages: [...floors.map(floor => floorMessage(org, floor, writes)), ...peopleMessage(org, events)],
    reserve: command.type !== 'claim' && command.type !== 'change'
  }
}

function toWrite ({ key, floor, value, added }: Change): Write {
  if (added !== null) return { key, floor, addition: encodeAddition(key, added) }
  return { key, floor, body: value === null ? null : encodeRecord(key, value) }
}

/** `space/d1` of org `demo` is `space/demo/d1` among its shard's deadlines. */
function dueName (org: OrgId, name: string): string {
  const slash = name.indexOf('/')
  return `${name.slice(0, slash)}/${org}${name.slice(slash)}`
}

function floorMessage (org: OrgId, floor: string, writes: readonly Write[]): Message {
  const spaces: Array<readonly [SpaceId, string]> = []
  let record: string | null = null
  for (const write of writes) {
    if (write.floor !== floor || !('body' in write) || write.body === null) continue
    const type = typeOf(write.key)
    if (type === 'space') spaces.push([nameOf(write.key), write.body])
    else if (type === 'floor') record = write.body
  }
  return { topic: `floor/${org}/${floor}`, floor, body: encodeFloorNews(spaces, record) }
}

function peopleMessage (org: OrgId, events: readonly Event[]): Message[] {
  const people = new Set<PersonId>()
  for (const event of events) if ('claim' in event) people.add(event.claim.person)
  return people.size === 0 ? [] : [{ topic: `people/${org}`, floor: null, body: encodePeopleNews({ people: [...people] }) }]
}
