import type { Connection, Freshness } from '../../client/index.ts'
import { timeText } from '../time/site-time.ts'
import { commonWords } from '../words/common.ts'
import './freshness-note.css'

/** How far to trust what is shown, in words. `zone`: the site's. Told to screen readers when it changes. */
export function FreshnessNote ({ freshness, zone }: { freshness: Freshness | Connection, zone: string }) {
  const words = commonWords()
  const text = freshness.state === 'live'
    ? words.live
    : freshness.state === 'stale' ? words.staleSince(timeText(freshness.since, zone)) : freshness.state === 'catching-up' ? words.catchingUp : words.offline
  return <p class={`freshness-note freshness-${freshness.state}`} role='status'><span class='dot' aria-hidden='true' />{text}</p>
}
