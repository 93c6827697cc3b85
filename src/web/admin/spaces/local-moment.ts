import { TZDate } from '@date-fns/tz'

/** The moment at which a clock in that zone shows what a field for date and time says, like 2026-03-02T09:00. */
export function momentOf (local: string, zone: string): Date {
  const [year = 0, month = 1, day = 1, hours = 0, minutes = 0] = local.split(/\D/).map(Number)
  return new Date(+new TZDate(year, month - 1, day, hours, minutes, 0, zone))
}
