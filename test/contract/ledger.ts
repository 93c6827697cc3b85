import { test } from 'tap'
import type { Directory } from '../../src/application/directory.ts'
import type { Ledger } from '../../src/application/ports.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { arbiter } from './ledger/arbiter.ts'
import { cursors } from './ledger/cursors.ts'
import { history } from './ledger/history.ts'
import { rebuild } from './ledger/rebuild.ts'
import { recording } from './ledger/recording.ts'
import { resyncing } from './ledger/resyncing.ts'

/** What a suite needs of a test: the same in tap and node:test. */
export interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

/** A new ledger, and the directory that it searches by site. */
export interface Opened {
  ledger: Ledger
  directory: Directory
}

export type Suite = (t: Test, opened: Opened) => Promise<void>

const suites: Record<string, Suite> = { cursors, recording, arbiter, rebuild, resyncing, history }

/** What the comments on Ledger in application/ports.ts promise, sentence by sentence, of the implementation that `open` makes. */
export function ledgerContract (name: string, open: (t: Cleanup) => Promise<Opened>): void {
  test(`the ledger in ${name} keeps the contract`, async (t: Test) => {
    const opened = await open(t)
    for (const [part, suite] of Object.entries(suites)) {
      await t.test(`for ${part}`, async t => { await suite(t, opened) })
    }
  })
}
