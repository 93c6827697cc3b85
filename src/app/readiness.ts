import type { Ledger, Store } from '../application/ports.ts'
import type { Readiness } from '../transports/http/operations.ts'

/** Longer than a healthy store or ledger takes, shorter than whoever asks waits. */
const ANSWER_MS = 1_000

export interface ReadinessParts {
  store: Store
  ledger: Ledger
  /** Of the org that this installation is for. */
  shard: number
  draining (): boolean
  /** This node met what only a newer release can read. */
  outdated (): boolean
}

/** A node should get requests while the live state answers and lives. Without the ledger claims go on, so it is told and does not count. */
export function readinessOf ({ store, ledger, shard, draining, outdated }: ReadinessParts): () => Promise<Readiness> {
  let asked: Promise<Readiness> | null = null
  async function look (): Promise<Readiness> {
    const [state, known] = await Promise.all([
      within(ANSWER_MS, store.state(shard)),
      within(ANSWER_MS, ledger.cursor(shard))
    ])
    const checks = { serving: !draining(), store: state !== null, live: state?.state === 'live', release: !outdated(), ledger: known !== null }
    return { ready: checks.serving && checks.store && checks.live && checks.release, checks }
  }
  // Nobody need say who they are to ask, so however many ask at once, the store is asked once.
  return async () => await (asked ??= look().finally(() => { asked = null }))
}

/** Null: it failed or takes too long. */
async function within<T> (ms: number, asked: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>(resolve => { timer = setTimeout(resolve, ms, null) })
  try {
    return await Promise.race([asked, late])
  } catch {
    // What is wrong with it has logs and metrics of its own.
    return null
  } finally {
    clearTimeout(timer)
  }
}
