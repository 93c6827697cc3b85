import assert from 'node:assert/strict'
import type { Test } from 'tap'
import { eachOf } from '../../../scripts/simulation/permits.ts'
import { askApi, callApi, type ApiAddress } from '../../../src/cli/seed/api.ts'
import { shardKeys } from '../../../src/adapters/redis/shard-keys.ts'
import { SHARDS } from '../../../src/domain/ids.ts'
import type { ClaimView } from '../../../src/protocol/claim.ts'
import type { View } from '../../../src/protocol/view.ts'
import { desksOf, putOffice } from '../../e2e/installation.ts'
import { putAdminKey } from '../../harness/admin-key.ts'
import { Load } from '../../e2e/load.ts'
import { assertPromisesKept, claimsWork } from '../../e2e/promises.ts'
import { haveSeen, openScreen, TRANSPORTS, type Screen } from '../../e2e/screens.ts'
import { SHARD } from '../../harness/core.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { freshDatabase, startPostgres, type PostgresServer } from '../../harness/postgres.ts'
import { command, startRedis, type RedisOptions, type RedisServer } from '../../harness/redis.ts'
import { until } from '../../harness/wait.ts'
import { decided, newBooking } from './booking.ts'
import { missingInLedger } from './ledger-rows.ts'
import { startLinkedNode, type LinkedNode } from './linked-node.ts'

export const FLOORS = { f1: 20, f2: 20 }
/** The last desks of each floor, from d16 on, are a test's own. */
const LOADED = { f1: 16, f2: 16 }
/** Answers that say `persisted: true` before a fault and after it. */
const ENOUGH = 40
/** p0 to p<WORKERS - 1> work under load; the same number again, from p<WORKERS> on, are a test's own. */
export const WORKERS = 12

const LOADING_PEOPLE = Array.from({ length: WORKERS }, (_, i) => `p${i}`)
const OWN_PEOPLE = Array.from({ length: WORKERS }, (_, i) => `p${WORKERS + i}`)

export interface TrialOptions {
  redis?: RedisOptions
  /** Of servers that are there; without, a single one is started. */
  redisUrl?: string
  /** That is there; without, one is started. */
  postgres?: PostgresServer
  /** Variables of each node, one object a node. */
  nodes?: ReadonlyArray<Readonly<Record<string, string>>>
  /** Wait until no shard passes from one node to the other any more: some seconds. */
  settled?: boolean
}

/** Nodes with a Redis and a Postgres of their own and a link to each, an office, and screens on every transport. */
export class Trial {
  /** The single one; where the trial was given others it is not used. */
  readonly redis: RedisServer
  /** The primary, where there are several. */
  postgres: PostgresServer
  /** What a further node needs. */
  readonly env: Readonly<Record<string, string>>
  readonly nodes: LinkedNode[]
  readonly screens: readonly Screen[]
  /** Runs, and nobody asks it: it is paused. */
  away: LinkedNode | null = null

  private constructor (redis: RedisServer, postgres: PostgresServer, env: Readonly<Record<string, string>>, nodes: LinkedNode[], screens: readonly Screen[]) {
    this.redis = redis
    this.postgres = postgres
    this.env = env
    this.nodes = nodes
    this.screens = screens
  }

