import pg from 'pg'
import type { ClientBase } from 'pg'

/** No two servers, nor two lives of one, began in the same microsecond. */
const WHICH = 'select pg_postmaster_start_time()::text as began'

/**
 * To which server the connections of a node's pools lead. A new one that finds another server at the address than those before closes them: a primary that was replaced may still answer
 * whoever is connected to it, with what it knew, and without a synchronous standby even take what nobody else will ever see.
 */
export class WhichServer {
  readonly #connections = new Map<ClientBase, string>()

  /** Of every new connection, before it is used. Throws what the driver throws. */
  async joins (client: ClientBase): Promise<void> {
    const { rows: [row] } = await client.query<{ began: string }>(WHICH)
    const began = row?.began ?? ''
    const left = [...this.#connections].filter(([, server]) => server !== began)
    this.#connections.set(client, began)
    client.once('end', () => this.#connections.delete(client))
    for (const [other] of left) this.#leave(other)
  }

  #leave (client: ClientBase): void {
    this.#connections.delete(client)
    // A pool throws an idle connection away that says so; of one in use the end breaks what it waits for.
    client.emit('error', new Error('another server has taken the address'))
    if (client instanceof pg.Client) client.end().catch(() => {})
  }
}
