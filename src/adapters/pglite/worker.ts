import { rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist as btreeGist } from '@electric-sql/pglite/contrib/btree_gist'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'

/** What the worker is given. `complete` is a file that stands there once the data folder was made whole. */
export interface WorkerData {
  data: string
  complete: string
  socket: string
}

/** creating (the first start only) -> opening -> ready. */
export type Stage = 'creating' | 'opening' | 'ready'

/**
 * One connection is meant to be there; while the pool replaces a broken one, the server may not have noticed its end. More at a time would share the session,
 * and with it transactions and prepared statements.
 */
const CONNECTIONS = 4

async function serve ({ data, complete, socket }: WorkerData, tell: (stage: Stage) => void): Promise<() => Promise<void>> {
  const isNew = !existsSync(complete)
  // Killed while it made the folder, it would go on with half of one; nothing can have been stored there yet.
  if (isNew) await rm(data, { recursive: true, force: true })
  tell(isNew ? 'creating' : 'opening')
  const db = await PGlite.create({ dataDir: data, extensions: { btree_gist: btreeGist } })
  await writeFile(complete, '')
  const server = new PGLiteSocketServer({ db, path: socket, maxConnections: CONNECTIONS })
  await rm(socket, { force: true })
  await server.start()
  tell('ready')
  return async () => {
    await server.stop()
    await db.close()
  }
}

if (parentPort !== null) {
  const port = parentPort
  const close = await serve(workerData, stage => port.postMessage(stage))
  port.once('message', () => close().then(() => port.close()))
}
