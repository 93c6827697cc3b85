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

/* When nothing moves any more, the shard lives in the ledger's epoch, and every commit that survived is recorded: nobody is stuck (INV-5). */
#define RECOVERED(s) (LIVE_HERE(s) && server[s].epoch == ledger.epoch && ledger.stream == ledger.epoch && AS_RECORDED(s) && !ENTRIES_BEHIND(s, ledger.n))

proctype End () {
  timeout -> assert((server[0].role != PRIMARY || RECOVERED(0)) && (server[1].role != PRIMARY || RECOVERED(1)))
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
