import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../parts/button.tsx'
import type { OpenCounter } from './counter.ts'
import { LetterKeys } from './letter-keys.tsx'
import { FEWEST_LETTERS, MOST_LETTERS } from './letters.ts'
import { isAway, problemOf, type Problem } from './problem.ts'
import { problemText } from './problem-text.ts'
import type { Found, Wish } from './step.ts'
import { typing } from './typing.ts'
import { kioskWords } from './words.ts'
import './ask-name.css'

/** Milliseconds after the last letter: longer than a badge reader takes between two, so that nothing of a badge is looked for. */
const REST_MS = 250

/** Finds somebody by their name, where they let others find it. */
export function AskName ({ counter, wish }: { counter: OpenCounter, wish: Wish }) {
  const words = kioskWords()
  const { visit } = counter
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const { found, problem } = useSearch(counter, text)
  const type = (letters: string): void => setText(before => (before + letters).slice(0, MOST_LETTERS))
  useEffect(() => {
    field.current?.focus()
    typing.value = type
    return () => { typing.value = null }
  }, [])
  const said = problem !== null ? problemText(words, problem, 'UTC') : found === null ? words.name.hint : found.length === 0 ? words.name.none : ''
  return (
    <div class='kiosk-step kiosk-name'>
      <header>
        <h1 id='kiosk-name'>{words.name.title}</h1>
        <Button look='quiet' onClick={() => visit.end()}>{words.back}</Button>
      </header>
      <input
        ref={field} class='kiosk-field' type='text' inputMode='none' autocomplete='off' autocapitalize='words' spellcheck={false} maxLength={MOST_LETTERS}
        aria-labelledby='kiosk-name' aria-describedby='kiosk-said' value={text} onInput={event => setText(event.currentTarget.value)}
      />
      <p id='kiosk-said' class='kiosk-said' role='status'>{said}{found !== null && found.length > 0 && <span class='heard'>{words.name.found(found.length)}</span>}</p>
      <ul class='kiosk-found'>
        {found?.map(person => (
          <li key={person.id}>
            <Button onClick={() => visit.askPin(person, wish)}>{person.name}{person.groups !== undefined && <small>{person.groups.join(', ')}</small>}</Button>
          </li>
        ))}
      </ul>
      <LetterKeys onKey={type} onErase={() => setText(before => before.slice(0, -1))} />
    </div>
  )
}

/** `found` null: nothing was looked for. */
function useSearch ({ line: { api } }: OpenCounter, text: string): { found: Found[] | null, problem: Problem | null } {
  const [answer, setAnswer] = useState<{ found: Found[] | null, problem: Problem | null }>({ found: null, problem: null })
  const name = text.trim()
  useEffect(() => {
    if (name.length < FEWEST_LETTERS) return setAnswer({ found: null, problem: null })
    let over = false
    const timer = setTimeout(() => {
      api.ask<{ found: Found[] }>('GET', `/v1/people?search=${encodeURIComponent(name)}`).then(
        ({ found }) => { if (!over) setAnswer({ found, problem: null }) },
        (error: unknown) => { if (!over) setAnswer({ found: null, problem: isAway(error) ? { code: 'NEEDS_CONNECTION' } : problemOf(error) }) }
      )
    }, REST_MS)
    return () => {
      over = true
      clearTimeout(timer)
    }
  }, [name])
  return answer
}
