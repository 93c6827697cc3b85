import { useEffect, useState } from 'preact/hooks'
import { reloadAfterCrashes } from '../live/crash-watch.ts'
import { pairing, unpair } from '../live/device.ts'
import { keepAwake } from '../live/wake-lock.ts'
import { Button } from '../parts/button.tsx'
import { PairingScreen } from '../parts/pairing-screen.tsx'
import { pairingWords } from '../words/pairing.ts'
import { Kiosk } from './kiosk.tsx'
import { kioskWords } from './words.ts'

/** A kiosk from the moment that it is set up: until it is paired it shows how that is done. */
export function Page () {
  const now = pairing.value
  const [crashed, setCrashed] = useState(false)
  useEffect(() => reloadAfterCrashes(() => setCrashed(true)), [])
  useEffect(keepAwake, [])
  if (now.state !== 'paired') return <PairingScreen />
  if (now.device.role !== 'kiosk') return <NoKiosk name={now.device.name} />
  // Whatever is said of the device anew is another place: everything begins again there.
  return <Kiosk key={JSON.stringify(now.device)} device={now.device} crashed={crashed} />
}

/** Somebody opened the wrong page on a device that is something else: it may not act for anybody. */
function NoKiosk ({ name }: { name: string }) {
  return (
    <main class='kiosk-wrong'>
      <h1>{kioskWords().wrongRole(name)}</h1>
      <Button onClick={unpair}>{pairingWords().title}</Button>
    </main>
  )
}
