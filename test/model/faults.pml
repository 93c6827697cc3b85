/*
 * What befalls the servers: one is promoted with what it has, the other then is down or still takes itself for the primary, until it comes back as a replica;
 * a primary restarts with what the other server has (any state that it had itself some time ago, or the diverged one of before the failover) or with nothing.
 */
#define DIFFERS(i) (server[0].entry[i] != server[1].entry[i])
#if COMMITS == 2
#define OUTBOX_DIFFERS (DIFFERS(1) || DIFFERS(2))
#elif COMMITS == 3
#define OUTBOX_DIFFERS (DIFFERS(1) || DIFFERS(2) || DIFFERS(3))
#elif COMMITS == 4
#define OUTBOX_DIFFERS (DIFFERS(1) || DIFFERS(2) || DIFFERS(3) || DIFFERS(4))
#else
#define OUTBOX_DIFFERS (DIFFERS(1) || DIFFERS(2) || DIFFERS(3) || DIFFERS(4) || DIFFERS(5))
#endif
#define LAGS (server[0].key != server[1].key || server[0].epoch != server[1].epoch || server[0].n != server[1].n || server[0].stream != server[1].stream || OUTBOX_DIFFERS)

byte failovers = FAILOVERS, rollbacks = ROLLBACKS;

/* Once nothing can befall the primary any more, what another one has does not matter. */
inline forget () {
  if
  :: failovers + rollbacks == 0 && server[0].role != PRIMARY -> drop_all(0)
  :: failovers + rollbacks == 0 && server[0].role == PRIMARY && server[1].role != PRIMARY -> drop_all(1)
  :: else
  fi
}

/* One is promoted with what it has. `then`: what becomes of the old one; still a primary if the network is split, for whoever still reaches it. */
#define FAILOVER(from, to, then) \
  :: d_step { failovers > 0 && server[from].role == PRIMARY && server[to].role == REPLICA -> printf("failover to server %d\n", to); failovers--; server[to].role = PRIMARY; server[to].mine = false; server[from].role = then; forget() }

/* A primary restarts with what the other has, or with nothing. */
#define RESTART_AS(s, other) \
  :: d_step { rollbacks > 0 && server[s].role == PRIMARY -> printf("server %d restarts as server %d is\n", s, other); rollbacks--; copy(s, other); server[s].mine = false; forget() }
#define RESTART_EMPTY(s) \
  :: d_step { rollbacks > 0 && server[s].role == PRIMARY -> printf("server %d restarts with nothing\n", s); rollbacks--; drop_all(s); forget() }

#define REPLICATE(from, to) \
  :: d_step { failovers + rollbacks > 0 && server[from].role == PRIMARY && server[to].role == REPLICA && LAGS -> printf("server %d is replicated\n", from); copy(to, from) }

proctype Faults () {
end_quiet:
  do
  FAILOVER(0, 1, DOWN) FAILOVER(0, 1, PRIMARY)
  /* The old primary is back. */
  :: d_step { server[1].role == PRIMARY && server[0].role != REPLICA -> printf("server 0 is back as a replica\n"); server[0].role = REPLICA; copy(0, 1); forget() }
  RESTART_AS(0, 1) RESTART_AS(1, 0) RESTART_EMPTY(0) RESTART_EMPTY(1)
  REPLICATE(0, 1) REPLICATE(1, 0)
  od
}
