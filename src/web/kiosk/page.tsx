import { pairing } from '../live/device.ts'
import { PairingScreen } from '../parts/pairing-screen.tsx'
import { Kiosk } from './kiosk.tsx'

export function Page () {
  const now = pairing.value
  // Whatever is said of the device anew is another place: everything begins again there.
  return now.state === 'paired' ? <Kiosk key={JSON.stringify(now.device)} device={now.device} /> : <PairingScreen />
}
