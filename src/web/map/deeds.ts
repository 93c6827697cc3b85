import { batch, signal, type ReadonlySignal } from '@preact/signals'
import type { Claim, ClaimChange, ClaimRequest } from '../../client/index.ts'
import { chooseSpace } from './visit.ts'
import { siteOf, type OfficeLine } from './office-line.ts'
import { refusedBy, type Refused, type RefusedParts } from './refusal.ts'
import { whenText } from './when-text.ts'
import { mapWords } from './words/words.ts'

/** A way on that is offered with what is said. */
export interface Offer {
  label: string
  take: () => void
}

/** What is said of what was done. */
export interface Notice {
  tone: 'good' | 'bad'
  text: string
  offers: readonly Offer[]
}

/** As long as somebody needs to read it; what went wrong stays. Milliseconds. */
const GOOD_MS = 6_000

/** Does what people ask for, and says what became of it. The floor shows it at once and takes it back by itself (the SDK's previews). */
export class Deeds {
  readonly #line: OfficeLine
  readonly #notice = signal<Notice | null>(null)
  readonly #asking = signal<ReadonlySet<string>>(new Set())
  /** Claims that were seen, so that one that is lost has a name. */
  readonly #seen = new Map<string, Claim>()
  #timer = 0

  constructor (line: OfficeLine) {
    this.#line = line
    line.perch.on('mine', ({ claims }) => { for (const claim of claims ?? []) this.#seen.set(claim.id, claim) })
    line.perch.on('lost', ids => this.#lost(ids))
  }

  get notice (): ReadonlySignal<Notice | null> {
    return this.#notice
  }

  /** Spaces and claims about which something is being asked. */
  get asking (): ReadonlySignal<ReadonlySet<string>> {
    return this.#asking
  }

  dismiss (): void {
    this.#say(null)
  }

  async claim (floor: string, request: ClaimRequest, seemedFree: boolean): Promise<void> {
    const words = mapWords()
    const { perch, atlas } = this.#line
    await this.#do([request.space], async () => {
      const { claim } = await perch.claim(request)
      const label = atlas.label(claim.space)
      const begun = Date.parse(claim.from) <= perch.now() + 60_000
      this.#good(begun ? words.claimedUntil(label, this.#when(claim.to, claim.floor)) : words.claimedLater(label, this.#when(claim.from, claim.floor), this.#when(claim.to, claim.floor)))
    }, error => this.#refuse(error, floor, request.space, seemedFree, request))
  }

  async checkIn ({ id, space, floor }: Claim): Promise<void> {
    await this.#do([id], async () => {
      await this.#line.perch.checkIn(id)
      this.#good(mapWords().checkedIn(this.#line.atlas.label(space)))
    }, error => this.#refuse(error, floor, space, false, null))
  }

  async release ({ id, space, floor }: Pick<Claim, 'id' | 'space' | 'floor'>): Promise<void> {
    await this.#do([id], async () => {
      await this.#line.perch.release(id)
      this.#good(mapWords().released(this.#line.atlas.label(space)))
    }, error => this.#refuse(error, floor, space, false, null))
  }

  async change ({ id, floor }: Pick<Claim, 'id' | 'floor'>, space: string, change: ClaimChange): Promise<void> {
    const words = mapWords()
    await this.#do([id, space], async () => {
      const { claim } = await this.#line.perch.change(id, change)
      const label = this.#line.atlas.label(claim.space)
      this.#good(change.space === undefined ? words.changedUntil(label, this.#when(claim.to, claim.floor)) : words.movedTo(label))
      if (change.space !== undefined) chooseSpace(claim.floor, claim.space)
    }, error => this.#refuse(error, floor, space, false, null))
  }

  async #do (about: readonly string[], deed: () => Promise<void>, refused: (error: unknown) => void): Promise<void> {
    const mark = (on: boolean): void => {
      const next = new Set(this.#asking.value)
      for (const id of about) if (on) next.add(id); else next.delete(id)
      this.#asking.value = next
    }
    batch(() => {
      mark(true)
      this.#say(null)
    })
    await deed().catch(refused).finally(() => mark(false))
  }

  #refuse (error: unknown, floor: string, space: string, seemedFree: boolean, request: ClaimRequest | null): void {
    const { atlas } = this.#line
    const parts: RefusedParts = {
      words: mapWords(),
      label: atlas.label(space),
      seemedFree,
      labelOf: id => atlas.label(id),
      floorName: id => this.#floorName(id),
      time: at => this.#when(at, floor)
    }
    const refused = refusedBy(error, parts)
    this.#say({ tone: 'bad', text: refused.text, offers: request === null ? [] : this.#offers(refused, floor, request) })
  }

  #offers ({ alternatives, inTheWay }: Refused, floor: string, { id: _, ...request }: ClaimRequest): Offer[] {
    const words = mapWords()
    const { atlas } = this.#line
    if (inTheWay !== null) {
      const { claim, space } = inTheWay
      return [
        { label: words.moveHere(atlas.label(request.space)), take: () => { this.change({ id: claim, floor }, request.space, { space: request.space, ...request.to !== undefined && { to: request.to } }) } },
        { label: words.releaseOther(atlas.label(space)), take: () => { this.release({ id: claim, space, floor }).then(async () => await this.claim(floor, request, true)) } }
      ]
    }
    return alternatives.map(({ space, label, floor: there }) => {
      atlas.called(space, label)
      return {
        label: there === floor ? words.takeInstead(label) : `${words.takeInstead(label)}, ${this.#floorName(there)}`,
        take: () => {
          chooseSpace(there, space)
          this.claim(there, { ...request, space }, true)
        }
      }
    })
  }

  #lost (ids: readonly string[]): void {
    const words = mapWords()
    const claim = ids.map(id => this.#seen.get(id)).find(seen => seen !== undefined)
    if (claim === undefined) return this.#say({ tone: 'bad', text: words.lostSomething, offers: [] })
    const { space, floor, from, to } = claim
    const later = Date.parse(from) > this.#line.perch.now()
    const again = (): void => { this.claim(floor, { space, to, ...later && { from } }, true) }
    this.#say({ tone: 'bad', text: words.lost(this.#line.atlas.label(space)), offers: [{ label: words.claimAgain, take: again }] })
  }

  #good (text: string): void {
    this.#say({ tone: 'good', text, offers: [] })
    this.#timer = window.setTimeout(() => this.dismiss(), GOOD_MS)
  }

  #say (notice: Notice | null): void {
    clearTimeout(this.#timer)
    this.#notice.value = notice
  }

  #floorName (id: string): string {
    return this.#line.directory.value?.floors.find(floor => floor.id === id)?.name ?? id
  }

  #when (at: string, floor: string): string {
    return whenText(at, this.#line.perch.now(), siteOf(this.#line.directory.value, floor)?.zone ?? 'UTC')
  }
}