  static async open (t: Test, { redis: words = {}, redisUrl, postgres: given, nodes: variables = [{}, { GUARD: 'off' }], settled = false }: TrialOptions = {}): Promise<Trial> {
    const [redis, postgres] = await Promise.all([startRedis(t, words), given ?? startPostgres(t, { settings: { fsync: 'off' } })])
    const database = await freshDatabase(t, postgres)
    await putAdminKey(database)
    const env = { SECRET: 'the-secret-of-these-tests', REDIS_URL: redisUrl ?? redis.url, DATABASE_URL: database }
    const nodes = await Promise.all(variables.map(async own => await startLinkedNode(t, { ...env, ...own })))
    const servers = nodes.map(({ server }) => server)
    await putOffice(servers[0] ?? { url: '', token: null }, { floors: FLOORS, people: 2 * WORKERS })
    // Whose node has ended comes back to another.
    const home = ({ perch, server }: LinkedNode) => perch.running ? server : nodes.find(({ perch }) => perch.running)?.server ?? server
    const screens = TRANSPORTS.flatMap(transport => nodes.map(node =>
      openScreen(t, { transport, floors: transport === 'sse' ? ['f1'] : Object.keys(FLOORS), server: () => home(node) })))
    await haveSeen(screens)
    if (settled) await Promise.all(servers.map(async server => await until(async () => await shardsHeld(server) === SHARDS / nodes.length, { what: 'the keepers share the shards', everyMs: 50 })))
    // Whom a node has met it needs no Postgres for.
    await Promise.all(servers.map(async server => await eachOf(OWN_PEOPLE, 4, async person => { await decided(server, { ...newBooking('f1-d19', person), await: 'accepted' }) })))
    return new Trial(redis, postgres, env, nodes, screens)
  }

  get database (): string {
    return new URL(new URL(this.env['DATABASE_URL'] ?? '').pathname, this.postgres.url).href
  }

  /** What each screen that shows the space's floor shows of it. */
  shown (space: string): Array<View | undefined> {
    const floor = space.slice(0, space.indexOf('-'))
    return this.screens.flatMap(({ watcher }) => {
      const replica = watcher.replicas.get(floor)
      return replica === undefined ? [] : [replica.spaces.get(space)]
    })
  }

  /** Of the nodes that run, but for one that is `away`. */
  get servers (): ApiAddress[] {
    return this.nodes.filter(node => node.perch.running && node !== this.away).map(({ server }) => server)
  }

  /** Which node keeps the org's shard, and another. */
  async keeperAndOther (): Promise<[LinkedNode, LinkedNode]> {
    const holder = String(await command(this.redis.port, async client => await client.get(shardKeys()[SHARD]?.lease ?? '')))
    const keeper = this.nodes.find(({ perch }) => holder.includes(`-${perch.pid}-`))
    const other = this.nodes.find(node => node.perch.running && node !== keeper)
    assert.ok(keeper !== undefined && other !== undefined, holder)
    return [keeper, other]
  }

  /**
   * Load before, during and after a fault, which is over when `fault` resolves; then claims are stored at every node within 10 s, and all that was promised before, during or after is so.
   * Gives how long it took until they were.
   */
  async survives (t: Cleanup, fault: (load: Load) => Promise<void>): Promise<number> {
    const load = new Load({ servers: () => this.servers, people: LOADING_PEOPLE, spaces: desksOf(LOADED) })
    load.start()
    try {
      await load.morePersisted(ENOUGH)
      await fault(load)
      const healedAt = performance.now()
      const { servers } = this
      await Promise.all(servers.map(async (server, i) => { await claimsWork(server, `p${WORKERS + i}`) }))
      const took = performance.now() - healedAt
      await load.morePersisted(ENOUGH)
      await load.stop()
      const [server] = servers.slice(-1)
      assert.ok(server !== undefined)
      await assertPromisesKept(server, load, this.screens, desksOf(FLOORS))
      assert.deepEqual(await missingInLedger(t, this.database, server, load.lines), [])
      await this.#clear(server)
      return took
    } finally {
      await load.stop()
    }
  }

  /** Gives back what the load still holds: the next would find everybody busy. */
  async #clear (server: ApiAddress): Promise<void> {
    await eachOf(LOADING_PEOPLE, WORKERS, async person => {
      const { claims } = await askApi(server, 'GET', `/v1/claims?person=${person}`) as { claims: ClaimView[] }
      for (const { id, state } of claims) if (state !== 'ended') await callApi(server, 'POST', `/v1/claims/${id}/release`, { await: 'accepted' })
    })
  }
}

async function shardsHeld ({ url, token }: ApiAddress): Promise<number> {
  const text = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
  return Number(/^perch_shards_held (\d+)$/m.exec(text)?.[1])
}
