/*
 * Commit, recorder and recovery of one shard, over every order of their steps and of the faults within the bounds. README.md says what is covered, what is left out, and how to
 * read a trace.
 */
#include "bounds.pml"
byte left = COMMITS;
#include "ledger.pml"
#include "store.pml"
#include "node.pml"
#include "keeper.pml"
#include "faults.pml"

/* When nothing moves any more, the shard lives, every commit that survived is recorded (INV-5), and a keeper is there for the next one: nobody is stuck. */
#define KEPT_BY(k, s) (keeper[k].step == RECORDING && keeper[k].stream == server[s].stream)
#define WELL(s) (LIVE_HERE(s) && server[s].stream == ledger.stream && AS_RECORDED(s) && !ENTRIES_BEHIND(s, ledger.n) && (KEPT_BY(0, s) || KEPT_BY(1, s)))

proctype End () {
  timeout -> assert((server[0].role != PRIMARY || WELL(0)) && (server[1].role != PRIMARY || WELL(1)))
}

init {
  atomic {
    server[0].role = PRIMARY; server[1].role = REPLICA;
    server[0].key = LIVE; server[0].epoch = 1; server[0].mine = true; server[0].stream = 1;
    server[1].key = LIVE; server[1].epoch = 1; server[1].mine = true; server[1].stream = 1;
    ledger.epoch = 1; ledger.stream = 1;
    run Faults(); run Keepers(); run Nodes(); run End()
  }
}
