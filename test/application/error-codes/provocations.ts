import { PerchError, type ErrorCode } from '../../../src/domain/errors.ts'
import { Newcomers } from '../../../src/transports/live/newcomers.ts'
import { openDesk } from '../../harness/access.ts'
import { openCore } from '../../harness/core.ts'
import { StreamNode } from '../../harness/stream-node.ts'
import { until } from '../../harness/wait.ts'
import { ADMIN } from '../../stand-ins/building.ts'
import { HandClock } from '../../stand-ins/clock.ts'
import { emptyLedger } from '../../stand-ins/ledger.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { policyRules } from './policy-rules.ts'
import { plan, somebody, type Scene } from './scene.ts'

/** What must be so first, and what is then refused. */
export interface Provocation {
  given? (scene: Scene): Promise<void>
  ask (scene: Scene, t: Cleanup): Promise<unknown>
}

const asked = (ask: Provocation['ask'], given?: Provocation['given']): Provocation => given === undefined ? { ask } : { given, ask }
/** Anna has d1 for an hour. */
const ANNAS = '019cadd4-0000-7000-8000-000000000001'
const annas = async (scene: Scene): Promise<void> => { await scene.claim({ id: ANNAS, person: 'anna', to: scene.in(60) }) }
const UNKNOWN = '019cadd4-0000-7000-8000-00000000dead'

