import { randomBytes } from 'node:crypto'
import { PerchError } from '../domain/errors.ts'
import { MINUTE, type Millis } from '../domain/time.ts'
import type { DeviceBody } from '../protocol/devices.ts'
import { addressName } from './address-name.ts'
import { noteOf, type Audited, type Notes } from './audit.ts'
import type { Device, DeviceId, Devices } from './devices.ts'
import { mustStandThere } from './device-admin.ts'
import { newKeyId, newKeyToken } from './key-token.ts'
import type { PairingMetrics } from './metrics.ts'
import { newCode, readCode, showCode } from './pairing-code.ts'
import type { Directory } from './directory.ts'
import type { Clock } from './ports.ts'
import type { Principal } from './principal.ts'
import { mustBeAllowed } from './rights.ts'
import type { Tickets } from './tickets.ts'

/** Somebody walks from the screen to a desk, or the other way. */
export const PAIRING_MS = 10 * MINUTE
/** How often a device asks whether it was approved. */
export const POLL_MS = 2_000

/**
 * How often something may be done within PAIRING_MS, on all nodes together; docs/security.md has the arithmetic. A building whose screens start at once comes from one address. A right
 * code costs nothing; what strangers do is counted apart from what those do who have credentials, so that the ones cannot keep the others from their work.
 */
export const PAIRING_LIMITS = {
  begun: { perAddress: 60, overall: 1_000 },
  prepared: { perOrg: 100, overall: 500 },
  wrongRedeemed: { perAddress: 10, overall: 100 },
  wrongApproved: { perPrincipal: 10, overall: 100 }
} as const

const SECRET_BYTES = 32
const SECRET_FORM = /^[\w-]{43}$/
/** That a code is alive already is a chance of one in 10^8; all of these in a row are a fault. */
const CODES_TRIED = 5

export type PairingState =
  | { state: 'waiting', expiresAt: Millis }
  | { state: 'refused' }
  | { state: 'paired', device: Device, token: string }

/** How a device comes to a token of its own: it shows a code, which somebody approves; or it is told a code, which somebody made for it. */
export interface Pairing {
  /** A device asks. The secret is the device's, to ask how it stands; the code is for whoever stands before it. @throws RATE_LIMITED */
  begin (address: string): Promise<{ code: string, secret: string, expiresAt: Millis }>
  /** The device is told with its next question, if that comes in time. @throws PAIRING_UNKNOWN, RATE_LIMITED, SITE_UNKNOWN, FLOOR_UNKNOWN */
  approve (principal: Principal, code: string, body: DeviceBody): Promise<{ device: DeviceId, expiresAt: Millis }>
  /** @throws PAIRING_UNKNOWN, RATE_LIMITED */
  refuse (principal: Principal, code: string): Promise<void>
  /** How it stands. `paired` is said once, and never again. @throws PAIRING_UNKNOWN: begin anew */
  poll (secret: string): Promise<PairingState>
  /** A code that is typed into the device. @throws RATE_LIMITED, SITE_UNKNOWN, FLOOR_UNKNOWN */
  prepare (principal: Principal, body: DeviceBody): Promise<{ device: DeviceId, code: string, expiresAt: Millis }>
  /** Works once. @throws PAIRING_UNKNOWN, RATE_LIMITED */
  redeem (address: string, code: string): Promise<PairingState & { state: 'paired' }>
}

export interface PairingParts {
  tickets: Tickets
  devices: Pick<Devices, 'addDevice'>
  directory: Pick<Directory, 'site' | 'floors'>
  clock: Clock
  metrics: PairingMetrics
  note: Notes
  /** A keyed hash: names of what is kept say nothing to whoever reads them, nor can a code be found out from one. */
  seal (text: string): string
  /** @throws UNAUTHENTICATED when what somebody came with was taken back meanwhile */
  mustWork (principal: Pick<Principal, 'key'>): Promise<void>
}

/** A device as it will be, and by what whoever wanted it came in. */
interface Planned {
  device: Omit<Device, 'createdAt' | 'lastSeenAt' | 'report'>
  by: Pick<Principal, 'key'>
  expiresAt: Millis
}

