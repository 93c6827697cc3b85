import { until } from '../test/harness/wait.ts'
import type { ClaimJob } from './claims-workload.ts'
import type { Claimed, Contender } from './contest.ts'
import { Connection, postRequest } from './http-load.ts'
import { measure } from './rate.ts'

/** Keep-alive connections, each with one request under way, the same for everybody. */
export const CONNECTIONS = 128
export const ADMIN_KEY = 'bench-admin-key-0123456789'

export interface HttpContender extends Contender {
  /** The status of each job's answer, in the order of the jobs. */
  answers (jobs: readonly ClaimJob[]): Promise<{ statuses: number[], perSecond: number }>
}

export interface HttpContenderParts {
  name: string
  url: string
  await: 'persisted' | 'accepted'
  /** Claims that are really there, wherever the contender keeps them at last. */
  stored (): Promise<number>
}

/** Claims over HTTP from this process; the server is another one. */
export function overHttp (parts: HttpContenderParts): HttpContender {
  const { name, url, stored } = parts
  let grantedInAll = 0

  async function post (jobs: readonly ClaimJob[], answered: (i: number, status: number, body: string) => void) {
    const requests = jobs.map((job, i) => ({ i, text: postRequest(url, ADMIN_KEY, '/v1/claims', JSON.stringify({ ...job, await: parts.await })) }))
    // Anew for each round: a server closes those that say nothing for some seconds.
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, async () => await Connection.open(url)))
    const rate = await measure(requests, CONNECTIONS, async ({ i, text }, caller) => {
      const connection = connections[caller]
      if (connection === undefined) throw new RangeError(`no connection ${caller}`)
      const { status, body } = await connection.ask(text)
      if (status === 201) grantedInAll++
      answered(i, status, body)
    }).finally(() => { for (const connection of connections) connection.close() })
    // What was only accepted is on its way to the database: whoever comes next must not meet it there.
    await until(async () => await stored() >= grantedInAll, { what: `${name}: all that was granted is stored`, withinMs: 60_000, everyMs: 50 })
    return rate
  }

  return {
    name,
    stored,
    async claim (jobs): Promise<Claimed> {
      let granted = 0
      let provisional = 0
      const rate = await post(jobs, (_, status, body) => {
        if (status === 201) granted++
        else throw new Error(`${name}: ${status} ${body}`)
        if (!body.includes('"persisted":true')) provisional++
      })
      return { rate, granted, provisional }
    },
    async answers (jobs) {
      const statuses = new Array<number>(jobs.length).fill(0)
      const { perSecond } = await post(jobs, (i, status) => { statuses[i] = status })
      return { statuses, perSecond }
    }
  }
}
