import { test } from 'tap'
import assert from 'node:assert/strict'
import type { DayRecord } from '../../src/domain/space.ts'
import { utcDays } from '../../src/domain/time.ts'
import { at, Office, told } from '../harness/office.ts'

const days = utcDays({ from: at('00:00'), to: at('00:00', 32) })
const renamed = (name: string | null) => ({ type: 'present' as const, site: 'hq', person: 'ada', name, days })

test('a new name is in every record that shows the person', async () => {
  const office = new Office()
  office.granted({ space: 'd1', to: at('10:00') })
  office.granted({ space: 'e1', from: at('10:00'), to: at('11:00') })
  office.granted({ space: 'l1', to: at('12:00', 3) })
  assert.deepEqual(told(office.does(renamed('Ada L.'))), ['settled', 'settled', 'settled'])
  assert.deepEqual([office.record('d1').current?.name, office.record('e1').next?.name, office.record('l1').current?.name], ['Ada L.', 'Ada L.', 'Ada L.'])
  const names = [...office.records].filter(([key]) => key.startsWith('day/')).flatMap(([, { value }]) => (value as DayRecord).holdings.map(({ name }) => name))
  assert.deepEqual([...new Set(names)], ['Ada L.'])
})

test('who hides is in no record any more (INV-7)', async () => {
  const office = new Office()
  office.granted({ space: 'd1' })
  office.granted({ space: 'l1', to: at('12:00', 3) })
  office.does(renamed(null))
  assert.ok(![...office.records.values()].some(({ value }) => JSON.stringify(value).includes('"Ada"')))
})

test('others keep their names', async () => {
  const office = new Office()
  office.granted({ space: 'd1', person: 'bob' })
  const answer = office.does(renamed('Ada L.'))
  assert.ok(answer.ok && !answer.changed)
  assert.equal(office.record('d1').current?.name, 'Bob')
})

test('the same name again changes nothing', async () => {
  const office = new Office()
  office.granted({ space: 'd1' })
  office.does(renamed('Ada L.'))
  const again = office.does(renamed('Ada L.'))
  assert.ok(again.ok && !again.changed)
})

test('a new name does what is due on the space, too', async () => {
  const office = new Office()
  const claim = office.granted({ space: 'd1', to: at('09:30'), checkIn: true })
  office.granted({ space: 'd1', person: 'bob', from: at('09:30'), to: at('10:00') })
  office.now = at('09:31')
  assert.deepEqual(told(office.does(renamed('Ada L.'))), ['ended', 'began'])
  assert.equal(office.claimNow(claim).life.state, 'ended')
})

test('spaces of another site are left to its own rules', async () => {
  const office = new Office()
  office.granted({ space: 'd1' })
  const answer = office.run({ ...renamed('Ada L.'), site: 'lab' })
  assert.ok(answer.ok && !answer.changed)
})
