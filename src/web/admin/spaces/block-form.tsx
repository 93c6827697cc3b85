import { useState } from 'preact/hooks'
import type { FloorView } from '../../../protocol/plan.ts'
import type { FloorState } from '../../live/floor-state.ts'
import { Button } from '../../parts/button.tsx'
import { StatusMark } from '../../parts/status-mark.tsx'
import { dayText, timeText } from '../../time/site-time.ts'
import { commonWords } from '../../words/common.ts'
import { useOffice } from '../office.tsx'
import { refusalText } from '../words/refusals.ts'
import { spaceWords } from '../words/spaces.ts'
import { momentOf } from './local-moment.ts'

export interface BlockFormProps {
  space: FloorView['spaces'][number]
  live: FloorState
  /** Of the floor: its status is shown. */
  version: number
  /** IANA, of the site. */
  zone: string
  siteName: string
}

type Told = { what: 'nothing' } | { what: 'busy' } | { what: 'said', text: string } | { what: 'failed', text: string }

/** One space: put out of service until a moment on the site's clock, and back. */
export function BlockForm ({ space: { id, label, kind }, live, zone, siteName }: BlockFormProps) {
  const words = spaceWords()
  const { api, perch } = useOffice()
  const [until, setUntil] = useState('')
  const [reason, setReason] = useState('')
  const [told, setTold] = useState<Told>({ what: 'nothing' })
  const view = live.floor.space(id)
  const status = view?.status ?? 'unknown'
  const isBlocked = status === 'blocked'
  const path = `/v1/spaces/${encodeURIComponent(id)}/block`
  const act = (asked: Promise<unknown>, text: string): void => {
    setTold({ what: 'busy' })
    asked.then(() => setTold({ what: 'said', text }), (error: unknown) => setTold({ what: 'failed', text: refusalText(error) }))
  }
  const block = (event: Event): void => {
    event.preventDefault()
    const end = until === '' ? null : momentOf(until, zone)
    if (end !== null && +end <= perch.now()) return setTold({ what: 'failed', text: words.untilPast })
    act(api.ask('PUT', path, { ...end !== null && { until: end.toISOString() }, ...reason.trim() !== '' && { reason: reason.trim() } }), words.blocked(label))
  }
  const busy = told.what === 'busy'
  return (
    <form class='admin-card admin-form block-form' onSubmit={block}>
      <div>
        <h2>{label}</h2>
        <p class='block-form-status'><StatusMark status={status} />{words.kinds[kind]} · {commonWords().status[status]}</p>
        {isBlocked && <p>{view?.until === undefined ? words.blockedOpen : words.blockedUntil(`${dayText(view.until, zone)}, ${timeText(view.until, zone)}`)}</p>}
      </div>
      <label><span>{words.until}</span><input class='field' type='datetime-local' value={until} onInput={event => setUntil(event.currentTarget.value)} aria-describedby='block-until-how' /></label>
      <p id='block-until-how' class='admin-hint'>{words.untilHow(siteName)}</p>
      <label><span>{words.reason}</span><input class='field' maxLength={200} value={reason} placeholder={words.reasonExample} onInput={event => setReason(event.currentTarget.value)} /></label>
      <p class='admin-hint'>{words.claimsStay}</p>
      <div class='admin-row'>
        <Button type='submit' look={isBlocked ? 'plain' : 'main'} disabled={busy}>{isBlocked ? words.changeBlock : words.block}</Button>
        {isBlocked && <Button look='main' disabled={busy} onClick={() => act(api.ask('DELETE', path), words.lifted(label))}>{words.lift}</Button>}
      </div>
      {told.what === 'said' && <p role='status' class='admin-good'>{told.text}</p>}
      {told.what === 'failed' && <p role='alert' class='admin-bad'>{told.text}</p>}
    </form>
  )
}
