import { Redis } from 'ioredis'
import { fail, ok, reasonOf, warn, type Finding } from './finding.ts'
import { askServer, type ServerFacts } from './server-facts.ts'

const TIMEOUT_MS = 3_000

/** `liveRunIds`: the servers of the live state by run id. A lock is worth what its nodes are worth apart from each other. */
export async function checkLockNodes (urls: readonly string[], liveRunIds: ReadonlyMap<string, string>): Promise<Finding[]> {
  const asked = await Promise.all(urls.map(ask))
  const findings: Finding[] = []
  const seen = new Map<string, string>()
  for (const answer of asked) {
    if ('reason' in answer) {
      findings.push(fail(`lock node ${answer.address}: cannot be reached: ${answer.reason}`, 'start it, or mend LOCK_REDIS_URLS'))
      continue
    }
    const { address, info } = answer
    const runId = info.get('run_id') ?? ''
    const twin = seen.get(runId)
    seen.set(runId, address)
    if (twin !== undefined) findings.push(fail(`lock nodes ${twin} and ${address} are one server`, 'give each vote a server of its own'))
    else findings.push(nodeFinding(answer, liveRunIds.get(runId), urls.length))
  }
  return findings
}

function nodeFinding ({ address, info }: ServerFacts, live: string | undefined, votes: number): Finding {
  if (live !== undefined && votes > 1) return warn(`lock node ${address}: is also the live state's server`, 'give the guard servers of its own')
  if (info.get('role') !== 'master') return fail(`lock node ${address}: is a replica`, 'lock nodes are primaries that share nothing')
  if (info.get('maxmemory_policy') !== 'noeviction') return warn(`lock node ${address}: may evict locks`, 'set maxmemory-policy noeviction')
  if (live !== undefined) return ok(`lock node ${address}: is the live state's own server; three of their own would outlive it`)
  return ok(`lock node ${address}: answers`)
}

async function ask (url: string): Promise<ServerFacts | { address: string, reason: string }> {
  const client = new Redis(url, { lazyConnect: true, connectTimeout: TIMEOUT_MS, commandTimeout: TIMEOUT_MS, retryStrategy: () => null, maxRetriesPerRequest: 0, replyMapping: 'legacy' })
  let reason = ''
  client.on('error', (error: Error) => { reason = reasonOf(error) })
  try {
    await client.connect()
    return await askServer(client)
  } catch (error) {
    return { address: `${client.options.host ?? ''}:${client.options.port ?? ''}`, reason: reason === '' ? reasonOf(error) : reason }
  } finally {
    client.disconnect()
  }
}
