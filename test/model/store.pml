/*
 * The store: one shard on two Redis servers. Each script is one atomic step, as in Redis (src/adapters/redis/lua/); deadlines, messages and clock are left out. All spaces are on one floor and every commit touches it, so the floor's seq and the shard's n are one number.
 */

/* The epoch key (state.lua). */
#define MISSING 0
#define LIVE    1
#define FROZEN  2

/* What a server takes itself for. One that is down keeps what it had. */
#define PRIMARY 0
#define REPLICA 1
#define DOWN    2

typedef Server {
  unsigned role : 2;
  unsigned key : 2;
  bit mine;                  /* the replid in the key is this server's: every restart and promotion gives it another one */
  unsigned epoch : 3;        /* in the key */
  unsigned was : 3;          /* in a frozen key: the epoch whose state it has; 0: of none */
  unsigned stream : 3;       /* meta stream: the epoch of the one outbox there is; thaw and clear drop the one before */
  unsigned n : 3;            /* meta n, and the floor's seq */
  byte version[SPACES];      /* of the space's and its day's record; it covers the records of the space's claims, which change with it */
  byte outcome[CLAIMS];      /* records of claims */
  byte entry[COMMITS + 1]    /* the outbox: entry n at n */
}
Server server[SERVERS];

/* commit.lua and read.lua: the key is live, the role is master and the replid is this server's. */
#ifdef NO_REPLID_CHECK
#define LIVE_HERE(s) (server[s].role == PRIMARY && server[s].key == LIVE)
#else
#define LIVE_HERE(s) (server[s].role == PRIMARY && server[s].key == LIVE && server[s].mine)
#endif

/* positions.lua, clear.lua, load.lua, thaw.lua: the freeze is the newest, and this server's. An epoch is raised once, so it stands for the keeper's name, too. */
#ifdef NO_FREEZE_CHECK
#define FROZEN_HERE(s, e) (true)
#else
#define FROZEN_HERE(s, e) (server[s].key == FROZEN && server[s].epoch == (e) && server[s].mine)
#endif

/* A call goes to any server that takes itself for the primary, each call anew: with two of them, a client may be connected to either. */
#define REACHED(s) (server[s].role == PRIMARY)

/* INV-1 in the store: who is granted a space finds nobody else there. INV-4: and an id that the ledger knows is not granted in the epoch that the ledger follows. */
inline promise_kept (s, c) {
  assert(RIVAL(c) == c || server[s].outcome[RIVAL(c)] != GRANTED);
  assert(server[s].outcome[c] == UNKNOWN);
  assert(server[s].epoch != ledger.epoch || ledger.outcome[c] == UNKNOWN)
}

/* commit.lua, behind its checks: outbox, seqs, records. */
inline write (s, c, what, in_epoch) {
  left--;
  if
  :: what == GRANTED -> promise_kept(s, c)
  :: else
  fi;
  server[s].n++;
  if
  :: server[s].stream == in_epoch -> server[s].entry[server[s].n] = ENTRY(c, what)
  :: else                     /* an outbox that nobody reads */
  fi;
  server[s].version[SPACE(c)] = server[s].n;
  server[s].outcome[c] = what
}

