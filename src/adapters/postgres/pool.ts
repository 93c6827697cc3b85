import pg from 'pg'
import type { Pool, PoolClient, PoolConfig } from 'pg'
import { isLink, isReadOnly } from './failure.ts'
import type { WhichServer } from './which-server.ts'

export interface PoolOptions {
  /** A postgres:// address, or where the socket is. */
  connection: string | Readonly<{ host: string, port: number, user: string, database: string }>
  /** Most connections at a time. */
  max: number
  /** The server gives up a statement after this long; the client, if the server is not heard of, a little later. */
  statementTimeoutMs: number
  /** How long a caller waits for a connection: a free one of the pool or a new one. Default 5,000. */
  connectTimeoutMs?: number
  /** Shared by the pools that have the same address; without, a connection is kept whatever others find there. */
  server?: WhichServer
  /** All connections share one session of the server (PGlite): what an earlier one prepared is still there and has to go. Default false. */
  oneSession?: boolean
  /** Told of a connection that broke while nobody used it. For the log: the pool replaces it. */
  onError: (error: Error) => void
}

/** What the client waits longer than the server for, before it takes the connection for dead. */
const GRACE_MS = 1_000
/** A connection that nobody needs is closed so soon: while a statement waits in vain for a server that hangs, the idle ones to it go, and the next try is with whoever answers at the address by then. */
const IDLE_MS = 5_000
/** So often at least a node looks who answers at the address. */
const LIFETIME_S = 60

/** A bounded pool. Bigint columns come as numbers (ours stay below 2^53) and timestamptz as Unix milliseconds. Nothing is connected yet. */
export function openPool (options: PoolOptions): Pool {
  const { connection, max, statementTimeoutMs } = options
  const config: PoolConfig = {
    ...(typeof connection === 'string' ? { connectionString: connection } : connection),
    max,
    application_name: 'perch',
    connectionTimeoutMillis: options.connectTimeoutMs ?? 5_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + GRACE_MS,
    idleTimeoutMillis: IDLE_MS,
    keepAlive: true,
    types: parsers(),
    maxLifetimeSeconds: LIFETIME_S,
    onConnect: async client => {
      if (options.oneSession === true) await client.query('deallocate all')
      await options.server?.joins(client)
    }
  }
  const pool = new pg.Pool(config)
  pool.on('error', options.onError)
  // A connection in use tells its query of the trouble, and emits it as well: without a listener that would end the process.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

/** Runs with one connection of the pool. One that broke, or leads to a server that has become a standby, is thrown away. */
export async function withClient<T> (pool: Pool, run: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect()
  try {
    const result = await run(client)
    client.release()
    return result
  } catch (error) {
    client.release(isLink(error) || isReadOnly(error))
    throw error
  }
}

function parsers (): InstanceType<typeof pg.TypeOverrides> {
  const types = new pg.TypeOverrides()
  const date = pg.types.getTypeParser(pg.types.builtins.TIMESTAMPTZ)
  types.setTypeParser(pg.types.builtins.INT8, Number)
  types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (text: string) => Number(date(text)))
  return types
}
