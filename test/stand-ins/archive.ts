import type { AuditEntry, AuditNote, AuditQuery } from '../../src/application/audit.ts'
import type { Archive, Forgotten, Traces } from '../../src/application/archive.ts'

const NONE = { subjects: 0, claims: 0, events: 0, quarantined: 0 }

/** Keeps what was written down, and has nothing to forget: for tests whose subject is not history. */
export class ArchiveInMemory implements Archive {
  readonly notes: Array<AuditNote & { org: string }> = []

  async note (org: string, notes: readonly AuditNote[]): Promise<void> {
    this.notes.push(...notes.map(note => ({ org, ...note })))
  }

  async audit (org: string, { about, person, action, from, to, before, limit }: AuditQuery): Promise<AuditEntry[]> {
    return this.notes
      .map(({ org: owner, ...note }, n): AuditEntry & { owner: string } => ({ ...note, owner, key: `a${String(n).padStart(9, '0')}`, claim: null, space: null, floor: null }))
      .filter(entry => entry.owner === org && entry.at >= from && entry.at < to && (action === undefined || entry.action === action))
      .filter(entry => (about === undefined || entry.person === about) && (person === undefined || entry.person === person || entry.by === `person:${person}`))
      .sort((a, b) => b.at - a.at || (a.key < b.key ? 1 : -1))
      .filter(({ at, key }) => before === null || at < before.at || (at === before.at && key < before.key))
      .slice(0, limit)
      .map(({ owner: _, ...entry }) => entry)
  }

  async forgottenUntil (): Promise<null> {
    return null
  }

  async forget (): Promise<Forgotten> {
    return { ...NONE, left: false }
  }

  async traces (): Promise<Traces> {
    return { claims: [], spaces: [] }
  }

  async erase (): Promise<typeof NONE> {
    return NONE
  }
}
