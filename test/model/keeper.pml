/*
 * Keepers of the shard: recorder (src/application/recorder.ts) and recovery (src/application/recovery.ts), as shard-keeper.ts goes from one to the other. Each call is one step,
 * and anything may happen between two. Leases are left out: safety never rests on them, so both keepers always believe that the shard is theirs. Keepers are alike, so they are
 * one process and kept in order, as nodes are.
 */
#define RESTING   0          /* between two tries of #begin */
#define OPENING   1          /* it knows the store's state */
#define RAISING   2
#define FREEZING  3
#define DRAINING  4
#define COMPARING 5
#define CLEARING  6
#define LOADING   7
#define SWITCHING 8
#define THAWING   9
#define RECORDING 10
#define HOLDING   11         /* an entry that it is about to record */
#define STOPPED   12         /* it has died for good, or has given the shard up */

typedef Keeper {
  unsigned step : 4;
  unsigned epoch : 3, stream : 3, n : 3; /* the cursor it works from; in a recovery `epoch` is the one it raised */
  unsigned seen : 3;         /* the epoch in which it found the shard alive; 0: it did not */
  unsigned was : 3;          /* freeze.lua: the epoch whose state is there; 0: what is there is void */
  unsigned to : 3, entry : 3 /* what it holds, and its place */
}
Keeper keeper[KEEPERS];
byte crashes = CRASHES;

#define RECOVERS(k) (keeper[k].step >= OPENING && keeper[k].step <= THAWING)
/* A keeper that failed rests before it tries again. So that a search ends, from epoch FREELY on it rests until no other keeper is at it and there is one primary. */
#define RESTED (ledger.epoch < FREELY || (!RECOVERS(0) && !RECOVERS(1) && (server[0].role != PRIMARY || server[1].role != PRIMARY)))

inline rest (k) {
  keeper[k].step = RESTING; keeper[k].epoch = 0; keeper[k].stream = 0; keeper[k].n = 0; keeper[k].seen = 0; keeper[k].was = 0; keeper[k].to = 0; keeper[k].entry = 0
}

/* Where the ledger stands, as cursor.ts readCursor and raiseEpoch return it. */
inline learn_cursor (k) { keeper[k].epoch = ledger.epoch; keeper[k].stream = ledger.stream; keeper[k].n = ledger.n }

/* shard-keeper.ts #begin: state.lua. */
inline look (k, s) {
  keeper[k].seen = (LIVE_HERE(s) -> server[s].epoch : 0);
  keeper[k].step = OPENING
}

/* #begin: the ledger's cursor. */
inline open (k) {
  if
  :: keeper[k].seen == ledger.epoch && ledger.stream == ledger.epoch -> learn_cursor(k); keeper[k].step = RECORDING
#ifdef FREEZES_FIRST
  :: else -> keeper[k].epoch = ledger.epoch + 1; keeper[k].step = FREEZING
#else
  :: else -> keeper[k].step = RAISING
#endif
  fi;
  keeper[k].seen = 0
}

#ifdef FREEZES_FIRST
#define AFTER_RAISING  DRAINING
#define AFTER_FREEZING RAISING
#else
#define AFTER_RAISING  FREEZING
#define AFTER_FREEZING DRAINING
#endif
#ifdef THAWS_FIRST
#define AFTER_STORE THAWING
#else
#define AFTER_STORE SWITCHING
#endif

/* Step 1: cursor.ts raiseEpoch. The store's epoch is never above the ledger's, since Postgres is not rolled back here. */
inline raise (k) {
  ledger.epoch++;
  assert(ledger.epoch <= 7);
  learn_cursor(k);
  keeper[k].step = AFTER_RAISING
}

/* Step 2: freeze.lua. */
inline freeze (k, s) {
  if
#ifndef FREEZES_OVER_NEWER
  :: server[s].key != MISSING && server[s].epoch >= keeper[k].epoch -> rest(k)
#endif
  :: else ->
#if FAILOVERS == 0
     /* INV-5: a shard that lives has the outbox that is drained next. (After a failover the one that is frozen may be fenced off already: what it has is provisional.) */
     assert(!LIVE_HERE(s) || server[s].stream == ledger.stream || !ENTRIES_BEHIND(s, 0));
#endif
     keeper[k].was = (server[s].key == LIVE -> server[s].epoch : (server[s].key == FROZEN -> server[s].was : 0));
     server[s].was = keeper[k].was;
     server[s].key = FROZEN; server[s].epoch = keeper[k].epoch; server[s].mine = true;
     keeper[k].step = AFTER_FREEZING
  fi
}

