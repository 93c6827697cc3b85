import { useEffect, useState } from 'preact/hooks'
import type { DeviceView } from '../../../protocol/devices.ts'
import { Button } from '../../parts/button.tsx'
import { commonWords } from '../../words/common.ts'
import { useOffice } from '../office.tsx'
import { deviceWords } from '../words/devices.ts'
import { refusalText } from '../words/refusals.ts'
import { DeviceRow } from './device-row.tsx'
import { PairForm } from './pair-form.tsx'

type Known = { state: 'asking' } | { state: 'refused', error: unknown } | { state: 'known', devices: readonly DeviceView[] }

/** Milliseconds. How they are is told once a minute; a screen that was just approved should be there as soon as it is paired. */
const LOOK_MS = 5_000

/** Screens, kiosks and sensors: pair, see how they are, move, cut off. */
export function DevicesSection () {
  const words = deviceWords()
  const { api } = useOffice()
  const [known, setKnown] = useState<Known>({ state: 'asking' })
  const look = (): void => {
    api.ask<{ devices: DeviceView[] }>('GET', '/v1/devices').then(
      ({ devices }) => setKnown({ state: 'known', devices }),
      (error: unknown) => setKnown(before => before.state === 'known' ? before : { state: 'refused', error })
    )
  }
  useEffect(() => {
    look()
    const every = setInterval(look, LOOK_MS)
    return () => clearInterval(every)
  }, [])
  return (
    <>
      <h1>{words.title}</h1>
      <div class='admin-two'>
        <PairForm onDone={look} />
        <section class='admin-card' aria-labelledby='devices-title'>
          <h2 id='devices-title'>{words.listTitle}</h2>
          {known.state === 'asking' && <p role='status'>{commonWords().loading}</p>}
          {known.state === 'refused' && <><p role='alert' class='admin-bad'>{refusalText(known.error)}</p><Button onClick={look}>{commonWords().tryAgain}</Button></>}
          {known.state === 'known' && known.devices.length === 0 && <div class='admin-empty'><p>{words.none}</p><p>{words.noneHow}</p></div>}
          {known.state === 'known' && <ul class='admin-list'>{known.devices.map(device => <DeviceRow key={device.id} device={device} onChange={look} />)}</ul>}
        </section>
      </div>
    </>
  )
}
