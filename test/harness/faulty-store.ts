import type { Commit, Committed, Listener, Store } from '../../src/application/ports.ts'

/** A store behind links that lose messages, hold up reads and answer commits as a test says. Everything else goes through. */
export class FaultyStore {
  readonly store: Store
  /** Whether the next message is lost. */
  loses: () => boolean = () => false
  /** Runs before each read is done, and may fail it. */
  beforeRead: () => Promise<void> = async () => {}
  /** Runs after each read has its answer and before the caller has it. */
  afterRead: () => Promise<void> = async () => {}
  /** What becomes of a commit; `done` does it. */
  onCommit: (commit: Commit, done: () => Promise<Committed>) => Promise<Committed> = async (_, done) => await done()
  /** Subscriptions that were made and not ended. */
  subscriptions = 0
  subscribed = 0
  reads = 0

  constructor (behind: Store) {
    const subscribe: Store['subscribe'] = async (shard, topic, listener) => {
      const lossy: Listener = message => { if (!this.loses()) listener(message) }
      const end = await behind.subscribe(shard, topic, lossy)
      this.subscriptions++
      this.subscribed++
      let open = true
      return () => {
        if (open) this.subscriptions--
        open = false
        end()
      }
    }
    const read: Store['read'] = async (...asked) => {
      this.reads++
      await this.beforeRead()
      const answer = await behind.read(...asked)
      await this.afterRead()
      return answer
    }
    const commit: Store['commit'] = async commit => await this.onCommit(commit, async () => await behind.commit(commit))
    this.store = { ...behind, subscribe, read, commit }
  }
}
