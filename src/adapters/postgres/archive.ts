import type { Pool } from 'pg'
import type { Archive } from '../../application/archive.ts'
import { readAudit, writeNotes } from './audit.ts'
import { erase, traces } from './erase.ts'
import { translated } from './failure.ts'
import { forget, forgottenUntil } from './forget.ts'
import { servedOn, type ServingRole } from './serving.ts'
import { transaction } from './transaction.ts'

/** The archive over a migrated database. The pool stays the caller's; its statements may take as long as a recorder's. */
export function createArchive (pool: Pool, role: ServingRole = null): Archive {
  const ofOrg = servedOn(pool, role)
  return {
    note: async (org, notes) => { await translated(async () => await ofOrg(org, async db => await transaction(db, async client => await writeNotes(client, org, notes)))) },
    audit: async (org, query) => await translated(async () => await ofOrg(org, async db => await readAudit(db, org, query))),
    forgottenUntil: async org => await translated(async () => await forgottenUntil(pool, org)),
    forget: async (org, until, now, limit) => await translated(async () => await forget(pool, org, until, now, limit)),
    traces: async (org, person, now, page) => await translated(async () => await ofOrg(org, async db => await traces(db, org, person, now, page))),
    erase: async (org, person) => await translated(async () => await ofOrg(org, async db => await erase(db, org, person)))
  }
}
