import { test } from 'tap'
import assert from 'node:assert/strict'
import { luxonCalendars } from '../../../src/adapters/luxon/calendars.ts'
import type { SiteHours } from '../../../src/application/ports.ts'
import { DAY, HOUR, MINUTE, SECOND, type Span } from '../../../src/domain/time.ts'

const at = Date.parse
const calendars = luxonCalendars()
const alwaysOpen = (zone: string) => calendars.of({ zone, hours: null })
const daily = (zone: string, opens: string, closes: string) => {
  const hours = { opens, closes }
  return calendars.of({ zone, hours: { 1: hours, 2: hours, 3: hours, 4: hours, 5: hours, 6: hours, 7: hours } })
}
const span = (from: string, to: string): Span => ({ from: at(from), to: at(to) })

test('a day begins and ends at the site\'s own midnight', async () => {
  const day = alwaysOpen('Europe/Zurich').dayOf(at('2026-01-15T23:30:00Z'))
  assert.deepEqual(day, { key: '2026-01-16', ...span('2026-01-16T00:00:00+01:00', '2026-01-17T00:00:00+01:00'), open: span('2026-01-16T00:00:00+01:00', '2026-01-17T00:00:00+01:00') })
})

test('midnight belongs to the day that begins', async () => {
  const zurich = alwaysOpen('Europe/Zurich')
  assert.equal(zurich.dayOf(at('2026-01-16T00:00:00+01:00')).key, '2026-01-16')
  assert.equal(zurich.dayOf(at('2026-01-16T00:00:00+01:00') - 1).key, '2026-01-15')
})

test('a zone with half hours has its midnight on the half hour', async () => {
  assert.equal(alwaysOpen('Asia/Kolkata').startOf('2026-03-02'), at('2026-03-01T18:30:00Z'))
})

test('the far east is a day ahead of the far west at the same moment', async () => {
  const noon = at('2026-06-01T12:00:00Z')
  assert.equal(alwaysOpen('Pacific/Kiritimati').dayOf(noon).key, '2026-06-02')
  assert.equal(alwaysOpen('Pacific/Pago_Pago').dayOf(noon).key, '2026-06-01')
})

test('a day on which the clock is put forward or back is an hour shorter or longer', async () => {
  const lasts = (zone: string, date: string) => {
    const day = alwaysOpen(zone).dayOf(alwaysOpen(zone).startOf(date))
    return (day.to - day.from) / MINUTE
  }
  assert.equal(lasts('Europe/Zurich', '2026-03-29'), 23 * 60)
  assert.equal(lasts('Europe/Zurich', '2026-10-25'), 25 * 60)
  assert.equal(lasts('America/New_York', '2026-03-08'), 23 * 60)
  assert.equal(lasts('America/New_York', '2026-11-01'), 25 * 60)
  assert.equal(lasts('Pacific/Auckland', '2026-09-27'), 23 * 60)
  assert.equal(lasts('Pacific/Auckland', '2026-04-05'), 25 * 60)
  assert.equal(lasts('Australia/Lord_Howe', '2026-10-04'), 23 * 60 + 30)
  assert.equal(lasts('Australia/Lord_Howe', '2026-04-05'), 24 * 60 + 30)
})

test('a day without a midnight begins when its clock begins', async () => {
  assert.equal(alwaysOpen('America/Sao_Paulo').startOf('2018-11-04'), at('2018-11-04T01:00:00-02:00'))
  assert.equal(alwaysOpen('Africa/Cairo').startOf('2024-04-26'), at('2024-04-26T01:00:00+03:00'))
  assert.equal(alwaysOpen('Asia/Beirut').startOf('2024-03-31'), at('2024-03-31T01:00:00+03:00'))
})

test('a day whose last hour comes twice ends after the second', async () => {
  const day = alwaysOpen('Africa/Cairo').dayOf(at('2024-10-31T12:00:00+03:00'))
  assert.deepEqual([day.from, day.to], [at('2024-10-31T00:00:00+03:00'), at('2024-11-01T00:00:00+02:00')])
  assert.equal(day.to - day.from, 25 * HOUR)
})

