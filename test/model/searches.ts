/** The numbers of bounds.pml, and one rule that is broken or behaviour that is added: names that the model's `#ifdef` know. */
export interface Search {
  commits: number
  failovers?: number
  rollbacks?: number
  crashes?: number
  freely?: number
  /** Nodes wait for the watermark, and answer `persisted: true`. */
  waits?: boolean
  /** The guard never loses a lock before its holder is done. */
  locks?: boolean
  without?: string
}

/** Each is exhaustive. Together they are the bounds; no machine of this size takes them all in one. */
export const SEARCHES = {
  'two nodes and two recorders, no fault': { commits: 5, waits: true },
  'a restart with less or nothing, and a keeper that dies': { commits: 2, rollbacks: 1, crashes: 1, freely: 3 },
  'a restart with less or nothing, and a longer history': { commits: 5, rollbacks: 1, freely: 2 },
  'a restart with less or nothing, and answers that wait': { commits: 3, rollbacks: 1, freely: 2, waits: true },
  'a failover to a stale replica, the old primary still there or not, and a keeper that dies': { commits: 2, failovers: 1, crashes: 1, freely: 2 },
  'a failover and a restart': { commits: 2, failovers: 1, rollbacks: 1, freely: 2 }
} as const satisfies Record<string, Search>

/** Minutes and gigabytes each: test/model/wide.ts. */
export const WIDE_SEARCHES = {
  'a failover and a restart, and a keeper that dies': { commits: 2, failovers: 1, rollbacks: 1, crashes: 1, freely: 2 },
  'a failover, and keepers that recover against each other for longer': { commits: 2, failovers: 1, freely: 3 },
  'a failover, and three commits': { commits: 3, failovers: 1, freely: 2 }
} as const satisfies Record<string, Search>

const restart = SEARCHES['a restart with less or nothing, and a keeper that dies']
const failover = SEARCHES['a failover to a stale replica, the old primary still there or not, and a keeper that dies']
const waiting = SEARCHES['a restart with less or nothing, and answers that wait']
const longer = SEARCHES['a restart with less or nothing, and a longer history']

/** What must not go unnoticed: each in a search that finds nothing without it. */
export const MUTATIONS: Record<string, Search & { without: string }> = {
  'a commit that does not compare versions': { commits: 2, without: 'NO_VERSION_CHECK' },
  'a commit under an epoch that is over': { ...restart, without: 'NO_EPOCH_CHECK' },
  'a commit on a server that has the epoch but another replid': { ...restart, without: 'NO_REPLID_CHECK' },
  'a command whose records were read in two epochs': { ...longer, without: 'MIXES_EPOCHS' },
  'a recorder without the fence in Postgres': { ...restart, without: 'NO_FENCE' },
  'a recorder that does not compare its place in the stream': { commits: 2, without: 'NO_PLACE_IN_CURSOR' },
  'a recorder that trims past the cursor': { commits: 2, without: 'TRIMS_PAST_CURSOR' },
  'an announcement before the record': { ...waiting, without: 'ANNOUNCES_FIRST' },
  'an answer by a watermark of another stream': { ...waiting, without: 'NO_STREAM_IN_WATERMARK' },
  'freezing before the epoch is raised': { ...failover, without: 'FREEZES_FIRST' },
  'freezing over a newer epoch': { ...restart, without: 'FREEZES_OVER_NEWER' },
  'keeping what a cleared shard holds': { ...restart, without: 'CLEARED_IS_NOT_VOID' },
  'a recovery that does not drain': { ...restart, without: 'NO_DRAIN' },
  'draining another stream than the cursor\'s': { ...failover, without: 'DRAINS_ANY_STREAM' },
  'draining what another server than the frozen one has': { ...failover, without: 'DRAINS_ELSEWHERE' },
  'keeping a store by its seqs alone': { ...restart, without: 'COMPARES_SEQS_ALONE' },
  'keeping a store by its stream alone': { ...restart, without: 'COMPARES_STREAM_ALONE' },
  'clearing, loading and thawing whatever the freeze': { ...restart, without: 'NO_FREEZE_CHECK' },
  'switching the stream whatever the epoch': { ...failover, without: 'SWITCHES_WITHOUT_EPOCH' },
  'thawing before the stream is switched': { ...restart, without: 'THAWS_FIRST' },
  'a keeper that overlooks a new epoch': { ...restart, without: 'OVERLOOKS_NEW_EPOCH' }
}
