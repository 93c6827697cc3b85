import { useEffect } from 'preact/hooks'
import { pair, pairing } from '../live/device.ts'
import { commonWords } from '../words/common.ts'
import { pairingWords } from '../words/pairing.ts'
import './pairing-screen.css'

/** What a screen shows until somebody has said what it is to be. */
export function PairingScreen () {
  const words = pairingWords()
  const now = pairing.value
  useEffect(() => { pair().catch(() => {}) }, [])
  return (
    <main class='pairing-screen'>
      <h1>{words.title}</h1>
      <p>{words.how}</p>
      <p class='pairing-code' role='status'>{now.state === 'waiting' ? now.code : now.state === 'unreachable' ? commonWords().offline : commonWords().catchingUp}</p>
      <p>{words.where(`${location.host}/admin`)}</p>
    </main>
  )
}
