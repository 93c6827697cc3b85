import { useEffect, useState } from 'preact/hooks'
import type { DeviceView } from '../../../protocol/devices.ts'
import type { FloorSummaryView } from '../../../protocol/plan.ts'
import { useFloorState } from './use-floor-state.ts'
import { FreshnessNote } from '../../parts/freshness-note.tsx'
import { commonWords } from '../../words/common.ts'
import { floorName } from '../floor-choice.tsx'
import { Link } from '../link.tsx'
import { useOffice } from '../office.tsx'
import { healthWords } from '../words/health.ts'
import { lookAtServer, type ServerHealth } from './look.ts'
import { NodeFigures } from './node-figures.tsx'
import { ServerChecks } from './server-checks.tsx'

/** Milliseconds. */
const LOOK_MS = 5_000

/** Whether all works, in words for who looks after an office. */
export function HealthSection () {
  const words = healthWords()
  const { api, floors } = useOffice()
  const [health, setHealth] = useState<ServerHealth>({ state: 'asking' })
  useEffect(() => {
    const look = (): void => { lookAtServer(api).then(setHealth, () => {}) }
    look()
    const every = setInterval(look, LOOK_MS)
    return () => clearInterval(every)
  }, [api])
  return (
    <>
      <h1>{words.title}</h1>
      <Verdict health={health} />
      <div class='admin-cards'>
        {health.state === 'known' && <ServerChecks checks={health.checks} />}
        <section class='admin-card health-floors' aria-labelledby='health-floors'>
          <h2 id='health-floors'>{words.floors}</h2>
          {floors.length === 0 ? <p>{words.noFloors}</p> : <ul class='health-rows'>{floors.map(floor => <FloorRow key={floor.id} floor={floor} />)}</ul>}
        </section>
        {health.state === 'known' && health.devices !== null && <Devices devices={health.devices} />}
        {health.state === 'known' && health.figures !== null && <NodeFigures figures={health.figures} />}
      </div>
    </>
  )
}

function Verdict ({ health }: { health: ServerHealth }) {
  const words = healthWords()
  switch (health.state) {
    case 'asking': return <p role='status'>{commonWords().loading}</p>
    case 'unreachable': return <p role='alert' class='health-verdict health-bad'><span class='dot dot-gone' aria-hidden='true' />{words.unreachable}</p>
    case 'known': {
      const good = Object.values(health.checks).every(Boolean) && (health.devices ?? []).every(({ state }) => state === 'online')
      return <p role='status' class={`health-verdict ${good ? '' : 'health-bad'}`}><span class={`dot dot-${good ? 'good' : 'warn'}`} aria-hidden='true' />{good ? words.good : words.troubled}</p>
    }
  }
}

function FloorRow ({ floor }: { floor: FloorSummaryView }) {
  const { sites } = useOffice()
  const state = useFloorState(floor.id)
  const zone = sites.find(({ id }) => id === floor.site)?.zone ?? 'UTC'
  const told = state.freshness.value
  return <li><Link to={{ section: 'spaces', floor: floor.id }}>{floorName(floor, sites)}</Link>{told.state === 'refused' ? <span class='health-bad'>{healthWords().floorRefused}</span> : <FreshnessNote freshness={told} zone={zone} />}</li>
}

function Devices ({ devices }: { devices: readonly DeviceView[] }) {
  const words = healthWords()
  const silent = devices.filter(({ state }) => state === 'silent')
  const unwell = devices.filter(({ state, health }) => state === 'online' && health !== null && health !== 'ok')
  return (
    <section class='admin-card' aria-labelledby='health-devices'>
      <h2 id='health-devices'>{words.devices}</h2>
      {devices.length === 0 && <p>{words.devicesNone}</p>}
      {devices.length > 0 && silent.length + unwell.length === 0 && <p>{words.devicesGood(devices.length)}</p>}
      {silent.length > 0 && <p class='health-bad'>{words.silent(silent.length)}: {silent.map(({ name }) => name).join(', ')}</p>}
      {unwell.length > 0 && <p class='health-bad'>{words.unwell(unwell.length)}: {unwell.map(({ name }) => name).join(', ')}</p>}
      <p><Link to={{ section: 'devices', floor: null }}>{words.look}</Link></p>
    </section>
  )
}
