import type { PolicyRule } from '../../../src/domain/rules.ts'
import { DAY, HOUR, MINUTE } from '../../../src/domain/time.ts'
import { toMoment } from '../../../src/protocol/time.ts'
import { ADMIN } from '../../stand-ins/building.ts'
import type { Provocation } from './provocations.ts'
import type { Scene } from './scene.ts'

/** How each rule that OUTSIDE_POLICY names says no. The types demand all of them. */
export const policyRules: Readonly<Record<PolicyRule, Provocation>> = {
  past: { ask: async scene => await scene.claim({ person: 'anna', from: scene.in(-2), to: scene.in(60) }) },
  horizon: { ask: async scene => await scene.claim({ person: 'anna', from: scene.in(31 * 24 * 60), to: scene.in(31 * 24 * 60 + 60) }) },
  'longest-stay': {
    given: async scene => await govern(scene, { longestStayMs: 8 * HOUR }),
    ask: async scene => await scene.claim({ person: 'anna', to: scene.in(8 * 60 + 1) })
  },
  'opening-hours': { ask: async scene => await scene.claim({ person: 'anna', space: 'a1', to: scene.in(60) }) },
  'check-in-window': { ask: async scene => await scene.claim({ person: 'anna', from: scene.in(60), to: scene.in(120), checkIn: true }) },
  eligible: { ask: async scene => await scene.claim({ person: 'anna', space: 'v1' }) },
  'sensor-only': { ask: async scene => await scene.claim({ person: 'anna', space: 's1' }) },
  site: {
    ask: async scene => await scene.building.commands.change(ADMIN, await own(scene), { space: 'a1', await: 'accepted' }),
    given: async scene => { await scene.claim({ person: 'anna', to: scene.in(60) }) }
  },
  'claims-per-day': {
    // One person's day: a room's would take 96.
    given: async scene => { for (let i = 0; i < 64; i++) await scene.claim({ person: 'anna', space: 'r1', from: scene.in(5 * i), to: scene.in(5 * i + 5) }) },
    ask: async scene => await scene.claim({ person: 'anna', space: 'd1', from: scene.in(400), to: scene.in(410) })
  },
  'days-per-space': {
    // A stay that began a month ago touches 32 days, each of those that follow it without a gap 31 more.
    given: async scene => {
      await govern(scene, { horizonMs: 366 * DAY, releaseGraceMs: null })
      await scene.claim({ person: 'anna', to: toMoment(scene.now + 31 * DAY) })
      scene.building.clock.pass(30 * DAY)
      for (let n = 0; n < 11; n++) await stay(scene, n)
    },
    ask: async scene => await stay(scene, 11)
  }
}

async function stay (scene: Scene, nth: number): Promise<void> {
  const from = scene.now + DAY + nth * 31 * DAY
  await scene.claim({ person: 'anna', from: toMoment(from), to: toMoment(from + 31 * DAY - MINUTE) })
}

/** Anna's claim. */
async function own ({ building }: Scene): Promise<string> {
  return (await building.commands.claims(ADMIN, { person: 'anna' }))[0]?.id ?? ''
}

async function govern ({ building }: Scene, policy: object): Promise<void> {
  await building.admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Europe/Berlin', policy })
}
