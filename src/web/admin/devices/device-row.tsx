import { useState } from 'preact/hooks'
import type { DeviceView } from '../../../protocol/devices.ts'
import { Button } from '../../parts/button.tsx'
import { commonWords } from '../../words/common.ts'
import { Confirm } from '../confirm.tsx'
import { useOffice } from '../office.tsx'
import { deviceWords } from '../words/devices.ts'
import { refusalText } from '../words/refusals.ts'
import { DeviceFields, type DeviceDraft } from './device-fields.tsx'
import { deviceState } from './device-state.ts'

type Doing = { what: 'nothing' } | { what: 'changing', draft: DeviceDraft } | { what: 'cutting-off' } | { what: 'failed', error: unknown }

export function DeviceRow ({ device, onChange }: { device: DeviceView, onChange: () => void }) {
  const words = deviceWords()
  const { api, sites, floors } = useOffice()
  const [doing, setDoing] = useState<Doing>({ what: 'nothing' })
  const site = sites.find(({ id }) => id === device.site)
  const floor = floors.find(({ id }) => id === device.floor)
  const { mark, text } = deviceState(device, site?.zone ?? 'UTC')
  const path = `/v1/devices/${encodeURIComponent(device.id)}`
  const act = (asked: Promise<unknown>): void => {
    asked.then(() => { setDoing({ what: 'nothing' }); onChange() }, (error: unknown) => setDoing({ what: 'failed', error }))
  }
  const { name, role, point } = device
  return (
    <li class='device-row'>
      <div class='device-row-head'>
        <span class={`dot dot-${mark}`} aria-hidden='true' />
        <div>
          <h3>{name}</h3>
          <p>{[words.roles[role], sites.length > 1 ? site?.name : undefined, floor === undefined ? words.noFloor : commonWords().floorTitle(floor.level, floor.name)].filter(part => part !== undefined).join(' · ')}</p>
          <p class={mark === 'good' ? '' : 'device-row-trouble'}>{text}{device.version !== null && <span class='device-row-version'> · {words.version(device.version)}</span>}</p>
        </div>
      </div>
      {doing.what === 'changing'
        ? (
          <form class='admin-form' onSubmit={event => { event.preventDefault(); act(api.ask('PATCH', path, { name: doing.draft.name.trim(), floor: doing.draft.floor, point: doing.draft.floor === null ? null : doing.draft.point })) }}>
            <DeviceFields paired draft={doing.draft} onDraft={draft => setDoing({ what: 'changing', draft })} />
            <div class='admin-row'><Button type='submit' look='main'>{words.save}</Button><Button onClick={() => setDoing({ what: 'nothing' })}>{words.cancel}</Button></div>
          </form>
          )
        : (
          <div class='admin-row'>
            <Button onClick={() => setDoing({ what: 'changing', draft: { name, role, site: device.site, floor: device.floor, point } })}>{words.change}<span class='heard'> {name}</span></Button>
            <Button look='danger' onClick={() => setDoing({ what: 'cutting-off' })}>{words.cutOff}<span class='heard'> {name}</span></Button>
          </div>
          )}
      {doing.what === 'failed' && <p role='alert' class='admin-bad'>{refusalText(doing.error)}</p>}
      {doing.what === 'cutting-off' && (
        <Confirm title={words.cutOffAsk(name)} action={words.cutOff} onConfirm={() => act(api.ask('DELETE', path))} onCancel={() => setDoing({ what: 'nothing' })}><p>{words.cutOffWhat}</p></Confirm>
      )}
    </li>
  )
}
