import { useEffect, useMemo, useState } from 'preact/hooks'
import { left, session, sessionOver } from '../live/sign-in.ts'
import { stored } from '../live/stored.ts'
import { Button } from '../parts/button.tsx'
import { SignInScreen } from '../parts/sign-in-screen.tsx'
import { commonWords } from '../words/common.ts'
import { Deeds } from './deeds.ts'
import { FloorList } from './floor-list.tsx'
import { FloorMap } from './floor-map.tsx'
import { firstFloor, openOfficeLine, siteOf, type OfficeLine } from './office-line.ts'
import { useFloor } from './use-floor.ts'
import { go, place } from './visit.ts'
import { mapWords } from './words/words.ts'
import './map.css'

const lastFloor = stored(() => localStorage, 'perch.floor')

export function Page () {
  if (session.value !== null) return <SignedIn />
  return <>{left.value === 'over' && <p class='map-expired' role='alert'>{mapWords().expired}</p>}<SignInScreen /></>
}

/** As long as somebody is signed in. What they are doing is kept apart from this (visit.ts), for when their token is no longer taken and they have to say anew who they are. */
function SignedIn () {
  // Before anything is drawn: an effect would come a frame later.
  const [line] = useState(openOfficeLine)
  useEffect(() => () => line.close(), [line])
  const connection = line.connection.value
  const isRefused = connection.state === 'closed' && connection.error.code === 'UNAUTHENTICATED'
  useEffect(() => { if (isRefused) sessionOver() }, [isRefused])
  if (isRefused) return null
  return connection.state === 'closed' ? <Closed line={line} /> : <Office line={line} />
}

function Closed ({ line }: { line: OfficeLine }) {
  return <main class='map-message'><h1>{mapWords().closedForGood}</h1><Button look='main' onClick={() => line.perch.reconnect()}>{commonWords().tryAgain}</Button></main>
}

/** Finds out which floor it is to be. */
function Office ({ line }: { line: OfficeLine }) {
  const directory = line.directory.value
  const deeds = useMemo(() => new Deeds(line), [line])
  const floor = place.value.floor ?? lastFloor.get()
  useEffect(() => {
    if (place.value.floor !== null) return
    const first = lastFloor.get() ?? (directory === null ? null : firstFloor(directory, session.value?.person.site ?? null)?.id ?? null)
    if (first !== null) go({ floor: first, space: null })
  }, [directory, place.value])
  if (floor === null) return <main class='map-message'><h1>{directory?.floors.length === 0 ? mapWords().noFloors : commonWords().loading}</h1></main>
  return <OneFloor line={line} deeds={deeds} id={floor} />
}

function OneFloor ({ line, deeds, id }: { line: OfficeLine, deeds: Deeds, id: string }) {
  const words = mapWords()
  const { live, plan } = useFloor(line, id)
  const refused = live.freshness.value.state === 'refused'
  useEffect(() => { lastFloor.set(plan.state === 'there' ? id : plan.state === 'unknown' ? null : lastFloor.get()) }, [id, plan.state])
  if (plan.state === 'unknown' || refused) return <main class='map-message'><h1>{words.floorUnknown(id)}</h1><FloorList line={line} current={null} /></main>
  const site = siteOf(line.directory.value, id)
  if (plan.state === 'unreachable') return <main class='map-message'><h1>{words.notReached}</h1></main>
  if (plan.state === 'coming' || site === null) return <main class='map-message'><h1>{commonWords().loading}</h1></main>
  return <FloorMap line={line} deeds={deeds} site={site} state={live} planned={plan.planned} />
}
