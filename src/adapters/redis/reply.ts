import type { Stored } from '../../application/ports.ts'

/** What a script gives back is checked here, once: everything behind is typed. */
export function list (reply: unknown): readonly unknown[] {
  if (!Array.isArray(reply)) throw new TypeError('redis: a list was expected')
  return reply
}

export function text (reply: unknown): string {
  if (typeof reply !== 'string') throw new TypeError('redis: a text was expected')
  return reply
}

export function number (reply: unknown): number {
  const value = Number(reply)
  if (reply === null || Number.isNaN(value)) throw new TypeError('redis: a number was expected')
  return value
}

/** `<version>:<body>`, or null where there is no such record. */
export function stored (reply: unknown): Stored {
  if (reply === null) return { version: 0, body: null }
  const value = text(reply)
  const colon = value.indexOf(':')
  return { version: Number(value.slice(0, colon)), body: value.slice(colon + 1) }
}
