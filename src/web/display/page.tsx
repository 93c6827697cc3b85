import { useEffect, useMemo, useState } from 'preact/hooks'
import type { DeviceHealth } from '../../domain/device.ts'
import { reloadAfterCrashes } from '../live/crash-watch.ts'
import { openDeviceLine, type DeviceLine } from '../live/device-line.ts'
import { pairing, unpair, type Device } from '../live/device.ts'
import { VERSION } from '../live/version.ts'
import { keepAwake } from '../live/wake-lock.ts'
import { Button } from '../parts/button.tsx'
import { PairingScreen } from '../parts/pairing-screen.tsx'
import { pairingWords } from '../words/pairing.ts'
import { displayOptions } from './options.ts'
import { Screen } from './screen.tsx'
import { SiteFloors } from './site-floors.ts'
import { displayWords } from './words.ts'
import './page.css'

/** A display from the moment that it is hung up: until it is paired it shows how that is done. */
export function Page () {
  const now = pairing.value
  const [crashed, setCrashed] = useState(false)
  useEffect(() => reloadAfterCrashes(() => setCrashed(true)), [])
  useEffect(keepAwake, [])
  if (now.state !== 'paired') return <PairingScreen />
  if (now.device.role !== 'display') return <NoDisplay device={now.device} />
  return <Display key={now.device.id} device={now.device} crashed={crashed} />
}

interface Opened {
  line: DeviceLine
  house: SiteFloors
}

function Display ({ device, crashed }: { device: Device, crashed: boolean }) {
  const options = useMemo(() => displayOptions(location.search), [])
  const health = useMemo<{ now: DeviceHealth }>(() => ({ now: 'ok' }), [])
  const [opened, setOpened] = useState<Opened | null>(null)
  useEffect(() => {
    const line = openDeviceLine(VERSION, () => health.now)
    const house = new SiteFloors(line, device.site)
    setOpened({ line, house })
    return () => {
      house.close()
      line.close()
    }
  }, [])
  if (opened === null) return null
  return <Screen line={opened.line} house={opened.house} device={device} options={options} onHealth={degraded => { health.now = crashed ? 'failing' : degraded ? 'degraded' : 'ok' }} />
}

/** Somebody opened the wrong page on a device that is something else: it would see what a display may not. */
function NoDisplay ({ device }: { device: Device }) {
  const words = displayWords()
  return (
    <main class='display-wrong'>
      <h1>{words.wrongRole(device.name)}</h1>
      {device.role === 'kiosk' && <a class='button button-main' href='/kiosk/'>{words.toKiosk}</a>}
      <Button onClick={unpair}>{pairingWords().title}</Button>
    </main>
  )
}