/** What is kept under the name of a device's secret. */
type Asked = { state: 'waiting', expiresAt: Millis } | { state: 'refused', expiresAt: Millis } | { state: 'approved', expiresAt: Millis, planned: Planned }

/** What is kept under the name of a code that is shown: where the device's question is. */
interface Shown {
  asked: string
  expiresAt: Millis
}

interface Limit {
  /** Says nothing of whose it is. */
  holder: string
  most: number
}

export function pairing (parts: PairingParts): Pairing {
  const { tickets, clock, metrics, note, seal } = parts
  const limit = (what: string, most: number): Limit => ({ holder: seal(`pairing-count/${what}`), most })
  const nameOf = (kind: 'shown' | 'prepared' | 'secret', text: string): string => seal(`pairing/${kind}/${text}`)
  const guessesOf = (principal: Principal): readonly Limit[] =>
    [limit(`approve/${principal.org}/${principal.id}`, PAIRING_LIMITS.wrongApproved.perPrincipal), limit('approve', PAIRING_LIMITS.wrongApproved.overall)]

  async function put (name: string, body: unknown): Promise<void> {
    await tickets.put({ name, holder: seal('pairing-count/notes'), body: JSON.stringify(body) }, PAIRING_MS, Infinity)
  }

  async function refund (limits: readonly Limit[]): Promise<void> {
    for (const { holder } of limits) await tickets.refund(holder, PAIRING_MS)
  }

  /** One of each, or none. @throws RATE_LIMITED */
  async function spend (limits: readonly Limit[], what: 'begun' | 'prepared' | 'guesses'): Promise<void> {
    for (const [i, { holder, most }] of limits.entries()) {
      if (await tickets.spend(holder, PAIRING_MS, most)) continue
      await refund(limits.slice(0, i))
      metrics.pairing(`too-many-${what}`)
      // By then the count has begun anew, perhaps long before.
      throw new PerchError('RATE_LIMITED', { exceeded: 'pairings', limit: most, retryAfterMs: PAIRING_MS })
    }
  }

  /** What stands under a code. It is paid for before anybody looks, so that many guesses at once are no cheaper; only a right one gets it back. */
  async function guess (text: string, limits: readonly Limit[], find: (code: string) => Promise<string | null>): Promise<string> {
    const code = readCode(text)
    if (code === null) throw new PerchError('PAIRING_UNKNOWN')
    await spend(limits, 'guesses')
    const found = await find(code)
    if (found === null) {
      metrics.pairing('wrong-code')
      throw new PerchError('PAIRING_UNKNOWN')
    }
    await refund(limits)
    return found
  }

  async function freeCode (kind: 'shown' | 'prepared'): Promise<{ code: string, name: string }> {
    for (let i = 0; i < CODES_TRIED; i++) {
      const code = newCode()
      const name = nameOf(kind, code)
      if (await tickets.look(name) === null) return { code, name }
    }
    throw new PerchError('INTERNAL')
  }

  function plan ({ org, id: createdBy, key }: Principal, { name, role, site, floor = null, point = null }: DeviceBody, expiresAt: Millis): Planned {
    return { device: { id: newKeyId(), org, name, role, site, floor, point, createdBy }, by: key === undefined ? {} : { key }, expiresAt }
  }

  async function write ({ device: { id, org, role, site, floor } }: Planned, by: Pick<Principal, 'id'>, action: Audited): Promise<void> {
    await note(org, [noteOf(parts, by, action, { what: id, detail: { role, site, floor } })])
  }

  /** Postgres decides who comes first: an id is paired once, whatever becomes of what is kept elsewhere. */
  async function pair ({ device, by, expiresAt }: Planned): Promise<PairingState & { state: 'paired' }> {
    if (expiresAt <= clock.now()) throw new PerchError('PAIRING_UNKNOWN')
    await parts.mustWork(by)
    const { id, role, site, floor } = device
    const { token, hash } = newKeyToken(id)
    const paired: Device = { ...device, createdAt: clock.now(), lastSeenAt: null, report: null }
    if (!await parts.devices.addDevice(paired, hash, noteOf(parts, { id: `device:${id}` }, 'device-paired', { what: id, detail: { role, site, floor } }))) throw new PerchError('PAIRING_UNKNOWN')
    metrics.pairing('paired')
    return { state: 'paired', device: paired, token }
  }

  /** Nobody can use it any more: that it stays until its time is over harms nobody, where not telling the token would. */
  async function forget (name: string): Promise<void> {
    await tickets.take(name).catch(() => {})
  }

  async function takeShown (principal: Principal, text: string): Promise<Shown> {
    const found = await guess(text, guessesOf(principal), async code => await tickets.take(nameOf('shown', code)))
    // Written by `begin`, on this node or another.
    return JSON.parse(found) as Shown
  }

  return {
    async begin (address) {
      await spend([limit(`begin/${addressName(address)}`, PAIRING_LIMITS.begun.perAddress), limit('begin', PAIRING_LIMITS.begun.overall)], 'begun')
      const secret = randomBytes(SECRET_BYTES).toString('base64url')
      const [expiresAt, asked] = [clock.now() + PAIRING_MS, nameOf('secret', secret)]
      const { code, name } = await freeCode('shown')
      await put(asked, { state: 'waiting', expiresAt } satisfies Asked)
      await put(name, { asked, expiresAt } satisfies Shown)
      metrics.pairing('begun')
      return { code: showCode(code), secret, expiresAt }
    },
    async approve (principal, text, body) {
      mustBeAllowed(principal, 'write-devices', { site: body.site })
      await mustStandThere(parts.directory, principal.org, body)
      const { asked, expiresAt } = await takeShown(principal, text)
      const planned = plan(principal, body, expiresAt)
      await write(planned, principal, 'device-approved')
      await put(asked, { state: 'approved', expiresAt, planned } satisfies Asked)
      metrics.pairing('approved')
      return { device: planned.device.id, expiresAt }
    },
    async refuse (principal, text) {
      mustBeAllowed(principal, 'write-devices')
      const { asked, expiresAt } = await takeShown(principal, text)
      await note(principal.org, [noteOf(parts, principal, 'device-refused')])
      await put(asked, { state: 'refused', expiresAt } satisfies Asked)
      metrics.pairing('refused')
    },
    async poll (secret) {
      const name = nameOf('secret', secret)
      const found = SECRET_FORM.test(secret) ? await tickets.look(name) : null
      // Written by `begin`, `approve` or `refuse`.
      const asked = found === null ? null : JSON.parse(found) as Asked
      if (asked === null || asked.expiresAt <= clock.now()) throw new PerchError('PAIRING_UNKNOWN')
      switch (asked.state) {
        case 'waiting': return { state: 'waiting', expiresAt: asked.expiresAt }
        case 'refused':
          await forget(name)
          return { state: 'refused' }
        case 'approved': {
          const paired = await pair(asked.planned)
          await forget(name)
          return paired
        }
      }
    },
    async prepare (principal, body) {
      mustBeAllowed(principal, 'write-devices', { site: body.site })
      await mustStandThere(parts.directory, principal.org, body)
      await spend([limit(`prepare/${principal.org}`, PAIRING_LIMITS.prepared.perOrg), limit('prepare', PAIRING_LIMITS.prepared.overall)], 'prepared')
      const planned = plan(principal, body, clock.now() + PAIRING_MS)
      const { code, name } = await freeCode('prepared')
      await write(planned, principal, 'device-prepared')
      await put(name, planned)
      metrics.pairing('prepared')
      return { device: planned.device.id, code: showCode(code), expiresAt: planned.expiresAt }
    },
    async redeem (address, text) {
      let name = ''
      const limits = [limit(`redeem/${addressName(address)}`, PAIRING_LIMITS.wrongRedeemed.perAddress), limit('redeem', PAIRING_LIMITS.wrongRedeemed.overall)]
      const found = await guess(text, limits, async code => await tickets.look(name = nameOf('prepared', code)))
      // Written by `prepare`.
      const paired = await pair(JSON.parse(found) as Planned)
      await forget(name)
      return paired
    }
  }
}
