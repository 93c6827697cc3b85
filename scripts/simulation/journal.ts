import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { ClaimView } from '../../src/protocol/claim.ts'
import type { Command } from './command.ts'

/** `answered`: the server said that the claim is persisted like this. `asked`: something was asked of it, which may or may not have happened. */
export type JournalLine =
  | { answered: ClaimView }
  | { asked: { claim: string, call: 'check-in' | 'release' | 'change', space?: string | undefined, to?: string | undefined } }

/** Append-only, one JSON text a line, each written before anything else happens: what a killed run leaves behind is true up to its last line. */
export class Journal {
  readonly path: string
  readonly #file: number

  constructor (path: string) {
    this.path = path
    this.#file = openSync(path, 'a')
  }

  /** Before it is sent. A claim itself needs no line: nothing is promised yet. */
  asks (command: Command): void {
    if (command.call === 'claim') return
    const wanted = command.call === 'change' ? { space: command.change.space, to: command.change.to } : {}
    this.#write({ asked: { claim: command.claim, call: command.call, ...wanted } })
  }

  /** Said to be persisted. */
  answered (claim: ClaimView): void {
    this.#write({ answered: claim })
  }

  close (): void {
    closeSync(this.#file)
  }

  #write (line: JournalLine): void {
    writeSync(this.#file, `${JSON.stringify(line)}\n`)
  }
}

export class JournalMissing extends Error {}

/** What a journal says, in order. A last line that was cut off is left out. @throws JournalMissing */
export function readJournal (path: string): JournalLine[] {
  if (!existsSync(path)) throw new JournalMissing(`there is no journal at ${path}`)
  return readFileSync(path, 'utf8').split('\n').slice(0, -1).map(line => JSON.parse(line) as JournalLine)
}
