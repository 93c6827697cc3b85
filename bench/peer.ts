import { v7 as uuidv7 } from 'uuid'
import type { Commands } from '../src/application/commands.ts'
import { momentOf } from '../src/application/moments.ts'
import type { Principal } from '../src/application/principal.ts'
import type { Claim } from '../src/domain/claim.ts'
import { PerchError } from '../src/domain/errors.ts'
import { HOUR, MINUTE } from '../src/domain/time.ts'
import type { ClaimRequest } from '../src/protocol/requests.ts'
import { floorOf } from './claims-workload.ts'

/** The part of a server that differs from peer to peer; the HTTP layer around it is Perch's own. */
export interface Claims extends Pick<Commands, 'claim'> {
  close (): Promise<void>
}

/** The claim that a request asks for, without looking at any rule. */
export function newClaim (principal: Principal, { id, space, person, from, to }: ClaimRequest): Claim {
  if (typeof person !== 'string') throw new PerchError('BAD_REQUEST', { field: 'person', reason: '`person` must be an id' })
  const now = Date.now()
  const begins = momentOf('from', from) ?? now
  return {
    id: id ?? uuidv7({ msecs: now }),
    space,
    floor: floorOf(space),
    kind: 'desk',
    person,
    by: principal.id,
    from: begins,
    to: momentOf('to', to) ?? begins + HOUR,
    createdAt: now,
    sole: true,
    life: { state: 'booked', releaseAt: begins + 15 * MINUTE }
  }
}
