import { ADMIN_KEY } from '../../test/harness/admin-key.ts'
import { Connection, httpRequest } from '../http-load.ts'
import { withPositions } from './frame-text.ts'
import { floorBody } from './perch-node.ts'

/** How changes are made: at Perch by taking spaces out of service, at the others by publishing a frame that says the same. */
export type ChangeSource =
  | { type: 'perch', url: string, floors: ReadonlyArray<{ id: string, spaces: readonly string[] }> }
  | { type: 'publish', url: string, one: string, many: string }

export interface Changes {
  /** Where the others' clients stand before any change. */
  readonly seq: number
  /** One change of that floor; its seq. */
  one (floor: number): Promise<number>
  /** So many at once, as one frame where the server is told what to send; the seq of the last. */
  together (floor: number, count: number): Promise<number>
  /** A change of that floor of which everybody is told by a whole snapshot; the seq behind it. Perch alone. */
  whole (floor: number): Promise<number>
  close (): void
}

/** Requests under way at a time, at most. */
const CONNECTIONS = 32
/** So many digits as a floor that has lived for a while. */
const FIRST_SEQ = 100_000

export function openChanges (source: ChangeSource): Changes {
  const connections: Connection[] = []
  const idle: Connection[] = []
  // When one is needed: a server closes those that never say anything.
  const another = async (): Promise<Connection> => {
    if (connections.length === CONNECTIONS) throw new Error(`more than ${CONNECTIONS} changes are under way`)
    const connection = await Connection.open(source.url)
    connections.push(connection)
    return connection
  }
  const ask = async (method: string, path: string, body: string | null): Promise<string> => {
    const connection = idle.pop() ?? await another()
    const { status, body: answer } = await connection.ask(httpRequest(source.url, method, path, body, source.type === 'perch' ? `authorization: Bearer ${ADMIN_KEY}\r\n` : ''))
    idle.push(connection)
    if (status < 200 || status > 202) throw new Error(`${method} ${path}: ${status} ${answer}`)
    return answer
  }
  const close = () => { for (const connection of connections) connection.close() }
  return source.type === 'perch' ? blocking(source.floors, ask, close) : publishing(source, ask, close)
}

type Ask = (method: string, path: string, body: string | null) => Promise<string>

function blocking (floors: ReadonlyArray<{ id: string, spaces: readonly string[] }>, ask: Ask, close: () => void): Changes {
  const startedAt = Date.now()
  const made = floors.map(() => 0)
  let renamed = 0
  const one = async (floor: number): Promise<number> => {
    const spaces = floors[floor]?.spaces ?? []
    const nth = made[floor] ?? 0
    made[floor] = nth + 1
    // Another reason is a change of a space that is out of service already; the same one would be none.
    const answer = await ask('PUT', `/v1/spaces/${spaces[nth % spaces.length]}/block`, JSON.stringify({ reason: `${startedAt}-${nth}` }))
    const { position } = JSON.parse(answer) as { position: { seq: number } }
    return position.seq
  }
  let last: Promise<unknown> = Promise.resolve()
  const rename = async (floor: number): Promise<void> => {
    const changed = floors[floor]
    if (changed !== undefined) await ask('PUT', `/v1/floors/${changed.id}`, JSON.stringify(floorBody(changed, `${changed.id} ${++renamed}`)))
  }
  return {
    seq: -1,
    one,
    whole: async floor => {
      // One after the other: two that meet are a conflict.
      last = last.then(async () => { await rename(floor) })
      await last
      return await one(floor)
    },
    together: async (floor, count) => Math.max(...await Promise.all(Array.from({ length: count }, async () => await one(floor)))),
    close
  }
}

function publishing ({ one, many }: { one: string, many: string }, ask: Ask, close: () => void): Changes {
  let seq = FIRST_SEQ
  let last = Promise.resolve('')
  const publish = async (frame: string, changes: number): Promise<number> => {
    const from = seq
    seq += changes
    // One after the other: their order is the clients'.
    last = last.then(async () => await ask('POST', '/publish', withPositions(frame, from, from + changes)))
    await last
    return from + changes
  }
  return {
    get seq () { return seq },
    one: async () => await publish(one, 1),
    together: async (_, count) => await publish(many, count),
    whole: async () => { throw new Error('only Perch has snapshots') },
    close
  }
}
