import { Redis } from 'ioredis'
import Redlock, { type RedlockClient } from 'redlock'
import type { ClaimAnswer } from '../src/application/commands.ts'
import type { Principal } from '../src/application/principal.ts'
import { PerchError } from '../src/domain/errors.ts'
import { overlaps, type Span } from '../src/domain/time.ts'
import type { ClaimRequest } from '../src/protocol/requests.ts'
import { newClaim, type Claims } from './peer.ts'

/** Milliseconds: much longer than a claim takes, as the package's own examples have it. */
const LOCK_MS = 5_000
/** Tried again sooner than the package would by itself (200 ms): a claim takes a few milliseconds. */
const SETTINGS = { retryCount: 20, retryDelay: 10, retryJitter: 10, automaticExtensionThreshold: 0 }
/** Claims by space and day, and by person and day: as small as Perch's own records. */
const DAYS = 'days'

/** One claim as it is kept: who or where, and when. */
interface Kept extends Span {
  id: string
  space: string
  person: string
}

/** Plain Redlock with check-then-set: lock the space and the person, read, look, write. Nothing fences the write; nothing reaches a database. */
export function checkThenSetPeer (url: string, lockUrls: readonly string[]): Claims {
  const redis = new Redis(url)
  const locks = lockUrls.map(lockUrl => new Redis(lockUrl))
  const redlock = new Redlock(locks.map(client), SETTINGS)
  return {
    async claim (principal: Principal, request: ClaimRequest): Promise<ClaimAnswer> {
      const claim = newClaim(principal, request)
      const { id, space, person, from, to } = claim
      const lock = await redlock.acquire([`space/${space}`, `person/${person}`], LOCK_MS).catch((error: unknown) => { throw new PerchError('BUSY', {}, error) })
      try {
        const day = new Date(from).toISOString().slice(0, 10)
        const fields = [`${space}/${day}`, `${person}/${day}`] as const
        const [ofSpace, ofPerson] = (await redis.hmget(DAYS, ...fields)).map(text => JSON.parse(text ?? '[]') as Kept[])
        if (ofSpace === undefined || ofPerson === undefined) throw new Error('redis answered with fewer fields than were asked for')
        if (ofSpace.some(other => overlaps(other, claim))) throw new PerchError('SPACE_TAKEN')
        if (ofPerson.some(other => overlaps(other, claim))) throw new PerchError('PERSON_BUSY')
        const kept: Kept = { id, space, person, from, to }
        await redis.hset(DAYS, fields[0], JSON.stringify([...ofSpace, kept]), fields[1], JSON.stringify([...ofPerson, kept]))
        return { claim, position: { floor: claim.floor, epoch: 1, seq: 1 }, persisted: false, repeated: false }
      } finally {
        // Not awaited, as Perch does not await it either.
        lock.release().catch(() => {
          // It had run out: that is what a lock's time is for.
        })
      }
    },
    async close () {
      for (const one of [redis, ...locks]) one.disconnect()
    }
  }
}

function client (redis: Redis): RedlockClient {
  const of = {
    evalsha: async (hash: string, keys: number, args: readonly (string | number)[]) => await redis.evalsha(hash, keys, ...args),
    eval: async (script: string, keys: number, args: readonly (string | number)[]) => await redis.eval(script, keys, ...args)
  }
  return of
}

/** How many claims are there: each stands once with its space and once with its person. */
export async function countKept (redis: Redis): Promise<number> {
  const days = await redis.hvals(DAYS)
  return days.reduce((sum, text) => sum + (JSON.parse(text) as Kept[]).length, 0) / 2
}
