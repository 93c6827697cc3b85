import { signal, type ReadonlySignal } from '@preact/signals'
import type { DeviceSelfView } from '../../protocol/devices.ts'
import { Api } from './api.ts'
import { stored } from './stored.ts'

/** What a screen is, once somebody has approved it. */
export type Device = DeviceSelfView

/** pairing -> paired -> pairing …; waiting: there is a code, shown until it expires. */
export type Pairing =
  | { state: 'beginning' }
  | { state: 'waiting', code: string, expiresAt: string }
  /** No answer: it goes on trying by itself. */
  | { state: 'unreachable' }
  | { state: 'paired', device: Device, token: string }

const kept = stored(() => localStorage, 'perch.device')
const open = new Api(() => null)
/** Milliseconds until the next attempt where there was no answer. */
const REST_MS = 3_000
/** Floor and name are looked up this often, and how it is is said: the server keeps it once a minute. */
export const REPORT_MS = 60_000

const current = signal<Pairing>(remembered())

export const pairing: ReadonlySignal<Pairing> = current

function remembered (): Pairing {
  const text = kept.get()
  if (text === null) return { state: 'beginning' }
  const { device, token } = JSON.parse(text) as { device: Device, token: string }
  return { state: 'paired', device, token }
}

/** Shows codes until somebody approves one. Once at a time; returns when this device is paired. */
export async function pair (): Promise<void> {
  while (current.value.state !== 'paired') {
    try {
      await showCode()
    } catch {
      current.value = { state: 'unreachable' }
      await rest(REST_MS)
    }
  }
}

async function showCode (): Promise<void> {
  const { code, secret, expiresAt, pollMs } = await open.ask<{ code: string, secret: string, expiresAt: string, pollMs: number }>('POST', '/v1/pairings')
  current.value = { state: 'waiting', code, expiresAt }
  for (;;) {
    await rest(pollMs)
    const told = await open.ask<{ state: 'waiting' } | { state: 'refused' } | { state: 'paired', device: Device, token: string }>('POST', '/v1/pairings/poll', { secret })
    if (told.state === 'refused') return
    if (told.state === 'paired') return paired(told)
  }
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
  current.value = { state: 'beginning' }
}

function paired ({ device, token }: { device: Device, token: string }): void {
  kept.set(JSON.stringify({ device, token }))
  current.value = { state: 'paired', device, token }
}

async function rest (ms: number): Promise<void> {
  await new Promise(resolve => setTimeout(resolve, ms))
}
