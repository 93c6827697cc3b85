import type { Archive } from '../../src/application/archive.ts'
import type { AuditEntry } from '../../src/application/audit.ts'

const LONG_AFTER = Date.UTC(2027, 0)

/** What was written down within an org, oldest first. */
export function written (archive: Archive): (org: string) => Promise<AuditEntry[]> {
  return async org => (await archive.audit(org, { from: 0, to: LONG_AFTER, before: null, limit: 100 })).reverse()
}
