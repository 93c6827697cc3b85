import { useEffect, useState } from 'preact/hooks'
import { PerchError } from '../../client/index.ts'
import { pair, pairing, redeem, type Pairing } from '../live/device.ts'
import { commonWords } from '../words/common.ts'
import { pairingWords } from '../words/pairing.ts'
import { Button } from './button.tsx'
import './pairing-screen.css'

/** What a screen shows until somebody has said what it is to be. */
export function PairingScreen () {
  const words = pairingWords()
  useEffect(() => { pair().catch(() => {}) }, [])
  return (
    <main class='pairing-screen'>
      <h1>{words.title}</h1>
      <Code now={pairing.value} />
      <Redeem />
    </main>
  )
}

function Code ({ now }: { now: Pairing }) {
  const words = pairingWords()
  switch (now.state) {
    case 'waiting':
      return (
        <section class='pairing-card' role='status'>
          <p>{words.how}</p>
          <p class='pairing-code'>{now.code}</p>
          <p>{words.where}<br /><strong class='pairing-address'>{`${location.host}/admin`}</strong></p>
          <p class='pairing-note'>{now.answered ? words.renews : words.notHeard}</p>
        </section>
      )
    case 'refused':
      return <Note title={words.refused} more={words.nextCode} />
    case 'limited':
      return <Note title={words.limited} more={words.nextCodeIn(Math.ceil(now.forMs / 60_000))} />
    case 'unreachable':
      return <Note title={words.unreachable} more={words.keepsTrying} />
    case 'beginning':
    case 'paired':
      return <Note title={commonWords().catchingUp} more='' />
  }
}

function Note ({ title, more }: { title: string, more: string }) {
  return <section class='pairing-card' role='status'><p class='pairing-told'>{title}</p>{more !== '' && <p>{more}</p>}</section>
}

type Redeeming = { state: 'closed' } | { state: 'open', said: string } | { state: 'asking' }

/** The other way round: somebody made a code at their desk, and it is typed in here. */
function Redeem () {
  const words = pairingWords()
  const [code, setCode] = useState('')
  const [now, setNow] = useState<Redeeming>({ state: 'closed' })
  if (now.state === 'closed') return <Button look='quiet' onClick={() => setNow({ state: 'open', said: '' })}>{words.haveCode}</Button>
  const send = (event: SubmitEvent): void => {
    event.preventDefault()
    if (code.trim() === '' || now.state === 'asking') return
    setNow({ state: 'asking' })
    redeem(code.trim()).catch((error: unknown) => setNow({ state: 'open', said: whyNot(error) }))
  }
  return (
    <form class='pairing-redeem' onSubmit={send}>
      <label for='pairing-redeem-code'>{words.typeCode}</label>
      <input
        id='pairing-redeem-code' name='code' value={code} onInput={event => setCode(event.currentTarget.value)} maxLength={12} autocomplete='off' autocapitalize='characters'
        spellcheck={false} placeholder='XXXX-XXXX' autofocus aria-describedby='pairing-redeem-said'
      />
      <Button look='main' type='submit' disabled={now.state === 'asking'}>{words.connect}</Button>
      <p id='pairing-redeem-said' role='alert'>{now.state === 'open' ? now.said : ''}</p>
    </form>
  )
}

function whyNot (error: unknown): string {
  const words = pairingWords()
  if (!(error instanceof PerchError)) return words.unreachable
  switch (error.code) {
    case 'PAIRING_UNKNOWN':
    case 'BAD_REQUEST':
      return words.unknownCode
    case 'RATE_LIMITED':
      return words.tooManyCodes(Math.max(1, Math.ceil(Number(error.details['retryAfterMs'] ?? 0) / 60_000)))
    default:
      return words.unreachable
  }
}
