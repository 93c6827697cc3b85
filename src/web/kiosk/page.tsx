import { pairing } from '../live/device.ts'
import { PairingScreen } from '../parts/pairing-screen.tsx'

export function Page () {
  const now = pairing.value
  return now.state === 'paired' ? <h1>{now.device.name}</h1> : <PairingScreen />
}
