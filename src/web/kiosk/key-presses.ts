import { BadgeReader } from './badge-reader.ts'

export interface KeyPresses {
  badge (badge: string): void
  /** Keys that were held for a badge and were somebody's typing. */
  typed (text: string): void
}

/** Listens to the whole window, before anything that has the focus: what a reader types goes to nobody else. The returned function ends it. */
export function listenToKeys ({ badge, typed }: KeyPresses): () => void {
  const reader = new BadgeReader()
  let lapse: ReturnType<typeof setTimeout> | undefined
  const lapsed = (): void => {
    const text = reader.lapse()
    if (text !== '') typed(text)
  }
  const down = (event: KeyboardEvent): void => {
    const meaning = reader.take({ key: event.key, at: event.timeStamp, repeat: event.repeat, chord: event.ctrlKey || event.altKey || event.metaKey })
    clearTimeout(lapse)
    if (meaning.state === 'pass') {
      if (meaning.typed !== '') typed(meaning.typed)
      return
    }
    event.preventDefault()
    event.stopImmediatePropagation()
    if (meaning.state === 'badge') badge(meaning.badge)
    else lapse = setTimeout(lapsed, BadgeReader.lapseMs)
  }
  addEventListener('keydown', down, { capture: true })
  return () => {
    clearTimeout(lapse)
    removeEventListener('keydown', down, { capture: true })
  }
}
