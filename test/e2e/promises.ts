import assert from 'node:assert/strict'
import { v7 as uuidv7 } from 'uuid'
import { checkClaims } from '../../scripts/simulation/check-claims.ts'
import { checkReplicas } from '../../scripts/simulation/check-replicas.ts'
import { verifyJournal } from '../../scripts/simulation/verify-journal.ts'
import { callApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../src/protocol/answers.ts'
import { until } from '../harness/wait.ts'
import { inMinutes } from './installation.ts'
import type { Load } from './load.ts'
import type { Screen } from './screens.ts'

/** A fault is over for clients by then (INV-6). */
export const HEALED_MS = 10_000

/** A new claim is granted and stored, at a time that nobody else asks for, and given back. */
export async function claimsWork (server: ApiAddress, person: string): Promise<void> {
  let tries = 0
  await until(async () => {
    const id = uuidv7()
    const minutes = 7 * 24 * 60 + 10 * tries++
    const request = { id, space: `f1-${person.replace('p', 'd')}`, person, from: inMinutes(minutes), to: inMinutes(minutes + 5) }
    const { status, body } = await callApi(server, 'POST', '/v1/claims', request)
    if (status !== 201 || !(body as ClaimReply).persisted) return false
    return (await callApi(server, 'POST', `/v1/claims/${id}/release`)).status === 200
  }, { what: `claims are persisted at ${server.url}`, withinMs: HEALED_MS, everyMs: 50 })
}

/** No claim that was said to be persisted is missing, no space and no person is doubled, and every screen shows what is so. */
export async function assertPromisesKept (server: ApiAddress, load: Load, screens: readonly Screen[], spaces: readonly string[]): Promise<void> {
  assert.deepEqual((await checkReplicas(server, screens.map(({ watcher }) => watcher), HEALED_MS)).different, [])
  const { broken, active } = await verifyJournal(server, load.lines)
  assert.deepEqual(broken, [])
  assert.ok(active > 0, 'some of them are still held')
  assert.deepEqual((await checkClaims(server, spaces, load.begun - 60_000)).overlaps, [])
}
