/*
 * Nodes that claim (src/application/transact.ts), each one command at a time. The guard is one that always grants (INV-3). Between a read and the commit that
 * was decided from it anything may happen: that is also what deciding from the node's cache is. Refusals change nothing and are left out. Nodes are alike, so it does not
 * matter which of them has which command: they are one process, and their commands are kept in order.
 */
typedef Command {
  byte entry;                /* what is to become of which claim, by what was read; 0: the node is idle */
  byte epoch, version;       /* under which that was read */
  byte n                     /* of its commit; 0: not yet */
}
Command command[NODES];

#define MAY(s, c) (server[s].outcome[c] == GRANTED || (server[s].outcome[c] == UNKNOWN && (RIVAL(c) == c || server[s].outcome[RIVAL(c)] != GRANTED)))
#define MAY_ANY(s) (left > 0 && LIVE_HERE(s) && (MAY(s, 0) || MAY(s, 1) || MAY(s, 2)))

#ifdef NO_VERSION_CHECK
#define UNCHANGED(s, i) (true)
#else
#define UNCHANGED(s, i) (server[s].version[SPACE(CLAIM_OF(command[i].entry))] == command[i].version)
#endif
#ifdef NO_EPOCH_CHECK
#define MY_EPOCH(s, i) (true)
#else
#define MY_EPOCH(s, i) (server[s].epoch == command[i].epoch)
#endif

/* watermarks.ts #passed: the recorder says how far the ledger is, and whoever waits answers `persisted: true`. INV-5: so it is; `apply` says that it stays. */
#ifdef NO_STREAM_IN_WATERMARK
#define PASSED(i, which, upto) (command[i].n > 0 && command[i].n <= (upto))
#else
#define PASSED(i, which, upto) (command[i].n > 0 && command[i].epoch == (which) && command[i].n <= (upto))
#endif
inline announce (which, upto) {
  if
  :: PASSED(0, which, upto) -> assert(ledger.outcome[CLAIM_OF(command[0].entry)] >= WHAT_OF(command[0].entry)); idle(0)
  :: else
  fi;
  if
  :: PASSED(1, which, upto) -> assert(ledger.outcome[CLAIM_OF(command[1].entry)] >= WHAT_OF(command[1].entry)); idle(1)
  :: else
  fi;
  in_order()
}

inline idle (i) { command[i].entry = 0; command[i].epoch = 0; command[i].version = 0; command[i].n = 0 }

#define RANK(i) (((command[i].entry * 8 + command[i].epoch) * 8 + command[i].version) * 8 + command[i].n)
inline in_order () {
  if
  :: RANK(0) < RANK(1) -> printf("(nodes 0 and 1 change names)\n");
     swap = command[0].entry; command[0].entry = command[1].entry; command[1].entry = swap;
     swap = command[0].epoch; command[0].epoch = command[1].epoch; command[1].epoch = swap;
     swap = command[0].version; command[0].version = command[1].version; command[1].version = swap;
     swap = command[0].n; command[0].n = command[1].n; command[1].n = swap; swap = 0
  :: else
  fi
}
byte swap;

/* The guard: always granted, or, to see what it does, a lock on the space that never runs out before its holder is done. */
#ifdef LOCK_NEVER_RUNS_OUT
#define GUARDED(c) (!command[0].entry || SPACE(CLAIM_OF(command[0].entry)) != SPACE(c))
#else
#define GUARDED(c) (true)
#endif

/* read.lua, then decide: who is idle stands last. */
#define READ(s, c) \
  :: d_step { \
       command[1].entry == 0 && left > 0 && LIVE_HERE(s) && MAY(s, c) && GUARDED(c) -> printf("node 1: decide claim %d by server %d\n", c, s); \
       command[1].entry = ENTRY(c, server[s].outcome[c] + 1); \
       command[1].epoch = server[s].epoch; \
       command[1].version = server[s].version[SPACE(c)]; \
       in_order() \
     }

/* commit.lua. An answer that is not waited for says `persisted: false`, or is lost; after one that says stale or conflict everything is read again. */
#define COMMIT(i, s, waits) \
  :: d_step { \
       command[i].entry && !command[i].n && REACHED(s) -> printf("node %d: commit on server %d\n", i, s); \
       if \
       :: LIVE_HERE(s) && MY_EPOCH(s, i) && UNCHANGED(s, i) && left > 0 -> \
          write(s, CLAIM_OF(command[i].entry), WHAT_OF(command[i].entry), command[i].epoch); \
          command[i].n = server[s].n; command[i].version = 0; \
          if :: !waits -> idle(i) :: else fi \
       :: else -> idle(i) \
       fi; \
       in_order() \
     }

proctype Nodes () {
end_idle:
  do
  READ(0, 0) READ(0, 1) READ(0, 2)
  READ(1, 0) READ(1, 1) READ(1, 2)
#ifdef MIXES_EPOCHS
  /* A second record, not yet in the cache, is read in a later epoch; the first one is kept, and the commit passes the later epoch. */
  :: d_step { command[0].entry && !command[0].n && LIVE_HERE(0) && server[0].epoch > command[0].epoch -> command[0].epoch = server[0].epoch; in_order() }
  :: d_step { command[0].entry && !command[0].n && LIVE_HERE(1) && server[1].epoch > command[0].epoch -> command[0].epoch = server[1].epoch; in_order() }
#endif
  COMMIT(0, 0, false) COMMIT(0, 1, false) COMMIT(1, 0, false) COMMIT(1, 1, false)
#ifdef WAITS
  COMMIT(0, 0, true) COMMIT(0, 1, true) COMMIT(1, 0, true) COMMIT(1, 1, true)
  :: d_step { command[0].n > 0 -> idle(0); in_order() }     /* 250 ms are over */
  :: d_step { command[1].n > 0 -> idle(1); in_order() }
#endif
  od
}
