import type { Ledger } from '../../src/application/ports.ts'
import { PerchError } from '../../src/domain/errors.ts'

const away = async (): Promise<never> => { throw new PerchError('LEDGER_BEHIND') }

/** A ledger that has recorded nothing and takes nothing, for tests whose subject is not the ledger. */
export function emptyLedger (): Ledger {
  return {
    cursor: away,
    lastingCursor: away,
    raiseEpoch: away,
    record: away,
    resync: away,
    setAside: away,
    revoked: away,
    switchStream: away,
    orgs: async () => [],
    claimsToLoad: async () => [],
    known: async () => [],
    claims: async () => [],
    claim: async () => null,
    lastingClaim: async () => null,
    ping: away,
    close: async () => {}
  }
}
