import type { DeviceView } from '../../../protocol/devices.ts'
import { dayText, timeText } from '../../time/site-time.ts'
import { deviceWords } from '../words/devices.ts'

/** How a device is, in a word and by shape: a ring for good, a half disc for what needs a look, a square for what is not there. */
export function deviceState ({ state, lastSeenAt, health }: Pick<DeviceView, 'state' | 'lastSeenAt' | 'health'>, zone: string, now = Date.now()): { mark: 'good' | 'warn' | 'gone', text: string } {
  const words = deviceWords()
  if (lastSeenAt === null) return { mark: 'gone', text: words.neverSeen }
  if (state === 'silent') {
    const isToday = dayText(lastSeenAt, zone) === dayText(now, zone)
    return { mark: 'gone', text: words.silentSince(isToday ? timeText(lastSeenAt, zone) : `${dayText(lastSeenAt, zone)}, ${timeText(lastSeenAt, zone)}`) }
  }
  return health === 'degraded' || health === 'failing' ? { mark: 'warn', text: words.healths[health] } : { mark: 'good', text: words.online }
}
