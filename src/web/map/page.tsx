import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { connect, PerchError, type Perch } from '../../client/index.ts'
import { Api } from '../live/api.ts'
import { floorState } from '../live/floor-state.ts'
import { planOf, type FloorPlanned } from '../live/plans.ts'
import { session, token } from '../live/sign-in.ts'
import { FreshnessNote } from '../parts/freshness-note.tsx'
import { Legend } from '../parts/legend.tsx'
import { SignInScreen } from '../parts/sign-in-screen.tsx'
import type { FloorCanvas } from '../plan/floor-canvas.ts'
import { FloorPlan } from '../plan/floor-plan.tsx'
import { commonWords } from '../words/common.ts'
import './map.css'

export function Page () {
  return session.value === null ? <SignInScreen /> : <FloorMap />
}

function FloorMap () {
  const api = useMemo(() => new Api(token), [])
  const perch = useMemo(() => connect({ url: location.origin, token: async () => await token() ?? '' }), [])
  useEffect(() => () => perch.close(), [])
  const [, , floor = 'hq-3'] = location.pathname.split('/')
  return <OneFloor api={api} perch={perch} id={floor === '' ? 'hq-3' : floor} />
}

function OneFloor ({ api, perch, id }: { api: Api, perch: Perch, id: string }) {
  const words = commonWords()
  const state = useMemo(() => floorState(perch.watch(id)), [perch, id])
  useEffect(() => () => state.floor.close(), [state])
  const [planned, setPlanned] = useState<FloorPlanned | null>(null)
  const [chosen, setChosen] = useState<string | null>(null)
  const [said, setSaid] = useState('')
  const canvas = useRef<FloorCanvas | null>(null)
  const revision = state.plan.value
  useEffect(() => { planOf(api, id).then(setPlanned, () => {}) }, [id, revision])
  if (planned === null) return <p>{words.loading}</p>
  const claim = (space: string): void => {
    perch.claim({ space }).then(() => setSaid(''), (error: unknown) => setSaid(error instanceof PerchError ? error.message : String(error)))
  }
  return (
    <main class='map'>
      <div class='map-plan' onClick={event => setChosen(canvas.current?.spaceAt({ x: event.offsetX, y: event.offsetY })?.id ?? null)}>
        <FloorPlan shapes={planned.shapes} floor={state.floor} chosen={chosen} label={words.floorTitle(planned.floor.level, planned.floor.name)} onCanvas={drawn => { canvas.current = drawn }} />
      </div>
      {chosen !== null && <button type='button' onClick={() => claim(chosen)}>{chosen}</button>}
      <p role='alert'>{said}</p>
      <footer><Legend /><FreshnessNote freshness={state.freshness.value} zone='Europe/Zurich' /></footer>
    </main>
  )
}
