import type { Audited, AuditNote } from '../../src/application/audit.ts'

/** That it was done, for tests whose subject is not by whom. */
export function noteThat (action: Audited, what: string): AuditNote {
  return { at: Date.UTC(2026, 2, 2, 8), by: 'key:admin', action, person: null, what, detail: {} }
}
