import type { Test } from 'tap'
import { eachOf } from '../../../scripts/simulation/permits.ts'
import type { ApiAddress } from '../../../src/cli/seed/api.ts'
import { ADMIN_KEY, desksOf, putOffice } from '../../e2e/installation.ts'
import { Load } from '../../e2e/load.ts'
import { assertPromisesKept, claimsWork } from '../../e2e/promises.ts'
import { haveSeen, openScreen, TRANSPORTS, type Screen } from '../../e2e/screens.ts'
import { freshDatabase, startPostgres, type PostgresServer } from '../../harness/postgres.ts'
import { startRedis, type RedisOptions, type RedisServer } from '../../harness/redis.ts'
import { startLinkedNode, type LinkedNode } from './linked-node.ts'

export const FLOORS = { f1: 20, f2: 20 }
/** Answers that say `persisted: true` before a fault and after it. */
const ENOUGH = 40
/** p0 to p<WORKERS - 1> work under load; the same number again, from p<WORKERS> on, are a test's own. */
export const WORKERS = 12

export interface TrialOptions {
  redis?: RedisOptions
  /** Variables of each node, one object a node. */
  nodes?: ReadonlyArray<Readonly<Record<string, string>>>
}

/** Nodes with a Redis and a Postgres of their own and a link to each, an office, and screens on every transport. */
export class Trial {
  readonly redis: RedisServer
  readonly postgres: PostgresServer
  /** Of the database on it. */
  readonly database: string
  readonly nodes: LinkedNode[]
  readonly #screens: readonly Screen[]

  private constructor (redis: RedisServer, postgres: PostgresServer, database: string, nodes: LinkedNode[], screens: readonly Screen[]) {
    this.redis = redis
    this.postgres = postgres
    this.database = database
    this.nodes = nodes
    this.#screens = screens
  }

  static async open (t: Test, { redis: words = {}, nodes: variables = [{}, { GUARD: 'off' }] }: TrialOptions = {}): Promise<Trial> {
    const [redis, postgres] = await Promise.all([startRedis(t, words), startPostgres(t, { settings: { fsync: 'off' } })])
    const database = await freshDatabase(t, postgres)
    const env = { AUTH: 'key', ADMIN_KEY, SECRET: 'the-secret-of-these-tests', REDIS_URL: redis.url, DATABASE_URL: database }
    const nodes = await Promise.all(variables.map(async own => await startLinkedNode(t, { ...env, ...own })))
    const servers = nodes.map(({ server }) => server)
    await putOffice(servers[0] ?? { url: '', token: null }, { floors: FLOORS, people: 2 * WORKERS })
    const screens = TRANSPORTS.flatMap(transport => servers.map(server =>
      openScreen(t, { transport, floors: transport === 'sse' ? ['f1'] : Object.keys(FLOORS), server: () => server })))
    await haveSeen(screens)
    return new Trial(redis, postgres, database, nodes, screens)
  }

  /** Of the nodes that run. */
  get servers (): ApiAddress[] {
    return this.nodes.filter(({ perch }) => perch.running).map(({ server }) => server)
  }

  /**
   * Load before, during and after a fault, which is over when `fault` resolves; then claims are stored at every node within 10 s, and all that was promised before, during or after is so.
   * Gives how long it took until they were.
   */
  async survives (fault: (load: Load) => Promise<void>): Promise<number> {
    const load = new Load({ servers: () => this.servers, people: Array.from({ length: WORKERS }, (_, i) => `p${i}`), spaces: desksOf(FLOORS) })
    load.start()
    await load.morePersisted(ENOUGH)
    await fault(load)
    const healedAt = performance.now()
    const { servers } = this
    await eachOf(servers.map((server, i) => ({ server, person: `p${WORKERS + i}` })), servers.length, async ({ server, person }) => await claimsWork(server, person))
    const took = performance.now() - healedAt
    await load.morePersisted(ENOUGH)
    await load.stop()
    for (const server of servers.slice(-1)) await assertPromisesKept(server, load, this.#screens, desksOf(FLOORS))
    return took
  }
}