/* Step 3: recovery.ts drain, by drain.lua. An entry, once written, is never another one, so reading and recording it are one step here; the recorder keeps them apart. */
#ifdef DRAINS_ELSEWHERE
#define DRAINED_HERE(s, e) (true)
#else
#define DRAINED_HERE(s, e) FROZEN_HERE(s, e)
#endif
inline drain (k, s) {
  if
  :: !DRAINED_HERE(s, keeper[k].epoch) -> rest(k)
#ifndef NO_DRAIN
  :: DRAINED_HERE(s, keeper[k].epoch) && IN_OUTBOX(s, keeper[k].stream, keeper[k].n) ->
     first_entry(s, keeper[k].n);
     keeper[k].to = place; keeper[k].entry = told; place = 0; told = 0;
     record(k, DRAINING)
#endif
  :: else -> keeper[k].step = COMPARING
  fi
}

/* Step 4: positions.lua against the ledger's seqs (recovery.ts settle). No store of the cursor's history is ahead of the ledger: resync.ts is for a hand from outside, and for a Postgres that was set back. */
inline compare (k, s) {
  assert(!FROZEN_HERE(s, keeper[k].epoch) || ledger.epoch != keeper[k].epoch || keeper[k].was < keeper[k].stream || server[s].n <= ledger.n);
  if
  :: !FROZEN_HERE(s, keeper[k].epoch) -> rest(k)
#ifdef COMPARES_SEQS_ALONE
  :: FROZEN_HERE(s, keeper[k].epoch) && server[s].n == ledger.n -> keeper[k].n = 0; keeper[k].step = AFTER_STORE
#elif defined(COMPARES_STREAM_ALONE)
  :: FROZEN_HERE(s, keeper[k].epoch) && keeper[k].was == keeper[k].stream -> keeper[k].n = 0; keeper[k].step = AFTER_STORE
#else
  :: FROZEN_HERE(s, keeper[k].epoch) && keeper[k].was == keeper[k].stream && server[s].n == ledger.n -> keeper[k].n = 0; keeper[k].step = AFTER_STORE
#endif
  :: else -> keeper[k].step = CLEARING
  fi;
  keeper[k].was = 0; keeper[k].stream = 0
}

/* Step 4, the long way: rebuild.ts. clear.lua, and load.lua for the floors with their seqs. */
inline clear (k, s) {
  if
  :: FROZEN_HERE(s, keeper[k].epoch) ->
     /* INV-5: what it still had, and the ledger had not, has been recorded. */
     assert(!IN_OUTBOX(s, ledger.stream, ledger.n));
     drop_records(s);
#ifndef CLEARED_IS_NOT_VOID
     server[s].was = 0;
#endif
     server[s].outcome[0] = ledger.outcome[0]; server[s].outcome[1] = ledger.outcome[1]; server[s].version[0] = ledger.n;
     server[s].n = keeper[k].n;
     keeper[k].step = LOADING
  :: else -> rest(k)
  fi
}

/* load.lua for what comes behind the seqs: people's records, for which space 1 stands here. */
inline load (k, s) {
  if
  :: FROZEN_HERE(s, keeper[k].epoch) ->
     server[s].outcome[2] = ledger.outcome[2]; server[s].version[1] = ledger.n;
     keeper[k].n = 0; keeper[k].step = AFTER_STORE
  :: else -> rest(k)
  fi
}

/* Step 5: cursor.ts switchStream. The n of a store that was kept is the ledger's, since every commit here is an entry. */
inline switch (k) {
  if
#ifdef SWITCHES_WITHOUT_EPOCH
  :: true ->
#else
  :: ledger.epoch == keeper[k].epoch ->
#endif
     ledger.stream = keeper[k].epoch;
#ifdef THAWS_FIRST
     rest(k)
#else
     keeper[k].step = THAWING
#endif
  :: else -> rest(k)
  fi
}

/* Step 6: thaw.lua. INV-5: in the epoch that the ledger follows the store begins as what is recorded: nothing persisted is lost, nothing lost lives on. */
inline thaw (k, s) {
  if
  :: FROZEN_HERE(s, keeper[k].epoch) ->
     server[s].key = LIVE; server[s].epoch = keeper[k].epoch; server[s].was = 0; server[s].mine = true; server[s].stream = keeper[k].epoch;
     drop_outbox(s);
     assert(ledger.epoch != keeper[k].epoch || AS_RECORDED(s));
#ifdef THAWS_FIRST
     keeper[k].step = SWITCHING
#else
     rest(k)
#endif
  :: else -> rest(k)
  fi
}

/* record.ts. */
inline record (k, next) {
  if
  :: AT_CURSOR(keeper[k].epoch, keeper[k].stream, keeper[k].n) ->
     apply(keeper[k].n, keeper[k].to, keeper[k].entry);
     keeper[k].n = keeper[k].to; keeper[k].to = 0; keeper[k].entry = 0; keeper[k].step = next
  :: else -> rest(k)         /* moved */
  fi
}

