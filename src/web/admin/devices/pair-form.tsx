import { useState } from 'preact/hooks'
import type { Api } from '../../live/api.ts'
import { Button } from '../../parts/button.tsx'
import { useOffice } from '../office.tsx'
import { deviceWords } from '../words/devices.ts'
import { refusalText } from '../words/refusals.ts'
import { bodyOf, DeviceFields, type DeviceDraft } from './device-fields.tsx'
import { tidyCode } from './tidy-code.ts'

type Done = { did: 'nothing' } | { did: 'approved', name: string } | { did: 'refused' } | { did: 'made', code: string, name: string } | { did: 'failed', error: unknown }

/** A screen shows a code, or is to be told one. `onDone`: the list may have changed. */
export function PairForm ({ onDone }: { onDone: () => void }) {
  const words = deviceWords()
  const { api, sites } = useOffice()
  const [mode, setMode] = useState<'shown' | 'made'>('shown')
  const [code, setCode] = useState(tidyCode(new URLSearchParams(location.search).get('code') ?? ''))
  const [draft, setDraft] = useState<DeviceDraft>({ name: '', role: 'display', site: sites[0]?.id ?? '', floor: null, point: null })
  const [busy, setBusy] = useState(false)
  const [done, setDone] = useState<Done>({ did: 'nothing' })

  const act = (doing: Promise<Done>): void => {
    setBusy(true)
    doing.catch((error: unknown): Done => ({ did: 'failed', error })).then(told => {
      setBusy(false)
      setDone(told)
      if (told.did === 'failed') return
      setCode('')
      setDraft({ ...draft, name: '', point: null })
      onDone()
    }, () => {})
  }
  const submit = (event: Event): void => {
    event.preventDefault()
    act(mode === 'shown' ? approve(api, code, draft) : make(api, draft))
  }
  return (
    <form class='admin-card admin-form' onSubmit={submit}>
      <h2>{words.pairTitle}</h2>
      <fieldset class='admin-chips'>
        <legend class='heard'>{words.pairTitle}</legend>
        <label><input type='radio' name='mode' checked={mode === 'shown'} onChange={() => setMode('shown')} /><span>{words.screenShows}</span></label>
        <label><input type='radio' name='mode' checked={mode === 'made'} onChange={() => setMode('made')} /><span>{words.makeCode}</span></label>
      </fieldset>
      {mode === 'shown'
        ? <label><span>{words.code}</span><input class='field admin-code' required pattern='[A-Z0-9]{4}-[A-Z0-9]{4}' autocomplete='off' autocapitalize='characters' spellcheck={false} placeholder='ACDE-FGHJ' value={code} onInput={event => setCode(tidyCode(event.currentTarget.value))} /></label>
        : <p class='admin-hint'>{words.makeCodeHow}</p>}
      <DeviceFields draft={draft} onDraft={setDraft} />
      <div class='admin-row'>
        <Button type='submit' look='main' disabled={busy}>{mode === 'shown' ? words.approve : words.makeCode}</Button>
        {mode === 'shown' && <Button disabled={busy || code.length < 9} onClick={() => act(refuse(api, code))}>{words.refuse}</Button>}
      </div>
      <Outcome done={done} />
    </form>
  )
}

function Outcome ({ done }: { done: Done }) {
  const words = deviceWords()
  switch (done.did) {
    case 'nothing': return null
    case 'approved': return <p role='status' class='admin-good'>{words.approved(done.name)}</p>
    case 'refused': return <p role='status'>{words.refused}</p>
    case 'made': return <div role='status' class='admin-made'><p>{words.made(done.name)}</p><strong>{done.code}</strong></div>
    case 'failed': return <p role='alert' class='admin-bad'>{refusalText(done.error)}</p>
  }
}

async function approve (api: Api, code: string, draft: DeviceDraft): Promise<Done> {
  await api.ask('POST', `/v1/pairings/${encodeURIComponent(code)}/approve`, bodyOf(draft))
  return { did: 'approved', name: draft.name.trim() }
}

async function refuse (api: Api, code: string): Promise<Done> {
  await api.ask('POST', `/v1/pairings/${encodeURIComponent(code)}/refuse`)
  return { did: 'refused' }
}

async function make (api: Api, draft: DeviceDraft): Promise<Done> {
  const { code } = await api.ask<{ code: string }>('POST', '/v1/devices', bodyOf(draft))
  return { did: 'made', code, name: draft.name.trim() }
}