/** Every code that there is, by what brings it about. The types demand all of them, and at least the name of one way. */
export const provocations: Readonly<Record<ErrorCode, Readonly<Record<string, Provocation>>>> = {
  BAD_REQUEST: {
    'a device claims for nobody': asked(async scene => await scene.claim({})),
    'a claim ends before it begins': asked(async scene => await scene.claim({ person: 'anna', from: scene.in(60), to: scene.in(30) })),
    'a claim is for the year 2201': asked(async scene => await scene.claim({ person: 'anna', to: '2201-01-01T00:00:00Z' })),
    'a claim id is a month old': asked(async scene => await scene.claim({ id: '019c0000-0000-7000-8000-000000000001', person: 'anna' })),
    'a change ends a claim before it began': asked(
      async scene => await scene.building.commands.change(ADMIN, ANNAS, { to: scene.in(20), await: 'accepted' }),
      async scene => { await scene.claim({ id: ANNAS, person: 'anna', from: scene.in(30), to: scene.in(60) }) }
    ),
    'claims are asked for of nobody and nothing': asked(async ({ building }) => await building.commands.claims(ADMIN, {})),
    'a site is in no time zone': asked(async ({ building }) => await building.admin.putSite(ADMIN, 'hq', { name: 'Headquarters', zone: 'Mars/Base' }))
  },
  UNAUTHENTICATED: { 'a request has no credentials': asked(async scene => await scene.http('POST', '/v1/claims', { space: 'd1' }, null)) },
  FORBIDDEN: {
    'a member claims for somebody else': asked(async scene => await scene.claim({ person: 'ben' }, somebody('member', 'anna'))),
    'a display claims': asked(async scene => await scene.claim({ person: 'ben' }, somebody('display'))),
    'a member releases what is another\'s': asked(async ({ building }) => await building.commands.release(somebody('member', 'ben'), ANNAS, 'accepted'), annas),
    'a manager blocks a space of another site': asked(async ({ building }) => await building.commands.block(somebody('manager', null, 'annex'), 'd1', {})),
    'a viewer sends readings': asked(async ({ building }) => await building.commands.read(somebody('viewer', 'anna'), { readings: [{ space: 'd1', value: 'occupied' }] })),
    'a member changes a floor': asked(async ({ building }) => await building.admin.putFloor(somebody('member', 'anna'), 'f1', plan('f1', ['d1']), { release: true }))
  },
  NOT_FOUND: { 'there is nothing at an address': asked(async scene => await scene.http('GET', '/v1/nowhere')) },
  ORG_UNKNOWN: {
    'credentials are of an org that nobody made': asked(async ({ building }) => await building.admin.org({ ...ADMIN, org: 'ghost' })),
    'people come before their org': asked(async ({ building }) => await building.admin.putPeople({ ...ADMIN, org: 'ghost' }, { people: [{ id: 'anna', name: 'Anna' }] }))
  },
  SITE_UNKNOWN: {
    'a floor is of no site': asked(async ({ building }) => await building.admin.putFloor(ADMIN, 'f2', { ...plan('x1'), site: 'nowhere' }, { release: false })),
    'a command is for no site': asked(async ({ building }) => await building.transact('acme', { type: 'tick', spaces: ['d1'] }, { site: 'nowhere' }, 'perch'))
  },
  FLOOR_UNKNOWN: {
    'claims of no floor are asked for': asked(async ({ building }) => await building.commands.claims(ADMIN, { floor: 'nowhere' })),
    'a floor is asked for that is not there': asked(async ({ building }) => await building.admin.floor(ADMIN, 'nowhere'))
  },
  SPACE_UNKNOWN: {
    'a space is claimed that is not there': asked(async scene => await scene.claim({ person: 'anna', space: 'nowhere' })),
    'a space is claimed that was taken off the plan': asked(
      async scene => await scene.claim({ person: 'anna', space: 'd2' }),
      async ({ building }) => { await building.admin.putFloor(ADMIN, 'f1', plan('f1', ['d2']), { release: false }) }
    ),
    'a space is blocked that is not there': asked(async ({ building }) => await building.commands.block(ADMIN, 'nowhere', {})),
    'a claim is moved to a space that is not there': asked(async ({ building }) => await building.commands.change(ADMIN, ANNAS, { space: 'nowhere', await: 'accepted' }), annas),
    'a sensor reads a space that is not there': asked(async ({ building }) => {
      const [answer] = await building.commands.read(ADMIN, { readings: [{ space: 'nowhere', value: 'occupied' }] })
      if (answer?.error !== undefined) throw new PerchError(answer.error.code)
    })
  },
  PERSON_UNKNOWN: {
    'a claim is for nobody known': asked(async scene => await scene.claim({ person: 'zoe' })),
    'a badge is nobody\'s': asked(async scene => await scene.claim({ person: { badge: 'lost' } }))
  },
  CLAIM_UNKNOWN: {
    'a claim is checked in that was never made': asked(async ({ building }) => await building.commands.checkIn(ADMIN, UNKNOWN, 'accepted')),
    'a member looks at a colleague\'s claim': asked(async ({ building }) => await building.commands.find(somebody('member', 'ben'), ANNAS), annas)
  },
  KEY_UNKNOWN: { 'a key is revoked that nobody made': asked(async ({ building }) => await openDesk(building).keys.revokeKey(ADMIN, 'ci')) },
  DEVICE_UNKNOWN: {
    'a device is cut off that was never paired': asked(async ({ building }) => await openDesk(building).devices.admin.cutOffDevice(ADMIN, '0123456789abcdef')),
    'somebody renames what is no device': asked(async ({ building }) => await openDesk(building).devices.admin.changeDevice(ADMIN, 'self', { name: 'Lobby' }))
  },
  PAIRING_UNKNOWN: {
    'a code is approved that no device shows': asked(async ({ building }) => await openDesk(building).devices.pairing.approve(ADMIN, 'ACDE-FGHJ', { name: 'Lobby', role: 'display', site: 'hq' })),
    'a code is typed in that nobody made': asked(async ({ building }) => await openDesk(building).devices.pairing.redeem('127.0.0.1', 'ACDE-FGHJ')),
    'a device asks with a secret of nobody': asked(async ({ building }) => await openDesk(building).devices.pairing.poll('A'.repeat(43)))
  },
  SPACE_TAKEN: {
    'a space is claimed twice': asked(async scene => await scene.claim({ person: 'ben', from: scene.in(59), to: scene.in(90) }), annas),
    'a claim grows into the next': asked(async scene => await scene.building.commands.change(ADMIN, ANNAS, { to: scene.in(61), await: 'accepted' }), async scene => {
      await annas(scene)
      await scene.claim({ person: 'ben', from: scene.in(60), to: scene.in(90) })
    })
  },
  SPACE_IN_USE: {
    'a floor loses a space with a claim': asked(async ({ building }) => await building.admin.putFloor(ADMIN, 'f1', plan('f1', ['d1']), { release: false }), annas)
  },
  PERSON_BUSY: { 'a person claims two desks': asked(async scene => await scene.claim({ person: 'anna', space: 'd2' }), annas) },
  SPACE_BLOCKED: {
    'a space out of service is claimed': asked(async scene => await scene.claim({ person: 'anna' }), async ({ building }) => { await building.commands.block(ADMIN, 'd1', {}) }),
    'somebody checks in where it is out of service': asked(async ({ building }) => await building.commands.checkIn(ADMIN, ANNAS, 'accepted'), async scene => {
      await annas(scene)
      await scene.building.commands.block(ADMIN, 'd1', {})
    })
  },
  CLAIM_ENDED: {
    'somebody checks in to what was released': asked(async ({ building }) => await building.commands.checkIn(ADMIN, ANNAS, 'accepted'), async scene => {
      await annas(scene)
      await scene.building.commands.release(ADMIN, ANNAS, 'accepted')
    }),
    'somebody checks in too late, before the keeper has noticed': asked(async ({ building }) => await building.commands.checkIn(ADMIN, ANNAS, 'accepted'), async scene => {
      await annas(scene)
      // Nobody is a no-show where nobody was served (INV-9).
      scene.building.served.start()
      scene.building.clock.pass(15 * 60_000)
    }),
    'a claim is changed that is over': asked(async scene => await scene.building.commands.change(ADMIN, ANNAS, { to: scene.in(60), await: 'accepted' }), async scene => {
      await annas(scene)
      scene.building.clock.pass(60 * 60_000)
    })
  },
  CLAIM_ID_REUSED: {
    'another claim has the id': asked(async scene => await scene.claim({ id: ANNAS, person: 'anna', to: scene.in(61) }), annas),
    'the claim that had the id has ended': asked(async scene => await scene.claim({ id: ANNAS, person: 'ben', to: scene.in(60) }), async scene => {
      await annas(scene)
      await scene.building.commands.release(ADMIN, ANNAS, 'accepted')
    })
  },
  KEY_EXISTS: {
    'two keys have one name': asked(async ({ building }) => {
      const { keys } = openDesk(building)
      for (let i = 0; i < 2; i++) await keys.makeKey(ADMIN, { name: 'ci', role: 'admin' })
    })
  },
  PLAN_CHANGED: { 'a floor is changed from an old revision': asked(async ({ building }) => await building.admin.putFloor(ADMIN, 'f1', { ...plan('f1', ['d1']), revision: 7 }, { release: false })) },
  TOO_LARGE: { 'a request has a megabyte': asked(async scene => await scene.http('POST', '/v1/claims', JSON.stringify({ space: 'd1' }) + ' '.repeat(1024 * 1024))) },
  PLAN_INVALID: {
    'a space has no shape': asked(async ({ building }) => await building.admin.putFloor(ADMIN, 'f1', { ...plan('f1'), plan: plan('f1', ['d1']).plan }, { release: false })),
    'a space is of another floor': asked(async ({ building }) => await building.admin.putFloor(ADMIN, 'f2', plan('f1'), { release: false }))
  },
  OUTSIDE_POLICY: Object.fromEntries(Object.entries(policyRules).map(([rule, { given, ask }]) => [
    `the rule is ${rule}`,
    asked(async (scene, t) => {
      try {
        return await ask(scene, t)
      } catch (error) {
        // Under another rule's name it would be as wrong as under another code.
        if (error instanceof PerchError && error.detail['rule'] !== rule) throw new Error(`not ${rule}`, { cause: error })
        throw error
      }
    }, given)
  ])),
  RATE_LIMITED: {
    'a session watches more floors than it may': asked(async ({ building }, t) => {
      const stream = new StreamNode(t, { store: building.store, clock: new HandClock(), limits: { watchesPerSession: 1 } })
      const { session, socket } = stream.connect(ADMIN)
      for (const floor of ['f1', 'x1']) session.receive({ type: 'watch', id: floor, floor })
      await until(() => socket.of('reply').length === 2, { what: 'both are answered' })
      const reply = socket.of('reply').find(({ id }) => id === 'x1')
      if (reply !== undefined && !reply.ok) throw new PerchError(reply.error.code)
    })
  },
  INTERNAL: {
    'the program has a mistake': asked(async scene => {
      scene.faulty.beforeRead = async () => { throw new TypeError('not foreseen') }
      await scene.http('GET', '/v1/claims?person=anna')
    })
  },
  BUSY: {
    'rivals commit first, again and again': asked(async scene => {
      scene.faulty.onCommit = async ({ org, checks }) => {
        const { records, now } = await scene.faulty.store.read(org, checks.map(({ key }) => key))
        return { state: 'conflict', now, current: records }
      }
      await scene.claim({ person: 'anna' })
    }),
    'rivals hold the guard': asked(async ({ building }, t) => {
      const guard = { hold: async () => ({ state: 'busy' as const }), close: async () => {} }
      const { store, directory } = building
      const { commands } = await openCore(t, { store, directory, ledger: emptyLedger(), guard, keeps: [] })
      await commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted' })
    })
  },
  UNAVAILABLE: {
    'more come at once than a node takes': asked(async ({ building }, t) => {
      const { sessions } = new StreamNode(t, { store: building.store, clock: new HandClock() })
      const newcomers = new Newcomers({ sessions, clock: new HandClock(), metrics: { turnedAway () {} }, acceptRate: 2 })
      for (let i = 0; i < 3; i++) newcomers.admit()
    }),
    'somebody comes while the node drains': asked(async ({ building }, t) => {
      const { sessions } = new StreamNode(t, { store: building.store, clock: new HandClock() })
      await sessions.drain()
      new Newcomers({ sessions, clock: new HandClock(), metrics: { turnedAway () {} }, acceptRate: 0 }).admit()
    })
  },
  RECOVERING: {
    'a claim comes while the shard is frozen': asked(async scene => await scene.claim({ person: 'anna' }), async scene => await scene.freeze()),
    'somebody asks while the shard is frozen': asked(async ({ building }) => await building.commands.claims(ADMIN, { person: 'anna' }), async scene => await scene.freeze())
  },
  LEDGER_BEHIND: {
    'the outbox is full': asked(async scene => await scene.claim({ person: 'anna' }), async scene => await scene.fillOutbox())
  },
  OUTDATED: {
    'a record is of a format that a later release writes': asked(async scene => await scene.claim({ person: 'anna', space: 'd2' }), async scene => await scene.rewrite('space/d2', body => body.replace('[1,', '[2,')))
  },
  OUTCOME_UNKNOWN: {
    'a commit is lost with its answer': asked(async scene => {
      scene.faulty.onCommit = async () => { throw new PerchError('OUTCOME_UNKNOWN') }
      await scene.claim({ person: 'anna' })
    })
  }
}
