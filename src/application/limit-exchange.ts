import type { Allowances } from './allowances.ts'
import type { Headcounts } from './headcounts.ts'
import type { Clock, Store } from './ports.ts'

export interface LimitExchangeParts {
  /** Of this node. */
  id: string
  store: Pick<Store, 'announce' | 'subscribe'>
  clock: Clock
  allowances: Readonly<Record<string, Allowances>>
  headcounts: Readonly<Record<string, Headcounts>>
  onTrouble (error: unknown): void
}

/** The one shard whose channel carries it. */
const SHARD = 0
/** How late others hear of what was spent. */
const PERIOD_MS = 500
/** Of one table in one message: some 10 KB. */
const NAMES_PER_MESSAGE = 200

interface LimitNews {
  node: string
  spent: Record<string, Array<[string, number]>>
  counts: Record<string, Array<[string, number]>>
}

/**
 * Tells the other nodes what was spent here, and hears of theirs, so that limits hold for all together: a message twice a second while anybody spends more than a tenth of what they
 * may, and none else. Nobody waits for it, messages may be lost, and without it each node counts for itself. In the meantime each node lets through what it has heard nothing about:
 * over time nobody gets more than their rate, but at once as much on every node.
 */
export class LimitExchange {
  readonly #parts: LimitExchangeParts
  #cancel: (() => void) | null = null
  #hearing: 'not' | 'asked' | 'yes' = 'not'
  #unsubscribe = (): void => {}
  #toldCounts = false
  #closed = false

  constructor (parts: LimitExchangeParts) {
    this.#parts = parts
  }

  start (): void {
    this.#listen()
    this.#turn()
  }

  close (): void {
    this.#closed = true
    this.#cancel?.()
    this.#unsubscribe()
  }

  /** Once: whoever heard a message twice would count it twice. */
  #listen (): void {
    if (this.#hearing !== 'not') return
    this.#hearing = 'asked'
    this.#parts.store.subscribe(SHARD, 'limits', ({ body }) => this.#heard(body)).then(unsubscribe => {
      this.#hearing = 'yes'
      this.#unsubscribe = unsubscribe
      if (this.#closed) unsubscribe()
    }, (error: unknown) => {
      this.#hearing = 'not'
      this.#parts.onTrouble(error)
    })
  }

  #turn (): void {
    if (this.#closed) return
    this.#cancel = this.#parts.clock.after(PERIOD_MS, () => {
      this.#tell()
      this.#turn()
    })
  }

  #tell (): void {
    const { id, store, allowances, headcounts, onTrouble } = this.#parts
    const spent = told(allowances)
    const counts = told(headcounts)
    // That there is nothing any more is said once; and should that be lost, others forget it.
    const hasCounts = counts !== null
    if (spent === null && !hasCounts && !this.#toldCounts) return
    this.#toldCounts = hasCounts
    const news: LimitNews = { node: id, spent: spent ?? {}, counts: counts ?? Object.fromEntries(Object.keys(headcounts).map(table => [table, []])) }
    store.announce(SHARD, 'limits', 0, JSON.stringify(news)).catch(onTrouble)
    this.#listen()
  }

  #heard (body: string): void {
    const { id, allowances, headcounts } = this.#parts
    const { node, spent, counts } = JSON.parse(body) as LimitNews
    if (node === id) return
    // A table that this release does not have is of another one.
    for (const [table, names] of Object.entries(spent)) for (const [name, amount] of names) allowances[table]?.spentElsewhere(name, amount)
    for (const [table, names] of Object.entries(counts)) headcounts[table]?.heard(node, names)
  }
}

/** Null: nobody need hear anything. */
function told (tables: Readonly<Record<string, { tell (most: number): Array<[string, number]> }>>): Record<string, Array<[string, number]>> | null {
  const all = Object.entries(tables).map(([table, names]) => [table, names.tell(NAMES_PER_MESSAGE)] as const)
  return all.some(([, names]) => names.length > 0) ? Object.fromEntries(all) : null
}
