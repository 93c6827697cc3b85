/*
 * What there is, and how much of it: a search is exhaustive within these numbers. Each search sets the last five (test/model/searches.ts).
 * Names are those of the design: epoch, stream, n, cursor, freeze, was, outcome.
 */
#define SERVERS 2     /* Redis: a primary and its replica */
#define NODES   2     /* that claim */
#define KEEPERS 2     /* each a recorder and a recovery */
#define SPACES  2
#define CLAIMS  3     /* ids: 0 and 1 want space 0, 2 wants space 1, all for the same time */

#ifndef COMMITS
#define COMMITS 2     /* as many may succeed, over all epochs: at most 5 */
#endif
#ifndef FAILOVERS
#define FAILOVERS 0
#endif
#ifndef ROLLBACKS
#define ROLLBACKS 0
#endif
#ifndef CRASHES
#define CRASHES 0     /* of keepers, between any two steps */
#endif
#ifndef FREELY
#define FREELY 3      /* up to this epoch keepers recover against each other as they like; from there on one at a time (keeper.pml) */
#endif

#define SPACE(c) ((c) / 2)
#define RIVAL(c) ((c) == 2 -> 2 : 1 - (c))

/* A claim's outcome. */
#define UNKNOWN 0
#define GRANTED 1
#define ENDED   2

/* An outbox entry: what became of which claim. 0 is none. */
#define ENTRY(c, what) ((c) * 2 + (what))
#define CLAIM_OF(e)    (((e) - 1) / 2)
#define WHAT_OF(e)     (((e) - 1) % 2 + 1)