test('a date that a zone left out is no day', async () => {
  const apia = alwaysOpen('Pacific/Apia')
  const keys = apia.days(span('2011-12-29T12:00:00-10:00', '2011-12-31T12:00:00+14:00')).map(day => day.key)
  assert.deepEqual(keys, ['2011-12-29', '2011-12-31'])
})

test('days follow one another without a gap in every kind of zone', async () => {
  const zones = ['Europe/Zurich', 'America/New_York', 'America/St_Johns', 'America/Sao_Paulo', 'America/Nuuk', 'America/Havana', 'Africa/Cairo', 'Africa/Casablanca',
    'Asia/Beirut', 'Asia/Kolkata', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Pacific/Apia', 'Pacific/Auckland', 'Pacific/Chatham', 'Antarctica/Troll', 'UTC']
  for (const zone of zones) {
    const calendar = alwaysOpen(zone)
    let day = calendar.dayOf(at('2024-01-01T00:00:00Z'))
    while (day.from < at('2026-12-31T00:00:00Z')) {
      const next = calendar.dayOf(day.to)
      assert.equal(next.from, day.to, `${zone} after ${day.key}`)
      assert.equal(at(next.key) - at(day.key), DAY, `${zone} after ${day.key}`)
      day = next
    }
  }
})

test('whoever asks for days in whatever order is told the same', async () => {
  const moments = Array.from({ length: 2_000 }, (_, i) => at('2026-01-01T00:00:00Z') + (i * 7_919 % 2_000) * 5 * HOUR)
  const fresh = moments.map(moment => luxonCalendars().of({ zone: 'Australia/Lord_Howe', hours: null }).dayOf(moment))
  assert.deepEqual(moments.map(moment => alwaysOpen('Australia/Lord_Howe').dayOf(moment)), fresh)
})

test('days gives every day that a span touches, and none that it only ends at', async () => {
  const zurich = alwaysOpen('Europe/Zurich')
  const keys = (from: string, to: string) => zurich.days(span(from, to)).map(day => day.key)
  assert.deepEqual(keys('2026-03-28T08:00:00+01:00', '2026-03-30T00:00:00+02:00'), ['2026-03-28', '2026-03-29'])
  assert.deepEqual(keys('2026-03-28T08:00:00+01:00', '2026-03-30T00:00:01+02:00'), ['2026-03-28', '2026-03-29', '2026-03-30'])
  assert.deepEqual(keys('2026-03-28T08:00:00+01:00', '2026-03-28T08:00:00+01:00'), [])
})

test('opening hours are wall-clock times, in summer as in winter', async () => {
  const office = daily('Europe/Zurich', '08:00', '18:30')
  assert.deepEqual(office.dayOf(at('2026-01-15T12:00:00Z')).open, span('2026-01-15T08:00:00+01:00', '2026-01-15T18:30:00+01:00'))
  assert.deepEqual(office.dayOf(at('2026-07-15T12:00:00Z')).open, span('2026-07-15T08:00:00+02:00', '2026-07-15T18:30:00+02:00'))
  assert.deepEqual(office.dayOf(at('2026-03-29T12:00:00Z')).open, span('2026-03-29T08:00:00+02:00', '2026-03-29T18:30:00+02:00'))
})

test('a weekday without hours is closed', async () => {
  const office = calendars.of({ zone: 'America/New_York', hours: { 1: { opens: '09:00', closes: '17:00' } } })
  assert.deepEqual(office.dayOf(at('2026-03-02T12:00:00-05:00')).open, span('2026-03-02T09:00:00-05:00', '2026-03-02T17:00:00-05:00'))
  assert.equal(office.dayOf(at('2026-03-03T12:00:00-05:00')).open, null)
})

test('24:00 closes at midnight, also on a day of 23 or 25 hours', async () => {
  const late = daily('Europe/Zurich', '00:00', '24:00')
  for (const date of ['2026-03-29', '2026-10-25', '2026-06-01']) {
    const day = late.dayOf(late.startOf(date))
    assert.deepEqual(day.open, { from: day.from, to: day.to })
  }
})

test('hours that begin in the hour left out begin when it is over', async () => {
  assert.deepEqual(daily('Europe/Zurich', '02:30', '05:00').dayOf(at('2026-03-29T12:00:00Z')).open, span('2026-03-29T03:00:00+02:00', '2026-03-29T05:00:00+02:00'))
})

test('hours that lie in the hour left out are closed that day', async () => {
  assert.equal(daily('Europe/Zurich', '02:00', '03:00').dayOf(at('2026-03-29T12:00:00Z')).open, null)
})

test('hours that end in the half hour left out end when it begins', async () => {
  assert.deepEqual(daily('Australia/Lord_Howe', '01:00', '02:15').dayOf(at('2026-10-04T00:00:00Z')).open,
    span('2026-10-04T01:00:00+10:30', '2026-10-04T02:30:00+11:00'))
})

test('hours that begin in the hour that comes twice begin the first time', async () => {
  assert.deepEqual(daily('Europe/Zurich', '02:30', '05:00').dayOf(at('2026-10-25T12:00:00Z')).open, span('2026-10-25T02:30:00+02:00', '2026-10-25T05:00:00+01:00'))
})

test('hours from the midnight that does not exist begin with the day', async () => {
  const beirut = daily('Asia/Beirut', '00:00', '06:00')
  assert.deepEqual(beirut.dayOf(at('2024-03-31T12:00:00Z')).open, span('2024-03-31T01:00:00+03:00', '2024-03-31T06:00:00+03:00'))
})

test('hours that end before they begin are closed', async () => {
  assert.equal(daily('Europe/Zurich', '18:00', '08:00').dayOf(at('2026-03-02T12:00:00Z')).open, null)
})

test('the same hours give the same calendar, whatever the order of their days', async () => {
  const hours = { opens: '08:00', closes: '18:00' }
  const one: SiteHours = { zone: 'Europe/Zurich', hours: { 1: hours, 2: hours } }
  const other: SiteHours = JSON.parse('{"hours":{"2":{"closes":"18:00","opens":"08:00"},"1":{"opens":"08:00","closes":"18:00"}},"zone":"Europe/Zurich"}')
  assert.equal(calendars.of(one), calendars.of(other))
  assert.notEqual(calendars.of(one), calendars.of({ ...one, zone: 'Europe/Vienna' }))
  assert.notEqual(calendars.of(one), calendars.of({ ...one, hours: { 1: hours, 3: hours } }))
  assert.notEqual(calendars.of(one), calendars.of({ ...one, hours: null }))
})

test('an unknown zone is a bad request, also when it is called like something of every object', async () => {
  for (const zone of ['Mars/Olympus', '', '+02:00', 'constructor', '__proto__', 'Europe/Zürich']) {
    assert.equal(calendars.isZone(zone), false, zone)
    assert.throws(() => calendars.of({ zone, hours: null }), { code: 'BAD_REQUEST' }, zone)
  }
})

test('a time of day that is none is a bad request', async () => {
  for (const opens of ['8:00', '24:01', '25:00', '08:60', '08:00:00', '']) {
    assert.throws(() => calendars.of({ zone: 'UTC', hours: { 1: { opens, closes: '24:00' } } }), { code: 'BAD_REQUEST' }, opens)
  }
})

test('isZone knows the zones of IANA', async () => {
  for (const zone of ['Europe/Zurich', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'UTC']) assert.ok(calendars.isZone(zone), zone)
})

test('more days than a calendar keeps are right, too', async () => {
  const calendar = alwaysOpen('America/Denver')
  const dates = Array.from({ length: 1_500 }, (_, i) => new Date(at('2024-01-01') + i * DAY).toISOString().slice(0, 10))
  for (const date of [...dates, ...dates]) assert.equal(calendar.dayOf(calendar.startOf(date) + 12 * HOUR + SECOND).key, date)
})