/* outbox.lua and drain.lua check as read.lua and load.lua do; XTRIM on the outbox (outbox.ts) checks nothing. Is there an entry behind n; is there one up to it? */
#define ENTRY_BEHIND(s, n, i) ((n) < i && server[s].entry[i])
#define ENTRY_UPTO(s, n, i) ((n) >= i && server[s].entry[i])
#if COMMITS == 2
#define ENTRIES_BEHIND(s, n) (ENTRY_BEHIND(s, n, 1) || ENTRY_BEHIND(s, n, 2))
#define ENTRIES_UPTO(s, n) (ENTRY_UPTO(s, n, 1) || ENTRY_UPTO(s, n, 2))
#elif COMMITS == 3
#define ENTRIES_BEHIND(s, n) (ENTRY_BEHIND(s, n, 1) || ENTRY_BEHIND(s, n, 2) || ENTRY_BEHIND(s, n, 3))
#define ENTRIES_UPTO(s, n) (ENTRY_UPTO(s, n, 1) || ENTRY_UPTO(s, n, 2) || ENTRY_UPTO(s, n, 3))
#elif COMMITS == 4
#define ENTRIES_BEHIND(s, n) (ENTRY_BEHIND(s, n, 1) || ENTRY_BEHIND(s, n, 2) || ENTRY_BEHIND(s, n, 3) || ENTRY_BEHIND(s, n, 4))
#define ENTRIES_UPTO(s, n) (ENTRY_UPTO(s, n, 1) || ENTRY_UPTO(s, n, 2) || ENTRY_UPTO(s, n, 3) || ENTRY_UPTO(s, n, 4))
#else
#define ENTRIES_BEHIND(s, n) (ENTRY_BEHIND(s, n, 1) || ENTRY_BEHIND(s, n, 2) || ENTRY_BEHIND(s, n, 3) || ENTRY_BEHIND(s, n, 4) || ENTRY_BEHIND(s, n, 5))
#define ENTRIES_UPTO(s, n) (ENTRY_UPTO(s, n, 1) || ENTRY_UPTO(s, n, 2) || ENTRY_UPTO(s, n, 3) || ENTRY_UPTO(s, n, 4) || ENTRY_UPTO(s, n, 5))
#endif
#ifdef DRAINS_ANY_STREAM
#define IN_OUTBOX(s, strm, n) (ENTRIES_BEHIND(s, n))
#else
#define IN_OUTBOX(s, strm, n) (server[s].stream == (strm) && ENTRIES_BEHIND(s, n))
#endif

/* Everything in the store is recorded, and everything recorded is in the store. */
#define AS_RECORDED(s) (server[s].n == ledger.n && server[s].outcome[0] == ledger.outcome[0] && server[s].outcome[1] == ledger.outcome[1] && server[s].outcome[2] == ledger.outcome[2])

/* The first entry behind n: its `place`, and what is `told` there. A batch is one entry: a longer one is several that nothing comes between. */
byte place, told;
inline first_entry (s, behind) {
  place = behind + 1;
  do
  :: server[s].entry[place] == 0 -> place++
  :: else -> break
  od;
  told = server[s].entry[place]
}

inline trim (s, upto) {
  place = 1;
  do
  :: place <= COMMITS && place <= (upto) -> server[s].entry[place] = 0; place++
  :: else -> break
  od;
  place = 0
}

/* UNLINK of the old outbox in clear.lua and thaw.lua. */
inline drop_outbox (s) { trim(s, COMMITS) }

inline drop_records (s) {
  server[s].n = 0;
  server[s].version[0] = 0; server[s].version[1] = 0;
  server[s].outcome[0] = UNKNOWN; server[s].outcome[1] = UNKNOWN; server[s].outcome[2] = UNKNOWN;
  server[s].stream = 0;
  drop_outbox(s)
}
inline drop_all (s) { server[s].key = MISSING; server[s].was = 0; server[s].epoch = 0; server[s].mine = false; drop_records(s) }

/* Replication is asynchronous: a replica has what its primary had at some moment (a script is replicated whole). */
inline copy (to, from) {
  server[to].key = server[from].key;
  server[to].was = server[from].was;
  server[to].mine = server[from].mine;
  server[to].epoch = server[from].epoch;
  server[to].n = server[from].n;
  server[to].version[0] = server[from].version[0]; server[to].version[1] = server[from].version[1];
  server[to].outcome[0] = server[from].outcome[0]; server[to].outcome[1] = server[from].outcome[1]; server[to].outcome[2] = server[from].outcome[2];
  server[to].stream = server[from].stream;
  place = 1;
  do
  :: place <= COMMITS -> server[to].entry[place] = server[from].entry[place]; place++
  :: else -> break
  od;
  place = 0
}
