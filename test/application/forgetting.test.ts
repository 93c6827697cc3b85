import { test } from 'tap'
import assert from 'node:assert/strict'
import { Forgetting } from '../../src/application/forgetting.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { shardOf } from '../../src/domain/ids.ts'
import { DAY, HOUR } from '../../src/domain/time.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { rest } from '../harness/stream-node.ts'
import { HandClock } from '../stand-ins/clock.ts'
import { DirectoryInMemory } from '../stand-ins/directory.ts'

/** Two orgs, and an archive that has so many steps of work for each day. */
async function scene (t: Cleanup, held = [shardOf('acme'), shardOf('other')]) {
  const [clock, directory] = [new HandClock(), new DirectoryInMemory()]
  await directory.putOrg({ id: 'acme', name: 'Acme', policy: {} })
  await directory.putOrg({ id: 'other', name: 'Other', policy: { preset: 'works-council' } })
  const asked: Array<{ org: string, until: number }> = []
  const done = new Map<string, number>()
  const archive = { away: false, steps: 1 }
  const forgetting = new Forgetting({
    directory,
    clock,
    held: () => held,
    archive: {
      forgottenUntil: async org => done.has(org) ? { until: 0, day: done.get(org) ?? 0 } : null,
      forget: async (org, until, now) => {
        if (archive.away) throw new PerchError('LEDGER_BEHIND')
        asked.push({ org, until })
        const left = asked.filter(one => one.org === org).length % archive.steps !== 0
        if (!left) done.set(org, Math.floor(now / DAY))
        return { subjects: 1, claims: 2, events: 0, quarantined: 0, left }
      }
    },
    onForgotten () {},
    onTrouble () {}
  })
  t.after(async () => { await forgetting.stop() })
  const pass = async (ms: number): Promise<void> => {
    for (let passed = 0; passed < ms; passed += HOUR / 4) {
      clock.pass(HOUR / 4)
      await rest(20)
    }
  }
  return { clock, directory, forgetting, asked, archive, pass }
}

test('once a day each org of this keeper\'s shards is gone through, up to a midnight that its policy says', async t => {
  const { clock, forgetting, asked, pass } = await scene(t)
  const today = Math.floor(clock.now() / DAY) * DAY
  forgetting.start()
  await pass(6 * HOUR)
  assert.deepEqual(asked, [{ org: 'acme', until: today - 30 * DAY }, { org: 'other', until: today - 14 * DAY }])
  await pass(DAY)
  assert.deepEqual(asked.slice(2), [{ org: 'acme', until: today - 29 * DAY }, { org: 'other', until: today - 13 * DAY }])
})

test('other keepers\' orgs are left to them', async t => {
  const { forgetting, asked, pass } = await scene(t, [shardOf('other')])
  forgetting.start()
  await pass(3 * HOUR)
  assert.deepEqual(asked.map(({ org }) => org), ['other'])
})

test('what could not be done is done an hour later', async t => {
  const { forgetting, asked, archive, pass } = await scene(t)
  archive.away = true
  forgetting.start()
  await pass(2 * HOUR)
  archive.away = false
  await pass(2 * HOUR)
  assert.equal(asked.length, 2)
})

test('step after step is done until nothing is left, and the sum is told', async t => {
  const { clock, directory, forgetting, archive, asked } = await scene(t)
  archive.steps = 3
  const org = await directory.org('acme') ?? assert.fail('it is there')
  const work = forgetting.forget(org)
  for (let i = 0; i < 10; i++) {
    await rest(20)
    clock.pass(100)
  }
  assert.deepEqual([await work, asked.length], [{ subjects: 3, claims: 6, events: 0, quarantined: 0, until: Math.floor(clock.now() / DAY) * DAY - 30 * DAY }, 3])
})
