import type { Cleanup } from '../harness/cleanup.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { until } from '../harness/wait.ts'
import { EventClient } from '../transports/live/event-client.ts'
import type { Heard } from '../transports/live/heard.ts'
import { SocketIoClient } from '../transports/live/socket-io-client.ts'
import { WebSocketClient } from '../transports/live/web-socket-client.ts'

/** A client over each transport on each node, all of them welcomed. */
export async function connected (t: Cleanup, nodes: readonly RunningPerch[], token: string): Promise<Heard[]> {
  const clients = nodes.map(({ url }) => portOf(url)).flatMap(port => [
    new WebSocketClient(t, port, token), new SocketIoClient(t, port, { token }), new EventClient(t, port, { token, path: '/v1/floors/f1/events' })
  ])
  await until(() => clients.every(client => client.of('welcome').length === 1), { what: 'a welcome on each' })
  return clients
}

export function portOf (url: string): number {
  return Number(new URL(url).port)
}
