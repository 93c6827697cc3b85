/** What one operation on one object is to the checker. `optional`: nobody knows whether it happened; it may have, at any time since, or never. */
export interface Call<I> {
  invokedAt: number
  /** Infinity: it may happen as late as one likes. */
  returnedAt: number
  optional: boolean
  input: I
}

/** An object as if it were used by one client alone. */
export interface Model<S, I> {
  readonly initial: S
  /** The state afterwards; null: it cannot have happened in that state, or with that answer, or, where nobody knows, would have changed nothing. */
  step (state: S, input: I): S | null
  /** The same for states that are the same. */
  keyOf (state: S): string
}

/** `stuck`: the calls that had begun, and of which none could have been next, where most of the others had found their place. */
export type Linearized<I> =
  | { state: 'linearizable' }
  | { state: 'not', placed: number, stuck: ReadonlyArray<Call<I>> }
  /** The search was given up. */
  | { state: 'undecided' }

interface Entry {
  /** Of the call among the calls. */
  call: number
  kind: 'call' | 'return'
  /** Of a call: its return, if it has to have happened. */
  match: Entry | null
  before: Entry | null
  after: Entry | null
}

/**
 * Whether the calls can be put in an order that keeps to time and that the model could have gone through: the search of Wing and Gong, with Lowe's memory of what was tried
 * (Testing for linearizability, 2017). Exponential at worst, so `mostSteps` bounds it.
 */
export function linearize<S, I> (calls: ReadonlyArray<Call<I>>, model: Model<S, I>, mostSteps = 1_000_000): Linearized<I> {
  const head = entriesOf(calls)
  const placed: Array<{ entry: Entry, state: S }> = []
  const tried = new Set<string>()
  let [state, bits, steps] = [model.initial, 0n, 0]
  let deepest = { placed: -1, stuck: [] as Array<Call<I>> }
  let returns = calls.filter(({ optional }) => !optional).length
  let entry = head.after

  while (returns > 0) {
    if (++steps > mostSteps) return { state: 'undecided' }
    if (entry !== null && entry.kind === 'call') {
      const call = calls[entry.call] as Call<I>
      const next = model.step(state, call.input)
      const with_ = bits | 1n << BigInt(entry.call)
      if (next !== null && isNew(tried, `${with_.toString(36)}/${model.keyOf(next)}`)) {
        placed.push({ entry, state })
        state = next
        bits = with_
        if (entry.match !== null) returns--
        lift(entry)
        entry = head.after
      } else entry = entry.after
      continue
    }
    // Whatever is first now has ended before anything else could happen.
    if (placed.length > deepest.placed) deepest = { placed: placed.length, stuck: waiting(head, calls) }
    const last = placed.pop()
    if (last === undefined) return { state: 'not', ...deepest }
    state = last.state
    bits &= ~(1n << BigInt(last.entry.call))
    if (last.entry.match !== null) returns++
    unlift(last.entry)
    entry = last.entry.after
  }
  return { state: 'linearizable' }
}

function isNew (tried: Set<string>, key: string): boolean {
  if (tried.has(key)) return false
  tried.add(key)
  return true
}

/** The head of a list in the order of time; what happens in the same moment counts as concurrent. */
function entriesOf<I> (calls: ReadonlyArray<Call<I>>): Entry {
  const moments = calls.flatMap(({ invokedAt, returnedAt, optional }, call) => {
    const back: Entry | null = optional ? null : { call, kind: 'return', match: null, before: null, after: null }
    const there: Entry = { call, kind: 'call', match: back, before: null, after: null }
    return [{ at: invokedAt, entry: there }, ...(back === null ? [] : [{ at: returnedAt, entry: back }])]
  })
  moments.sort((a, b) => a.at === b.at ? order(a.entry) - order(b.entry) : a.at - b.at)
  const head: Entry = { call: -1, kind: 'call', match: null, before: null, after: null }
  let last = head
  for (const { entry } of moments) {
    entry.before = last
    last.after = entry
    last = entry
  }
  return head
}

function order ({ kind }: Entry): number {
  return kind === 'call' ? 0 : 1
}

function lift (entry: Entry): void {
  cut(entry)
  if (entry.match !== null) cut(entry.match)
}

/** In the opposite order, so that both find their neighbours as they left them. */
function unlift (entry: Entry): void {
  if (entry.match !== null) join(entry.match)
  join(entry)
}

function cut (entry: Entry): void {
  if (entry.before !== null) entry.before.after = entry.after
  if (entry.after !== null) entry.after.before = entry.before
}

function join (entry: Entry): void {
  if (entry.before !== null) entry.before.after = entry
  if (entry.after !== null) entry.after.before = entry
}

/** The calls before the first return. */
function waiting<I> (head: Entry, calls: ReadonlyArray<Call<I>>): Array<Call<I>> {
  const found: Array<Call<I>> = []
  for (let entry = head.after; entry !== null && entry.kind === 'call'; entry = entry.after) found.push(calls[entry.call] as Call<I>)
  return found
}
