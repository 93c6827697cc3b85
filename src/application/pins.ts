import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { PerchError } from '../domain/errors.ts'
import type { OrgId, PersonId } from '../domain/ids.ts'
import type { Millis } from '../domain/time.ts'
import type { Directory, PinHash } from './directory.ts'
import type { Clock } from './ports.ts'
import { Turns } from './turns.ts'

/** N of scrypt (RFC 7914) with r 8 and p 1: 32 MiB and some 80 ms of one core. What keeps a stolen table from being tried out is the key under it; this makes it slow with the key, too. */
const COST = 2 ** 15
const BLOCK_SIZE = 8
const HASH_BYTES = 32
const SALT_BYTES = 16
const MEMORY_BYTES = 2 * 128 * COST * BLOCK_SIZE
/** At a time, so that kiosks never take more than 64 MiB and half of Node's threads. */
const AT_ONCE = 2
/** More that wait would wait for seconds. */
const MOST_WAITING = 50
/** A refusal comes after a whole number of these: whether there is such a person, with a PIN, locked, must not show in how long it took. */
const REFUSAL_STEP_MS = 400

export interface PinsParts {
  directory: Pick<Directory, 'tryPin' | 'pinWasRight'>
  clock: Clock
  /** The store's time: a lock ends by it. */
  now (org: OrgId): Millis
  keyed: Keyed
}

/** HMAC under the installation's key. */
export type Keyed = (text: string) => string

/** PINs at kiosks: a try is counted before it is looked at, so that many at once are not more than five. */
export class Pins {
  readonly #parts: PinsParts
  readonly #turns = new Turns(AT_ONCE)
  #waiting = 0

  constructor (parts: PinsParts) {
    this.#parts = parts
  }

  /** Whether it is that person's. False says nothing of why, also not by when it comes. @throws RATE_LIMITED, LEDGER_BEHIND */
  async check (org: OrgId, person: PersonId, pin: string): Promise<boolean> {
    const { directory, clock, now } = this.#parts
    if (this.#waiting >= MOST_WAITING) throw new PerchError('RATE_LIMITED', { limit: MOST_WAITING })
    this.#waiting++
    const begun = clock.monotonic()
    try {
      const known = await directory.tryPin(org, person, now(org))
      if (await this.#turns.take(async () => await isPin(this.#parts.keyed, known, pin))) {
        await directory.pinWasRight(org, person)
        return true
      }
    } finally {
      this.#waiting--
    }
    await new Promise<void>(resolve => { clock.after(REFUSAL_STEP_MS - (clock.monotonic() - begun) % REFUSAL_STEP_MS, resolve) })
    return false
  }
}

/** With a salt of its own. */
export async function hashPin (keyed: Keyed, pin: string): Promise<PinHash> {
  const salt = randomBytes(SALT_BYTES)
  return { cost: COST, salt: salt.toString('base64'), hash: (await derive(keyed, pin, salt, COST)).toString('base64') }
}

/** `known` null: nobody's, which takes as long. */
async function isPin (keyed: Keyed, known: PinHash | null, pin: string): Promise<boolean> {
  const salt = known === null ? randomBytes(SALT_BYTES) : Buffer.from(known.salt, 'base64')
  const hash = await derive(keyed, pin, salt, known?.cost ?? COST)
  const expected = known === null ? randomBytes(HASH_BYTES) : Buffer.from(known.hash, 'base64')
  return timingSafeEqual(hash, expected) && known !== null
}

async function derive (keyed: Keyed, pin: string, salt: Buffer, cost: number): Promise<Buffer> {
  return await new Promise((resolve, reject) => {
    scrypt(keyed(`pin ${pin}`), salt, HASH_BYTES, { N: cost, r: BLOCK_SIZE, p: 1, maxmem: MEMORY_BYTES }, (error, key) => error === null ? resolve(key) : reject(error))
  })
}
