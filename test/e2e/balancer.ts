import { once } from 'node:events'
import { connect, createServer, type AddressInfo } from 'node:net'
import { pipeline } from 'node:stream'
import type { Cleanup } from '../harness/cleanup.ts'

export interface Balancer {
  url: string
  /** Where each connection so far went, by its place in the list. */
  readonly turns: readonly number[]
}

/** A load balancer that knows nothing of sessions: each connection goes to the next server of the list. */
export async function openBalancer (t: Cleanup, servers: readonly string[]): Promise<Balancer> {
  const turns: number[] = []
  const balancer = createServer(near => {
    const turn = turns.length % servers.length
    turns.push(turn)
    const { hostname, port } = new URL(servers[turn] ?? '')
    const far = connect(Number(port), hostname)
    // Whatever ends one side ends the other; nobody here wants to know why.
    pipeline(near, far, near, () => {})
  })
  balancer.listen(0, '127.0.0.1')
  await once(balancer, 'listening')
  t.after(() => balancer.close())
  return { url: `http://127.0.0.1:${(balancer.address() as AddressInfo).port}`, turns }
}
