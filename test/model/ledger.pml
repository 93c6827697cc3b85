/*
 * The ledger: the shard's row (epoch, stream, n: fence, epoch and cursor in one), and what was recorded. Each statement is one atomic step, as in Postgres
 * (src/adapters/postgres/{cursor,record,record-batch}.ts). Postgres itself is neither rolled back nor failed over.
 */
typedef Ledger {
  byte epoch;
  byte stream;
  byte n;                    /* of the cursor, and the floor's recorded seq */
  byte outcome[CLAIMS]
}
Ledger ledger;

/* record-batch.ts: the statement's `cas`. */
#ifdef NO_FENCE
#define AT_CURSOR(e, strm, from) (ledger.stream == (strm) && ledger.n == (from))
#elif defined(NO_STREAM_IN_CURSOR)
#define AT_CURSOR(e, strm, from) (ledger.epoch == (e) && ledger.n == (from))
#elif defined(NO_PLACE_IN_CURSOR)
#define AT_CURSOR(e, strm, from) (ledger.epoch == (e) && ledger.stream == (strm))
#else
#define AT_CURSOR(e, strm, from) (ledger.epoch == (e) && ledger.stream == (strm) && ledger.n == (from))
#endif

/* INV-5: exactly once, in order, without a gap. INV-1 in the ledger: the exclusion constraint, which here must never be what saves it. INV-4: an outcome stays. */
inline apply (behind, num, what) {
  assert((num) == (behind) + 1 && (num) == ledger.n + 1);
  if
  :: WHAT_OF(what) == GRANTED ->
     assert(ledger.outcome[CLAIM_OF(what)] == UNKNOWN);
     assert(RIVAL(CLAIM_OF(what)) == CLAIM_OF(what) || ledger.outcome[RIVAL(CLAIM_OF(what))] != GRANTED)
  :: else ->
     assert(ledger.outcome[CLAIM_OF(what)] == GRANTED)
  fi;
  ledger.outcome[CLAIM_OF(what)] = WHAT_OF(what);
  ledger.n = num
}
