import { PerchError } from '../domain/errors.ts'
import type { Clock, Store } from './ports.ts'

/** A recorder is woken at once; what it has not done by then it does in its next batch. */
const LOOK_EVERY_MS = 25

/** Waits until nothing of the shard's waits for the ledger any more: everything that was committed before is there. @throws LEDGER_BEHIND after so long, RECOVERING */
export async function drained (store: Store, clock: Clock, shard: number, withinMs: number): Promise<void> {
  const until = clock.monotonic() + withinMs
  for (;;) {
    const state = await store.state(shard)
    if (state.state !== 'live') throw new PerchError('RECOVERING')
    if (await store.outboxLength(shard, state.epoch) === 0) return
    if (clock.monotonic() > until) throw new PerchError('LEDGER_BEHIND')
    await new Promise<void>(resolve => { clock.after(LOOK_EVERY_MS, resolve) })
  }
}
