import type { AuditNote } from '../../src/application/audit.ts'
import type { Credential, Credentials } from '../../src/application/credentials.ts'
import { KEYS_PER_ORG, type ApiKey, type KeyId, type Keys } from '../../src/application/keys.ts'
import { PerchError } from '../../src/domain/errors.ts'
import { HOUR } from '../../src/domain/time.ts'

/** The contract of API keys, and of credentials as far as they are keys, in this process, for tests whose subject is not how they are kept. `away` makes it answer as if Postgres were gone. */
export class KeysInMemory implements Keys, Credentials {
  away = false
  /** Questions for one key. */
  lookups = 0
  /** Runs before each answer about one key. */
  beforeAnswer = async (): Promise<void> => {}
  readonly notes: Array<AuditNote & { org: string }> = []
  readonly #keys = new Map<KeyId, ApiKey & { revokedAt: number | null }>()

  async credential (id: KeyId, at: number): Promise<Credential | null> {
    this.#open()
    this.lookups++
    const found = this.#working(at).find(key => key.id === id) ?? null
    await this.beforeAnswer()
    return found === null ? null : credentialOf(found)
  }

  async keys (org: string, at: number): Promise<ApiKey[]> {
    this.#open()
    return this.#working(at).filter(key => key.org === org).sort((a, b) => a.name < b.name ? -1 : 1)
  }

  async addKey (key: ApiKey, note: AuditNote): Promise<void> {
    this.#open()
    const working = this.#working(key.createdAt).filter(({ org }) => org === key.org)
    if (working.some(({ name }) => name === key.name)) throw new PerchError('KEY_EXISTS')
    if (working.length >= KEYS_PER_ORG) throw new PerchError('RATE_LIMITED', { keys: KEYS_PER_ORG })
    this.#keys.set(key.id, { ...key, revokedAt: null })
    this.notes.push({ ...note, org: key.org })
  }

  async revokeKey (org: string, name: string, at: number, note: AuditNote): Promise<KeyId | null> {
    this.#open()
    const id = this.#working(at).find(key => key.org === org && key.name === name)?.id ?? null
    const key = id === null ? undefined : this.#keys.get(id)
    if (key !== undefined) {
      key.revokedAt = at
      this.notes.push({ ...note, org })
    }
    return id
  }

  async gone (ids: readonly KeyId[], at: number): Promise<KeyId[]> {
    this.#open()
    const working = new Set(this.#working(at).map(({ id }) => id))
    return ids.filter(id => !working.has(id))
  }

  async used (ids: readonly KeyId[], at: number): Promise<void> {
    this.#open()
    for (const id of ids) {
      const key = this.#keys.get(id)
      if (key !== undefined) key.lastUsedAt = Math.max(key.lastUsedAt ?? 0, at - at % HOUR)
    }
  }

  #open (): void {
    if (this.away) throw new PerchError('LEDGER_BEHIND')
  }

  #working (at: number): ApiKey[] {
    return [...this.#keys.values()].filter(({ revokedAt, expiresAt }) => revokedAt === null && (expiresAt === null || expiresAt > at)).map(({ revokedAt, ...key }) => key)
  }
}

function credentialOf ({ id, org, name, role, site, hash, expiresAt, lastUsedAt }: ApiKey): Credential {
  return { id, org, principal: `key:${name}`, role, site, hash, expiresAt, lastUsedAt, usedGrainMs: HOUR }
}
