import type { DeviceBody } from '../../../protocol/devices.ts'
import { DEVICE_ROLES } from '../../../domain/device.ts'
import { commonWords } from '../../words/common.ts'
import { useOffice } from '../office.tsx'
import { deviceWords } from '../words/devices.ts'
import { PlacePicker, type Place } from './place-picker.tsx'

/** What a device is to be, while somebody is saying it. */
export interface DeviceDraft {
  name: string
  role: DeviceBody['role']
  site: string
  floor: string | null
  point: Place | null
}

export function bodyOf ({ name, role, site, floor, point }: DeviceDraft): DeviceBody {
  return { name: name.trim(), role, site, floor, point: floor === null ? null : point }
}

export interface DeviceFieldsProps {
  draft: DeviceDraft
  onDraft: (draft: DeviceDraft) => void
  /** What it may do and for which site was settled when it was paired. */
  paired?: boolean
}

export function DeviceFields ({ draft, onDraft, paired = false }: DeviceFieldsProps) {
  const words = deviceWords()
  const { sites, floors } = useOffice()
  const here = floors.filter(({ site }) => site === draft.site)
  const set = (change: Partial<DeviceDraft>): void => onDraft({ ...draft, ...change })
  return (
    <>
      <label><span>{words.name}</span><input class='field' required maxLength={120} value={draft.name} placeholder={words.nameExample} onInput={event => set({ name: event.currentTarget.value })} /></label>
      {!paired && (
        <fieldset class='admin-chips'>
          <legend>{words.role}</legend>
          {DEVICE_ROLES.map(role => <label key={role}><input type='radio' name='role' checked={draft.role === role} onChange={() => set({ role })} /><span>{words.roles[role]}</span></label>)}
        </fieldset>
      )}
      <div class='admin-row'>
        {!paired && sites.length > 1 && (
          <label><span>{words.site}</span>
            <select class='field' value={draft.site} onChange={event => set({ site: event.currentTarget.value, floor: null, point: null })}>{sites.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}</select>
          </label>
        )}
        <label><span>{words.floor}</span>
          <select class='field' value={draft.floor ?? ''} onChange={event => set({ floor: event.currentTarget.value === '' ? null : event.currentTarget.value, point: null })}>
            <option value=''>{words.noFloor}</option>
            {here.map(({ id, level, name }) => <option key={id} value={id}>{commonWords().floorTitle(level, name)}</option>)}
          </select>
        </label>
      </div>
      {draft.floor !== null && (
        <div class='admin-group'>
          <p class='admin-hint'>{words.pointHow}</p>
          <PlacePicker key={draft.floor} floor={draft.floor} point={draft.point} onPoint={point => set({ point })} />
        </div>
      )}
    </>
  )
}
