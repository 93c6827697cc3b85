import type { DeviceView } from '../../../protocol/devices.ts'
import type { Api } from '../../live/api.ts'
import { token } from '../../live/sign-in.ts'
import type { Check } from '../words/health.ts'
import { sumsOf } from './metrics.ts'

const FIGURES = [
  'perch_sessions', 'perch_watchers', 'perch_lost_claims_total', 'perch_quarantined_claims_total', 'perch_clock_jumps_total', 'perch_service_breaks_total'
] as const
export type Figures = Record<typeof FIGURES[number], number>

export type ServerHealth =
  | { state: 'asking' }
  | { state: 'unreachable' }
  /** Null: those are not for whoever asks, or could not be had. */
  | { state: 'known', checks: Readonly<Partial<Record<Check, boolean>>>, devices: readonly DeviceView[] | null, figures: Figures | null }

/** How the server that answers is. Never rejects. */
export async function lookAtServer (api: Api): Promise<ServerHealth> {
  try {
    const answer = await fetch('/readyz')
    const { checks } = await answer.json() as { checks: Record<Check, boolean> }
    const [devices, figures] = await Promise.all([devicesOf(api), figuresNow()])
    return { state: 'known', checks, devices, figures }
  } catch {
    return { state: 'unreachable' }
  }
}

async function devicesOf (api: Api): Promise<readonly DeviceView[] | null> {
  return await api.ask<{ devices: DeviceView[] }>('GET', '/v1/devices').then(({ devices }) => devices, () => null)
}

/** For an admin alone: a manager of one site is told nothing of the whole installation. */
async function figuresNow (): Promise<Figures | null> {
  const answer = await fetch('/metrics', { headers: { authorization: `Bearer ${await token() ?? ''}` } })
  return answer.ok ? sumsOf(await answer.text(), FIGURES) : null
}