/* recorder.ts #batch: read, record, announce; the trim comes when it comes, up to what was recorded. */
inline take (k, s) {
#ifdef ANNOUNCES_FIRST
  announce(keeper[k].stream, keeper[k].n + 1);
#endif
  first_entry(s, keeper[k].n);
  keeper[k].to = place; keeper[k].entry = told; place = 0; told = 0;
  keeper[k].step = HOLDING
}
inline put (k) {
  record(k, RECORDING);
  if
  :: keeper[k].step == RECORDING -> announce(keeper[k].stream, keeper[k].n)
  :: else
  fi
}
#ifdef TRIMS_PAST_CURSOR
#define TRIMMED(k) (keeper[k].n + 1)
#else
#define TRIMMED(k) (keeper[k].n)
#endif

/* shard-keeper.ts check. */
#ifdef OVERLOOKS_NEW_EPOCH
#define RELIEVED(k, s) (!LIVE_HERE(s))
#else
#define RELIEVED(k, s) (!LIVE_HERE(s) || server[s].epoch != keeper[k].epoch)
#endif

#define KEEPER_ALONE(k) \
  :: d_step { keeper[k].step == OPENING -> printf("keeper %d: cursor\n", k); open(k); line_up() } \
  :: d_step { keeper[k].step == RAISING -> printf("keeper %d: raise\n", k); raise(k); line_up() } \
  :: d_step { keeper[k].step == SWITCHING -> printf("keeper %d: switch\n", k); switch(k); line_up() } \
  :: d_step { keeper[k].step == HOLDING -> printf("keeper %d: record entry %d\n", k, keeper[k].to); put(k); line_up() } \
  /* A call fails, or the process dies: it begins anew, or leaves the shard to the other. */ \
  :: d_step { crashes > 0 && keeper[k].step != RESTING && keeper[k].step != STOPPED -> printf("keeper %d: fails\n", k); crashes--; rest(k); line_up() } \
  :: d_step { crashes > 0 && keeper[k].step != STOPPED && keeper[1 - k].step != STOPPED -> printf("keeper %d: stops for good\n", k); crashes--; rest(k); keeper[k].step = STOPPED; line_up() }

#define KEEPER_AT(k, s) \
  :: d_step { keeper[k].step == RESTING && RESTED && REACHED(s) -> printf("keeper %d: state of server %d\n", k, s); look(k, s); line_up() } \
  :: d_step { keeper[k].step == FREEZING && REACHED(s) -> printf("keeper %d: freeze on server %d\n", k, s); freeze(k, s); line_up() } \
  :: d_step { keeper[k].step == DRAINING && REACHED(s) -> printf("keeper %d: drain on server %d\n", k, s); drain(k, s); line_up() } \
  :: d_step { keeper[k].step == COMPARING && REACHED(s) -> printf("keeper %d: compare on server %d\n", k, s); compare(k, s); line_up() } \
  :: d_step { keeper[k].step == CLEARING && REACHED(s) -> printf("keeper %d: clear on server %d\n", k, s); clear(k, s); line_up() } \
  :: d_step { keeper[k].step == LOADING && REACHED(s) -> printf("keeper %d: load on server %d\n", k, s); load(k, s); line_up() } \
  :: d_step { keeper[k].step == THAWING && REACHED(s) -> printf("keeper %d: thaw on server %d\n", k, s); thaw(k, s); line_up() } \
  :: d_step { keeper[k].step == RECORDING && REACHED(s) && !RELIEVED(k, s) && IN_OUTBOX(s, keeper[k].stream, keeper[k].n) -> printf("keeper %d: read outbox of server %d\n", k, s); take(k, s); line_up() } \
  :: d_step { keeper[k].step == RECORDING && REACHED(s) && server[s].stream == keeper[k].stream && ENTRIES_UPTO(s, TRIMMED(k)) -> printf("keeper %d: trim outbox of server %d\n", k, s); trim(s, TRIMMED(k)) } \
  :: d_step { keeper[k].step == RECORDING && REACHED(s) && RELIEVED(k, s) -> printf("keeper %d: relieved by server %d\n", k, s); rest(k); line_up() }

#define PLACE(k) \
  (((((((keeper[k].step * 8 + keeper[k].epoch) * 8 + keeper[k].stream) * 8 + keeper[k].n) * 8 + keeper[k].seen) * 8 + keeper[k].was) * 8 + keeper[k].to) * 8 + keeper[k].entry)
#define SWAP(field) swap = keeper[0].field; keeper[0].field = keeper[1].field; keeper[1].field = swap
inline line_up () {
  if
  :: PLACE(0) < PLACE(1) -> printf("(keepers 0 and 1 change names)\n");
     SWAP(step); SWAP(epoch); SWAP(stream); SWAP(n);
     SWAP(seen); SWAP(was); SWAP(to); SWAP(entry); swap = 0
  :: else
  fi
}

proctype Keepers () {
end_idle:
  do
  KEEPER_ALONE(0) KEEPER_AT(0, 0) KEEPER_AT(0, 1)
  KEEPER_ALONE(1) KEEPER_AT(1, 0) KEEPER_AT(1, 1)
  od
}
