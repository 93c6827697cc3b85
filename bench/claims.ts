import type { Cleanup } from '../test/harness/cleanup.ts'
import { CONNECTIONS } from './claims-http.ts'
import { USE_CASE_IN_FLIGHT, useCase } from './claims-use-case.ts'
import { CLAIMS_PER_SPACE } from './claims-workload.ts'
import { contention } from './contention.ts'
import { contest, contestSize, standingRow, type ContestSize, type Standing } from './contest.ts'
import type { Table, Terms } from './report.ts'
import { checkThenSet, perch, postgresAlone } from './servers.ts'

/** Through the use case, claims per second. */
const AIM_OFF = 20_000
const AIM_ALWAYS = 5_000
/** Of the Postgres peer's rate, over HTTP and answered as accepted. */
const AIM_CONTENDED = 3

/** How many claims a second, and how quickly, with 20 booked claims per space? */
export async function benchClaims (t: Cleanup, terms: Terms): Promise<Table[]> {
  const size = contestSize(terms)
  const about = [
    `${size.spaces} desks with ${CLAIMS_PER_SPACE} booked claims each; every further booking is of a free hour and has to be granted, which is counted at the end.`,
    `Medians of ${size.rounds} round(s) of ${size.jobs} claims, the contenders in turn.`
  ]
  return [
    await throughUseCase(t, terms, size, [...about, `${USE_CASE_IN_FLIGHT} under way in one process; Redis with appendfsync everysec.`]),
    ...await overHttp(t, terms, size, [...about, `${CONNECTIONS} keep-alive connections, each with one request under way; server and load are processes of their own on this machine.`])
  ]
}

async function throughUseCase (t: Cleanup, terms: Terms, size: ContestSize, about: readonly string[]): Promise<Table> {
  const standings = await contest([await useCase(t, 'off', 0), await useCase(t, 'contended', 3), await useCase(t, 'always', 3)], size, terms)
  const aims = [AIM_OFF, null, AIM_ALWAYS]
  return { title: 'Claims through the use case, answered as accepted', about, rows: standings.map((standing, i) => standingRow(standing, aims[i] ?? null)) }
}

async function overHttp (t: Cleanup, terms: Terms, size: ContestSize, about: readonly string[]): Promise<Table[]> {
  const persisted = await contest([await postgresAlone(t, 'persisted'), await perch(t, 'contended', 'persisted'), await perch(t, 'always', 'persisted')], size, terms)
  const contenders = [
    await postgresAlone(t, 'accepted'), await perch(t, 'off', 'accepted'), await perch(t, 'contended', 'accepted'), await perch(t, 'always', 'accepted'), await checkThenSet(t)
  ]
  const accepted = await contest(contenders, size, terms)
  const [strict, loose] = [persisted[0]?.perSecond ?? 0, accepted[0]?.perSecond ?? 0]
  return [
    {
      title: 'Claims over HTTP, answered as persisted',
      about: [...about, 'Equal durability: every answer is on disk twice over. Redis with appendfsync always, Postgres with synchronous_commit=on on both sides.', ...provisional(persisted)],
      rows: persisted.map((standing, i) => standingRow(standing, i === 0 ? null : strict))
    },
    {
      title: 'Claims over HTTP, answered as accepted',
      about: [
        ...about,
        'Equal durability: a power loss may take the last second. Redis with appendfsync everysec, the peer\'s Postgres with synchronous_commit=off.',
        'Perch also streams, records to Postgres (with synchronous_commit=on) and applies policies meanwhile; the peers only claim.'
      ],
      rows: accepted.map((standing, i) => standingRow(standing, [null, null, AIM_CONTENDED * loose, loose, null][i] ?? null))
    },
    await contention(contenders, terms)
  ]
}

/** An answer that was not stored for good has no place in the table. */
function provisional (standings: readonly Standing[]): string[] {
  return standings.filter(standing => standing.provisional > 0).map(standing => `NOT EQUAL: ${standing.name} answered ${standing.provisional} claims before they were stored.`)
}
