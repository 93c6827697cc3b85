import { ADMIN_KEY } from '../test/harness/admin-key.ts'
import { until } from '../test/harness/wait.ts'
import type { ClaimJob } from './claims-workload.ts'
import type { Claimed, Contender } from './contest.ts'
import { Connection, postRequest, type HttpAnswer } from './http-load.ts'
import { measure, type Rate } from './rate.ts'

/** Keep-alive connections, each with one request under way, the same for everybody. */
export const CONNECTIONS = 128
export { ADMIN_KEY }
/** The server says: ask again. */
const AGAIN = 503

export interface HttpContender extends Contender {
  /** The status of each job's one answer, in the order of the jobs. */
  answers (jobs: readonly ClaimJob[]): Promise<{ statuses: number[], rate: Rate }>
}

export interface HttpContenderParts extends Pick<Contender, 'name' | 'pids' | 'stored'> {
  url: string
  await: 'persisted' | 'accepted'
}

/** Claims over HTTP from this process; the server is another one. */
export function overHttp ({ name, pids, url, stored, await: wait }: HttpContenderParts): HttpContender {
  let grantedInAll = 0

  /** `answered` says whether the same request goes out once more. */
  async function post (jobs: readonly ClaimJob[], answered: (i: number, answer: HttpAnswer) => boolean): Promise<Rate> {
    const requests = jobs.map((job, i) => ({ i, text: postRequest(url, ADMIN_KEY, '/v1/claims', JSON.stringify({ ...job, await: wait })) }))
    // Anew for each round: a server closes those that say nothing for some seconds.
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, async () => await Connection.open(url)))
    const rate = await measure(requests, CONNECTIONS, async ({ i, text }, caller) => {
      const connection = connections[caller]
      if (connection === undefined) throw new RangeError(`no connection ${caller}`)
      let answer = await connection.ask(text)
      while (answered(i, answer)) answer = await connection.ask(text)
      if (answer.status === 201) grantedInAll++
    }).finally(() => { for (const connection of connections) connection.close() })
    // What was only accepted is on its way to the database: whoever comes next must not meet it there.
    await until(async () => await stored() >= grantedInAll, { what: `${name}: all that was granted is stored`, withinMs: 60_000, everyMs: 50 })
    return rate
  }

  return {
    name,
    pids,
    stored,
    async claim (jobs): Promise<Claimed> {
      const counts = { granted: 0, again: 0, provisional: 0 }
      const rate = await post(jobs, (_, { status, body }) => {
        if (status === AGAIN) {
          counts.again++
          return true
        }
        if (status !== 201) throw new Error(`${name}: ${status} ${body}`)
        counts.granted++
        if (!body.includes('"persisted":true')) counts.provisional++
        return false
      })
      return { ...counts, rate }
    },
    async answers (jobs) {
      const statuses = new Array<number>(jobs.length).fill(0)
      const rate = await post(jobs, (i, { status }) => {
        statuses[i] = status
        return false
      })
      return { statuses, rate }
    }
  }
}
