import { test } from 'tap'
import type { Pool } from 'pg'
import type { Archive } from '../../src/application/archive.ts'
import type { Directory } from '../../src/application/directory.ts'
import type { Ledger } from '../../src/application/ports.ts'
import { createArchive } from '../../src/adapters/postgres/archive.ts'
import { createDirectory } from '../../src/adapters/postgres/directory.ts'
import { createLedger } from '../../src/adapters/postgres/ledger.ts'
import type { ServingRole } from '../../src/adapters/postgres/serving.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { auditing } from './archive/auditing.ts'
import { erasing } from './archive/erasing.ts'
import { forgetting } from './archive/forgetting.ts'

/** What a suite needs of a test: the same in tap and node:test. */
export interface Test extends Cleanup {
  test (name: string, run: (t: Test) => Promise<void>): Promise<unknown>
}

/** One database, from its four sides. */
export interface Opened {
  archive: Archive
  directory: Directory
  ledger: Ledger
  pool: Pool
}

export type Suite = (t: Test, opened: Opened) => Promise<void>

const suites: Record<string, Suite> = { auditing, forgetting, erasing }

/** What the comments on Archive in application/ports.ts promise, sentence by sentence, on the database that `open` makes. */
export function archiveContract (name: string, open: (t: Cleanup) => Promise<{ pool: Pool, role: ServingRole }>): void {
  test(`the archive in ${name} keeps the contract`, async (t: Test) => {
    const { pool, role } = await open(t)
    const opened = { pool, archive: createArchive(pool, role), directory: createDirectory(pool, role), ledger: createLedger(pool, { role }) }
    for (const [part, suite] of Object.entries(suites)) {
      await t.test(`for ${part}`, async t => { await suite(t, opened) })
    }
  })
}
