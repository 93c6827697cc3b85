import type { Commit, Committed } from '../../application/ports.ts'
import { PerchError } from '../../domain/errors.ts'
import { addCommit, callArgs, committed } from './commit.ts'
import type { Door } from './door.ts'
import { list } from './reply.ts'
import type { ShardKeys } from './shard-keys.ts'

/** Arguments after which a call takes no further commit: those of some 30 claims, about a millisecond of the server's time, in which nobody else is served. */
const FULL_AT = 1_500

/** A commit on its way. */
interface Sent {
  commit: Commit
  resolve (committed: Committed): void
  reject (error: PerchError): void
}

interface Call {
  args: string[]
  sent: Sent[]
}

/**
 * Runs commits. Those of one shard and epoch that come within one turn of the event loop go in one call of the script, which does them one after another: the answers to many claims
 * come in one read, so the next commits of all of them come together, and what each call costs beside its commits is paid once (bench/claims).
 */
export class CommitCalls {
  readonly #door: Door
  /** By the outbox' key, which names shard and epoch: calls that still take commits. */
  readonly #open = new Map<string, Call>()

  constructor (door: Door) {
    this.#door = door
  }

  run (keys: ShardKeys, commit: Commit, room: number): Promise<Committed> {
    return new Promise((resolve, reject) => {
      const call = this.#callFor(keys, commit.epoch)
      addCommit(call.args, keys, commit, room)
      call.sent.push({ commit, resolve, reject })
      if (call.args.length >= FULL_AT) this.#open.delete(keys.outbox(commit.epoch))
    })
  }

  #callFor (keys: ShardKeys, epoch: number): Call {
    const name = keys.outbox(epoch)
    let call = this.#open.get(name)
    if (call === undefined) {
      const opened: Call = { args: callArgs(keys, epoch), sent: [] }
      call = opened
      this.#open.set(name, opened)
      process.nextTick(() => {
        if (this.#open.get(name) === opened) this.#open.delete(name)
        this.#send(opened)
      })
    }
    return call
  }

  #send ({ args, sent }: Call): void {
    this.#door.run('commit', args).then(reply => {
      const answers = list(reply)
      const stale = answers[0] === 'stale'
      for (const [i, { commit, resolve }] of sent.entries()) resolve(stale ? { state: 'stale' } : committed(answers[i], commit))
    }).catch((error: unknown) => {
      const failure = error instanceof PerchError ? error : new PerchError('INTERNAL', {}, error)
      for (const { reject } of sent) reject(failure)
    })
  }
}
