import { v7 as uuidv7 } from 'uuid'
import { callApi, type ApiAddress, type ApiReply } from '../../../src/cli/seed/api.ts'
import type { ClaimReply } from '../../../src/protocol/answers.ts'
import { inMinutes } from '../../e2e/installation.ts'
import { until } from '../../harness/wait.ts'

/** What is asked for, under an id of ours: the same again is safe. */
export interface Booking {
  id: string
  space: string
  person: string
  /** Without: now. */
  from?: string
  to: string
  await?: 'persisted' | 'accepted'
}

/** Behind all slots of the load. */
let hour = 48

/** An hour that nobody else asks for, neither the load nor another booking. */
export function newBooking (space: string, person: string): Booking {
  const minutes = 60 * hour++
  return { id: uuidv7(), space, person, from: inMinutes(minutes), to: inMinutes(minutes + 30) }
}

/** From now on. */
export function newWalkIn (space: string, person: string): Booking {
  return { id: uuidv7(), space, person, to: inMinutes(60) }
}

/** One attempt, whatever comes of it. */
export async function ask (server: ApiAddress, booking: Booking): Promise<ApiReply> {
  return await callApi(server, 'POST', '/v1/claims', booking)
}

/** Asked again, with the same id, while the answer says so. */
export async function decided (server: ApiAddress, booking: Booking): Promise<ApiReply> {
  return await until(async () => {
    const reply = await ask(server, booking)
    return reply.status < 500 && reply
  }, { what: `the booking of ${booking.space} is decided` })
}

/** Until the same booking is said to be in Postgres. */
export async function stored (server: ApiAddress, booking: Booking, withinMs = 10_000): Promise<void> {
  await until(async () => ((await ask(server, booking)).body as ClaimReply).persisted, { what: `the booking of ${booking.space} is stored`, withinMs, everyMs: 50 })
}

/** For a message and for comparing: status and code. */
export function said ({ status, body }: ApiReply): string {
  const { code, persisted } = (body ?? {}) as { code?: string, persisted?: boolean }
  return `${status} ${code ?? (persisted === true ? 'persisted' : 'provisional')}`
}
