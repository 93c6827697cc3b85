import { test } from 'tap'
import type { Directory } from '../../src/application/directory.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { floors } from './directory/floors.ts'
import { orgs } from './directory/orgs.ts'
import { people } from './directory/people.ts'

/** What a suite needs of a test: the same in tap and node:test. */
export interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

export type Suite = (t: Test, directory: Directory) => Promise<void>

const suites: Record<string, Suite> = { orgs, floors, people }

/** What the comments on Directory in application/ports.ts promise, sentence by sentence, of the implementation that `open` makes. */
export function directoryContract (name: string, open: (t: Cleanup) => Promise<Directory>): void {
  test(`the directory in ${name} keeps the contract`, async (t: Test) => {
    const directory = await open(t)
    for (const [part, suite] of Object.entries(suites)) {
      await t.test(`for ${part}`, async t => { await suite(t, directory) })
    }
  })
}
