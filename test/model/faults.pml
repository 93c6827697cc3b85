/*
 * What befalls the servers: one is promoted with what it has, the other then is down or still takes itself for the primary, until it comes back as a replica;
 * a primary restarts with what the other server has (any state that it had itself some time ago, or the diverged one of before the failover) or with nothing.
 */
#define DIFFER (server[0].key != server[1].key || server[0].epoch != server[1].epoch || server[0].n != server[1].n || server[0].stream != server[1].stream || ENTRIES_DIFFER)
#if COMMITS == 2
#define ENTRIES_DIFFER (server[0].entry[1] != server[1].entry[1] || server[0].entry[2] != server[1].entry[2])
#elif COMMITS == 3
#define ENTRIES_DIFFER (server[0].entry[1] != server[1].entry[1] || server[0].entry[2] != server[1].entry[2] || server[0].entry[3] != server[1].entry[3])
#else
#define ENTRIES_DIFFER (server[0].entry[1] != server[1].entry[1] || server[0].entry[2] != server[1].entry[2] || server[0].entry[3] != server[1].entry[3] || server[0].entry[4] != server[1].entry[4])
#endif

byte failovers = FAILOVERS, rollbacks = ROLLBACKS;

/* One is promoted with what it has. `then`: what becomes of the old one; still a primary if the network is split, for whoever still reaches it. */
#define FAILOVER(from, to, then) \
  :: d_step { failovers > 0 && server[from].role == PRIMARY && server[to].role == REPLICA -> failovers--; server[to].role = PRIMARY; server[to].mine = false; server[from].role = then }

/* A primary restarts with what the other has, or with nothing. */
#define RESTART_AS(s, other) \
  :: d_step { rollbacks > 0 && server[s].role == PRIMARY -> rollbacks--; server[s].mine = false; copy(s, other) }
#define RESTART_EMPTY(s) \
  :: d_step { rollbacks > 0 && server[s].role == PRIMARY -> rollbacks--; server[s].mine = false; server[s].key = MISSING; server[s].epoch = 0; drop_records(s) }

/* Once nothing can befall the primary any more, what a replica has does not matter. */
#define REPLICATE(from, to) \
  :: d_step { failovers + rollbacks > 0 && server[from].role == PRIMARY && server[to].role == REPLICA && DIFFER -> server[to].mine = server[from].mine; copy(to, from) }

proctype Faults () {
end_quiet:
  do
  FAILOVER(0, 1, DOWN) FAILOVER(0, 1, PRIMARY)
  /* The old primary is back. */
  :: d_step { server[1].role == PRIMARY && server[0].role != REPLICA -> server[0].role = REPLICA; server[0].mine = server[1].mine; copy(0, 1) }
  RESTART_AS(0, 1) RESTART_AS(1, 0) RESTART_EMPTY(0) RESTART_EMPTY(1)
  REPLICATE(0, 1) REPLICATE(1, 0)
  od
}
