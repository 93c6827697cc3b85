import { useEffect, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import type { OpenCounter } from './counter.ts'
import { givenName } from './greeted.tsx'
import { Heading } from './heading.tsx'
import { Erase } from './letter-keys.tsx'
import { problemText } from './problem-text.ts'
import type { Step } from './step.ts'
import { typing } from './typing.ts'
import { kioskWords } from './words.ts'
import './keys.css'

/** Figures, as the server takes them. */
const SHORTEST = 4
const LONGEST = 12
const FIGURES = ['1', '2', '3', '4', '5', '6', '7', '8', '9']

/** Whether it is them. What is typed is shown as so many dots, and gone with this screen. */
export function AskPin ({ counter: { visit }, step: { who, problem } }: { counter: OpenCounter, step: Extract<Step, { at: 'pin' }> }) {
  const words = kioskWords()
  const [pin, setPin] = useState('')
  const type = (figures: string): void => setPin(before => (before + figures.replace(/[^0-9]/g, '')).slice(0, LONGEST))
  const erase = (): void => setPin(before => before.slice(0, -1))
  const enter = (): void => { if (pin.length >= SHORTEST) visit.pin(pin).catch(reportError) }
  useEffect(() => {
    typing.value = type
    return () => { typing.value = null }
  }, [])
  useEffect(() => {
    const down = ({ key, target }: KeyboardEvent): void => {
      if (/^[0-9]$/.test(key)) type(key)
      else if (key === 'Backspace') erase()
      // On a button it is that button's.
      else if (key === 'Enter' && !(target instanceof HTMLButtonElement)) enter()
    }
    addEventListener('keydown', down)
    return () => removeEventListener('keydown', down)
  })
  return (
    <>
      <header>
        <Heading>{words.pin.title(givenName(who.name))}</Heading>
        <p class={`kiosk-how${problem === null ? '' : ' kiosk-problem'}`} role='status'>{problem === null ? words.pin.hint : problemText(words, problem, 'UTC')}</p>
      </header>
      <p class='kiosk-dots'><span class='heard' role='status'>{words.pin.entered(pin.length)}</span>{Array.from({ length: Math.max(SHORTEST, pin.length) }, (_, i) => <i key={i} class={i < pin.length ? 'kiosk-dot kiosk-dot-full' : 'kiosk-dot'} />)}</p>
      <div class='kiosk-figures' role='group' aria-label={words.keys.figures}>
        {FIGURES.map(figure => <button key={figure} type='button' class='kiosk-key' onClick={() => type(figure)}>{figure}</button>)}
        <button type='button' class='kiosk-key' aria-label={words.keys.erase} onClick={erase}><Erase /></button>
        <button type='button' class='kiosk-key' onClick={() => type('0')}>0</button>
        <button type='button' class='kiosk-key kiosk-key-main' disabled={pin.length < SHORTEST} onClick={enter}>{words.pin.enter}</button>
      </div>
      <div class='kiosk-buttons'><Button look='quiet' onClick={() => visit.end()}>{words.back}</Button></div>
    </>
  )
}
