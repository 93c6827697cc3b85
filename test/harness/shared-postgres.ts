import { startPostgres } from './postgres.ts'
import type { PostgresServer } from './postgres.ts'

let shared: Promise<PostgresServer> | undefined

/**
 * One server for all tests of this process, started by the first that asks; each takes a `freshDatabase` of it. fsync is off, so
 * it is not for tests of durability, and nobody may stop it. A process of its own per test file costs 0.2 s and shares nothing,
 * so files can run side by side, alone and in any order; a server for the whole run would need somebody to own it.
 */
export function sharedPostgres (): Promise<PostgresServer> {
  shared ??= start()
  return shared
}

async function start (): Promise<PostgresServer> {
  const cleanups: Array<() => unknown> = []
  const server = await startPostgres({ after: fn => cleanups.push(fn) }, { settings: { fsync: 'off' } })
  // The server does not hold the process: once no test holds it either, it goes. A process that is killed takes it along (child.ts).
  server.unref()
  process.once('beforeExit', async () => {
    for (const cleanup of cleanups) await cleanup()
  })
  return server
}
