import assert from 'node:assert/strict'
import type { Claim } from '../../src/domain/claim.ts'
import type { Event } from '../../src/domain/event.ts'
import { NOBODY } from '../../src/domain/nobody.ts'
import type { ClaimId, SpaceId } from '../../src/domain/ids.ts'
import type { Block, Reading } from '../../src/domain/space.ts'

/** What a ledger knows that hears of nothing but events: each sets a claim, a block or a reading. Refuses a history that cannot be. */
export class Replay {
  readonly claims = new Map<ClaimId, Claim>()
  readonly blocks = new Map<SpaceId, Block>()
  readonly readings = new Map<SpaceId, Reading>()

  apply (event: Event): void {
    switch (event.type) {
      case 'granted':
        assert.ok(!this.claims.has(event.claim.id), 'a claim is granted once (INV-4)')
        this.claims.set(event.claim.id, event.claim)
        break
      case 'began':
      case 'checked-in':
      case 'changed':
      case 'moved':
      case 'ended':
        this.#follow(event)
        break
      case 'disowned':
        this.#disown(event)
        break
      case 'blocked':
        this.blocks.set(event.space, event.block)
        break
      case 'unblocked':
        assert.ok(this.blocks.delete(event.space), 'only what is blocked is unblocked')
        break
      case 'read':
        this.readings.set(event.space, event.reading)
        break
      case 'settled':
      case 'planned':
      case 'placed':
      case 'removed':
        break
    }
  }

  #disown ({ claim }: Extract<Event, { type: 'disowned' }>): void {
    const before = this.claims.get(claim.id)
    assert.ok(before !== undefined, 'a claim is disowned after it was granted')
    assert.deepEqual({ ...claim, person: before.person, by: before.by }, before, 'nothing else of it changes')
    assert.ok(claim.person === before.person || (claim.person === NOBODY && before.life.state === 'ended'), 'an active claim stays its person\'s')
    this.claims.set(claim.id, claim)
  }

  #follow (event: Extract<Event, { claim: Claim }>): void {
    const { claim } = event
    const before = this.claims.get(claim.id)
    assert.ok(before !== undefined, `${event.type} is told of a claim that was granted`)
    assert.notEqual(before.life.state, 'ended', `${event.type} is not told of a claim that has ended (INV-4)`)
    assert.equal(claim.life.state === 'ended', event.type === 'ended', 'a claim ends by its event and by no other')
    if (event.type === 'moved') assert.deepEqual(event.was, { floor: before.floor, space: before.space, from: before.from })
    else assert.equal(claim.space, before.space, 'only a move changes the space')
    assert.equal(claim.person, before.person, 'a claim stays its person\'s')
    this.claims.set(claim.id, claim)
  }
}
