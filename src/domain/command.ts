import type { Claim } from './claim.ts'
import type { ClaimId, FloorId, PersonId, SiteId, SpaceId } from './ids.ts'
import type { Person } from './person.ts'
import type { Eligible, FloorRecord, ReadingValue, SpaceRecord } from './space.ts'
import type { Millis } from './time.ts'

/** When it was asked for, where that was before now: it waited somewhere without a connection. Left out: now. */
interface Told {
  at?: Millis
}

/** Ask for a space. `from` null: from when it was asked for; `to` null: until closing time or the next claim. */
export interface ClaimSpace extends Told {
  type: 'claim'
  id: ClaimId
  hash: string
  space: SpaceId
  person: Person
  by: string
  from: Millis | null
  to: Millis | null
  checkIn: boolean
  /** Of the space and of its zone; null: everybody. */
  eligible: ReadonlyArray<Eligible | null>
}

/** `claim` is there. */
export interface CheckIn extends Told { type: 'check-in', claim: ClaimId }

/** Give a claim back, before it begins or early. */
export interface Release extends Told { type: 'release', claim: ClaimId }

/** Another end, another space, or both in one step; null leaves it. `person` and `eligible` are of the space asked for. */
export interface ChangeClaim extends Told {
  type: 'change'
  claim: ClaimId
  to: Millis | null
  space: SpaceId | null
  person: Person
  eligible: ReadonlyArray<Eligible | null>
}

export interface BlockSpace { type: 'block', space: SpaceId, until: Millis | null, reason: string | null, by: string }
export interface UnblockSpace { type: 'unblock', space: SpaceId }

/** What a sensor said; `at` is when it measured. */
export interface ReadSensor { type: 'read', space: SpaceId, value: ReadingValue, at: Millis }

/** Time passed: whatever is due on these spaces. At most SPACES_PER_COMMIT. */
export interface Tick { type: 'tick', spaces: readonly SpaceId[] }

/** Nobody can ask for these claims' ids any more. */
export interface Forget { type: 'forget', claims: readonly ClaimId[] }

/** A fault took the claim away: the ledger would not have it (INV-1). */
export interface Revoke { type: 'revoke', claim: ClaimId }

/** The part of a space's record that the plan decides. */
export interface Placing extends Pick<SpaceRecord, 'zone' | 'kind' | 'sensorOnly' | 'removed'> {
  space: SpaceId
}

/** A floor's record but for what the policy adds. */
export type PlacedFloor = Omit<FloorRecord, 'smallZone' | 'displayNames'>

/**
 * Bring a floor and some of its spaces in line with the directory. At most SPACES_PER_COMMIT spaces. `floorRecord` null leaves the floor's own record.
 * A removed space with claims is refused (SPACE_IN_USE) unless `release`: then they end with `removed`.
 */
export interface PlaceSpaces { type: 'place', floor: FloorId, floorRecord: PlacedFloor | null, site: string, spaces: readonly Placing[], release: boolean }

/** A person's name or visibility changed: every record of one site that shows it. `days` are the UTC days in which they may have claims. */
export interface PresentPerson { type: 'present', site: SiteId, person: PersonId, name: string | null, days: readonly number[] }

/**
 * A person is erased: whatever of this site names them, but active claims of their own, names nobody any more. `claims`: ended ones of theirs, and those that they made for others;
 * `spaces`: blocked by them. Together at most SPACES_PER_COMMIT.
 */
export interface Disown { type: 'disown', site: SiteId, person: PersonId, claims: readonly ClaimId[], spaces: readonly SpaceId[] }

/** The ledger has caught up: what these spaces show is no longer provisional. */
export interface Confirm { type: 'confirm', spaces: readonly SpaceId[] }

export type Command =
  | ClaimSpace | CheckIn | Release | ChangeClaim | BlockSpace | UnblockSpace | ReadSensor
  | Tick | Forget | Revoke | PlaceSpaces | PresentPerson | Disown | Confirm

/** What a command came to, beside its changes. */
export interface Outcome {
  /** Of commands on one claim: as it is afterwards. */
  claim: Claim | null
  /** The command had been done before: nothing was changed by it now. */
  repeated: boolean
  /** Of a reading: `late` and `same` change nothing. */
  reading: 'applied' | 'same' | 'late' | null
}
