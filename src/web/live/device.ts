import { signal, type ReadonlySignal } from '@preact/signals'
import { PerchError } from '../../client/index.ts'
import type { DeviceSelfView } from '../../protocol/devices.ts'
import { Api } from './api.ts'
import { waitMs } from './insist.ts'
import { forgetAnswers } from './kept-answers.ts'
import { stored } from './stored.ts'

/** What a screen is, once somebody has approved it. */
export type Device = DeviceSelfView

/** beginning -> waiting -> paired; waiting -> waiting with the next code, refused -> waiting; beginning -> unreachable, limited -> beginning; paired -> beginning when it is cut off. */
export type Pairing =
  | { state: 'beginning' }
  /** `answered` false: the server was not heard of late; the code may still be good. */
  | { state: 'waiting', code: string, answered: boolean }
  /** Somebody said no to the code that was shown. The next one comes by itself. */
  | { state: 'refused' }
  /** No answer: it goes on trying by itself. */
  | { state: 'unreachable' }
  /** Too many asked from here. `forMs` from when it was told. */
  | { state: 'limited', forMs: number }
  | { state: 'paired', device: Device, token: string }

/** `display` or `kiosk`: each page is a device of its own, so that one browser can be both, as whoever tries them has it. */
const PAGE = globalThis.location?.pathname.split('/')[1] ?? ''
const kept = stored(() => localStorage, `perch.device.${PAGE}`)
const open = new Api(() => null)
/** How long a refusal stands on the screen before there is another code. */
const REFUSED_MS = 8_000
/** A code lives ten minutes at the server. This long before its end there is a new one, and whoever is typing the old one still gets in. */
const RENEW_BEFORE_MS = 30_000
const LONGEST_CODE_MS = 600_000
const SHORTEST_CODE_MS = 10_000
/** Floor and name are looked up this often, and how it is is said: the server keeps it once a minute. */
export const REPORT_MS = 60_000

const current = signal<Pairing>(parseKept(kept.get()))

export const pairing: ReadonlySignal<Pairing> = current

/** What an earlier page has kept, if it is what this one would keep: another release, or somebody's hand, may have written it. */
export function parseKept (text: string | null): Pairing {
  try {
    const { device, token } = JSON.parse(text ?? 'null') as { device: Device, token: string }
    const isDevice = [device.id, device.name, device.role, device.site, token].every(value => typeof value === 'string' && value !== '')
    const stands = (device.floor === null || typeof device.floor === 'string') && (device.point === null || (Array.isArray(device.point) && device.point.length === 2))
    return isDevice && stands ? { state: 'paired', device, token } : { state: 'beginning' }
  } catch {
    return { state: 'beginning' }
  }
}

let running: Promise<void> | null = null

/** Shows codes until somebody approves one, or a code is redeemed. Several times at once is once; resolves when this device is paired. */
export async function pair (): Promise<void> {
  running ??= keepPairing().finally(() => { running = null })
  await running
}

async function keepPairing (): Promise<void> {
  for (let failed = 0; !isPaired();) {
    try {
      await showCode()
      failed = 0
    } catch (error) {
      if (isPaired()) return
      const limited = error instanceof PerchError && error.code === 'RATE_LIMITED' ? Number(error.details['retryAfterMs']) : NaN
      current.value = limited > 0 ? { state: 'limited', forMs: limited } : { state: 'unreachable' }
      await rest(limited > 0 ? limited : waitMs(Math.min(failed++, 3)))
    }
  }
}

/** @throws PerchError when there is no code to show */
async function showCode (): Promise<void> {
  const { code, secret, expiresAt, pollMs } = await open.ask<{ code: string, secret: string, expiresAt: string, pollMs: number }>('POST', '/v1/pairings')
  if (isPaired()) return
  current.value = { state: 'waiting', code, answered: true }
  const until = performance.now() + shownMs(Date.parse(expiresAt) - Date.now())
  while (performance.now() < until) {
    await rest(pollMs)
    if (isPaired()) return
    // Somebody may have approved it meanwhile: it is asked for until its end, heard or not.
    const told = await poll(secret)
    if (isPaired() || told === 'unknown') return
    if (told === null) current.value = { state: 'waiting', code, answered: false }
    else if (told.state === 'paired') return paired(told)
    else if (told.state === 'waiting') current.value = { state: 'waiting', code, answered: true }
    else {
      current.value = { state: 'refused' }
      await rest(REFUSED_MS)
      return
    }
  }
}

type Told = { state: 'waiting' } | { state: 'refused' } | { state: 'paired', device: Device, token: string }

/** Null: not heard. */
async function poll (secret: string): Promise<Told | 'unknown' | null> {
  try {
    return await open.ask<Told>('POST', '/v1/pairings/poll', { secret })
  } catch (error) {
    return error instanceof PerchError && error.code === 'PAIRING_UNKNOWN' ? 'unknown' : null
  }
}

/** `leftMs`: by this device's clock, which may be hours wrong: then it says nothing. */
export function shownMs (leftMs: number): number {
  return Math.max(SHORTEST_CODE_MS, (leftMs > 0 && leftMs <= LONGEST_CODE_MS ? leftMs : LONGEST_CODE_MS) - RENEW_BEFORE_MS)
}

/** With a code that an admin has made. @throws PerchError */
export async function redeem (code: string): Promise<void> {
  paired(await open.ask<{ device: Device, token: string }>('POST', '/v1/pairings/redeem', { code }))
}

/** It stands somewhere else now, or has another name. */
export function moved (device: Device): void {
  if (current.value.state === 'paired') paired({ device, token: current.value.token })
}

/** It was cut off: nothing of it is kept, and it may be paired anew. */
export function unpair (): void {
  kept.set(null)
  forgetAnswers().catch(() => {})
  current.value = { state: 'beginning' }
}

function isPaired (): boolean {
  return current.value.state === 'paired'
}

function paired ({ device, token }: { device: Device, token: string }): void {
  kept.set(JSON.stringify({ device, token }))
  current.value = { state: 'paired', device, token }
}

async function rest (ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
}
