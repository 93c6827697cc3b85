import { useEffect, useState } from 'preact/hooks'
import type { Device } from '../live/device.ts'
import { commonWords } from '../words/common.ts'
import { openCounter, type OpenCounter } from './counter.ts'
import { FloorSide } from './floor-side.tsx'
import { PersonSide } from './person-side.tsx'
import { listenToKeys } from './key-presses.ts'
import type { Step } from './step.ts'
import { typing } from './typing.ts'
import './kiosk.css'

/** The whole screen. What is asked of people is on the one half, what is free on the other. */
export function Kiosk ({ device, crashed }: { device: Device, crashed: boolean }) {
  const [counter, setCounter] = useState<OpenCounter | null>(null)
  useEffect(() => {
    let opened: OpenCounter | null = null
    let gone = false
    openCounter(device).then(open => {
      opened = open
      if (gone) open.close()
      else setCounter(open)
    }, () => {})
    return () => {
      gone = true
      opened?.close()
    }
  }, [])
  useEffect(() => { if (crashed) counter?.fails() }, [counter, crashed])
  return counter === null ? <p class='kiosk-loading' role='status'>{commonWords().loading}</p> : <AtWork counter={counter} device={device} />
}

function AtWork ({ counter, device }: { counter: OpenCounter, device: Device }) {
  const { visit } = counter
  const { value: step } = visit.step
  useEffect(() => listenToKeys({
    badge: badge => { visit.badge(badge).catch(reportError) },
    typed: text => typing.value?.(text)
  }), [visit])
  useEffect(() => {
    if (step.at !== 'idle') counter.touch(paceOf(step))
  }, [counter, step])
  useEffect(() => followTouches(counter), [counter])
  const wide = step.at === 'name'
  return (
    <main class={`kiosk${wide ? ' kiosk-wide' : ''}`}>
      <PersonSide counter={counter} />
      {!wide && <FloorSide counter={counter} device={device} />}
    </main>
  )
}

/** Wherever it is touched, and whatever has the focus. */
function followTouches ({ visit, left, touch }: OpenCounter): () => void {
  const isSomebodyThere = (): boolean => visit.step.value.at !== 'idle' || left.value !== null
  const touched = (): void => { if (isSomebodyThere()) touch(paceOf(visit.step.value)) }
  const pressed = (event: KeyboardEvent): void => { if (isSomebodyThere()) touch(isByKeys(event) ? 'unhurried' : paceOf(visit.step.value)) }
  addEventListener('pointerdown', touched)
  addEventListener('keydown', pressed)
  return () => {
    removeEventListener('pointerdown', touched)
    removeEventListener('keydown', pressed)
  }
}

function paceOf ({ at }: Step): 'touching' | 'typing' {
  return at === 'name' || at === 'pin' ? 'typing' : 'touching'
}

/** Who goes from button to button needs time, whatever the reason. */
function isByKeys ({ key }: KeyboardEvent): boolean {
  return key === 'Tab' || key.startsWith('Arrow')
}
