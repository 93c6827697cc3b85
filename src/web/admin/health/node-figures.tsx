import { healthWords } from '../words/health.ts'
import type { Figures } from './look.ts'

/** What the node that answered has counted, as far as somebody who looks after an office can do something with it. */
export function NodeFigures ({ figures }: { figures: Figures }) {
  const words = healthWords()
  const alarms = [
    ['lost', figures.perch_lost_claims_total],
    ['quarantined', figures.perch_quarantined_claims_total],
    ['clock', figures.perch_clock_jumps_total],
    ['breaks', figures.perch_service_breaks_total]
  ] as const
  const raised = alarms.filter(([, count]) => count > 0)
  return (
    <section class='admin-card' aria-labelledby='health-node'>
      <h2 id='health-node'>{words.node}</h2>
      <p>{words.sessions(figures.perch_sessions)}, {words.watchers(figures.perch_watchers)}.</p>
      {raised.length === 0 ? <p>{words.noAlarms}</p> : <ul class='health-alarms'>{raised.map(([name, count]) => <li key={name}>{words.alarms[name](count)}</li>)}</ul>}
      <p class='admin-hint'>{words.nodeHow}</p>
    </section>
  )
}
