import { useEffect, useMemo, useState } from 'preact/hooks'
import { openDeviceLine, type DeviceLine } from '../live/device-line.ts'
import { pairing, type Device } from '../live/device.ts'
import { floorState } from '../live/floor-state.ts'
import { planOf, sitesOf, type FloorPlanned } from '../live/plans.ts'
import { FreshnessNote } from '../parts/freshness-note.tsx'
import { Legend } from '../parts/legend.tsx'
import { PairingScreen } from '../parts/pairing-screen.tsx'
import { FloorPlan } from '../plan/floor-plan.tsx'
import { commonWords } from '../words/common.ts'
import './display.css'

export function Page () {
  const now = pairing.value
  return now.state === 'paired' ? <Display device={now.device} /> : <PairingScreen />
}

function Display ({ device }: { device: Device }) {
  const [line, setLine] = useState<DeviceLine | null>(null)
  useEffect(() => {
    const opened = openDeviceLine('dev')
    setLine(opened)
    return () => opened.close()
  }, [])
  return line === null || device.floor === null ? null : <FloorDisplay line={line} id={device.floor} device={device} />
}

function FloorDisplay ({ line, id, device }: { line: DeviceLine, id: string, device: Device }) {
  const words = commonWords()
  const state = useMemo(() => floorState(line.perch.watch(id)), [line, id])
  useEffect(() => () => state.floor.close(), [state])
  const [planned, setPlanned] = useState<FloorPlanned | null>(null)
  const [zone, setZone] = useState('UTC')
  const revision = state.plan.value
  useEffect(() => {
    planOf(line.api, id).then(setPlanned, () => {})
    sitesOf(line.api).then(sites => setZone(sites.find(site => site.id === device.site)?.zone ?? 'UTC'), () => {})
  }, [line, id, revision])
  if (planned === null) return <p>{words.loading}</p>
  const { floor, shapes } = planned
  return (
    <main class='display'>
      <header><h1>{words.floorTitle(floor.level, floor.name)}</h1></header>
      <FloorPlan shapes={shapes} floor={state.floor} label={words.floorTitle(floor.level, floor.name)} here={device.point === null ? null : { name: words.youAreHere, x: device.point[0], y: -device.point[1] }} />
      <p class='free'><strong>{state.counts.value?.free ?? '–'}</strong> {words.desksFree(state.counts.value?.free ?? 0)}</p>
      <footer><Legend /><FreshnessNote freshness={state.freshness.value} zone={zone} /></footer>
    </main>
  )
}
