import { callApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { doneOf, refusedOf, type Command, type Reply } from './command.ts'

/** One attempt over HTTP. @throws Unreachable */
export async function sendOverHttp (server: ApiAddress, command: Command): Promise<Reply> {
  const { method, path, body } = requestOf(command)
  const reply = await callApi(server, method, path, body)
  return reply.status < 300 ? doneOf(reply.body) : refusedOf(reply.body, reply.status)
}

function requestOf (command: Command): { method: string, path: string, body?: unknown } {
  const path = `/v1/claims/${command.claim}`
  switch (command.call) {
    case 'claim': return { method: 'POST', path: '/v1/claims', body: { ...command.request, id: command.claim } }
    case 'check-in': return { method: 'POST', path: `${path}/check-in` }
    case 'release': return { method: 'POST', path: `${path}/release` }
    case 'change': return { method: 'PATCH', path, body: command.change }
  }
}
