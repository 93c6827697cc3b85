import { test } from 'tap'
import type { Cleanup } from '../harness/cleanup.ts'
import { commits } from './store/commit.ts'
import { keepers } from './store/keepers.ts'
import type { Stores } from './store/office.ts'
import { outbox } from './store/outbox.ts'
import { records } from './store/records.ts'
import { recovery } from './store/recovery.ts'
import { served } from './store/served.ts'
import { topics } from './store/topics.ts'

/** What a suite needs of a test: the same in tap and node:test. */
export interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

export type Suite = (t: Test, stores: Stores) => Promise<void>

const suites: Record<string, Suite> = { records, commits, outbox, topics, keepers, served, recovery }

/** What the comments on Store in application/ports.ts promise, sentence by sentence, of the implementation that `open` makes. */
export function storeContract (name: string, open: (t: Cleanup) => Promise<Stores>): void {
  test(`the ${name} keeps the contract`, async (t: Test) => {
    const stores = await open(t)
    for (const [part, suite] of Object.entries(suites)) {
      await t.test(`for ${part}`, async t => { await suite(t, stores) })
    }
  })
}
