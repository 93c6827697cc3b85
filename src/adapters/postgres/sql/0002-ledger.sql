-- What happened, what is claimed, and how far the recorders have come. Nothing here refers to the directory: recording must not wait for it.

create extension if not exists btree_gist with schema perch;

-- Moments travel as Unix milliseconds. Stable, not immutable, so that the planner inlines it.
create function perch.moment (ms bigint) returns timestamptz
  language sql stable strict parallel safe
  as $$ select timestamptz 'epoch' + ms * interval '1 millisecond' $$;

-- One row is a shard's fence, epoch and cursor. The free room in the pages keeps updates in place.
create table perch.shards (
  shard smallint primary key,
  epoch bigint not null default 0,
  stream bigint not null default 0,
  n bigint not null default 0
) with (fillfactor = 50);
insert into perch.shards (shard) select generate_series(0, 63);

-- Every change, by floor and time. "epoch" is that of the outbox stream, "seq" the floor's, "idx" the place within the commit "n".
-- Months are partitions, so that keeping events for a while means dropping tables. The default partition takes what no month is ready for: an insert never fails.
create table perch.events (
  org text collate "C" not null,
  floor text collate "C" not null,
  at timestamptz not null,
  epoch bigint not null,
  seq bigint not null,
  idx smallint not null,
  n bigint not null,
  type text collate "C" not null,
  space text collate "C",
  claim uuid,
  by text not null,
  body jsonb not null,
  primary key (org, floor, at, epoch, seq, idx)
) partition by range (at);
create table perch.events_default partition of perch.events default;

-- A claim as its last event left it. "checked_in_at" stays when the claim ends.
-- The free room and "ended_at" (not "state") in the indexes' conditions let a check-in update the row in place.
create table perch.claims (
  org text collate "C" not null,
  id uuid not null,
  space text collate "C" not null,
  floor text collate "C" not null,
  kind text collate "C" not null,
  person text collate "C" not null,
  by text not null,
  from_at timestamptz not null,
  to_at timestamptz not null,
  created_at timestamptz not null,
  sole boolean not null,
  state text collate "C" not null,
  release_at timestamptz,
  checked_in_at timestamptz,
  ended_at timestamptz,
  why text collate "C",
  hash text not null,
  recorded_at timestamptz not null default now(),
  primary key (org, id),
  constraint claims_in_order check (from_at <= to_at),
  constraint claims_life check (case state
    when 'booked' then checked_in_at is null and ended_at is null
    when 'present' then checked_in_at is not null and ended_at is null
    when 'ended' then ended_at is not null and why is not null
    else false
  end),
  -- INV-1 and INV-2. The hash says nothing that the columns behind it do not; it leads because comparing numbers makes the GiST index three times as fast
  -- as comparing ids (bench/ledger). Deferrable, so that a statement is judged by how it leaves the rows: claims that swap spaces pass.
  constraint claims_space_free exclude using gist (
    hashtextextended(org || '/' || space, 0) with =, tstzrange(from_at, to_at) with &&, space with =, org with =
  ) where (ended_at is null) deferrable,
  constraint claims_person_free exclude using gist (
    hashtextextended(org || '/' || person || '/' || kind, 0) with =, tstzrange(from_at, to_at) with &&, person with =, kind with =, org with =
  ) where (ended_at is null and sole) deferrable
) with (fillfactor = 85);
create index claims_active on perch.claims (org, id) where ended_at is null;
create index claims_ended on perch.claims (org, ended_at);
create index claims_person on perch.claims (org, person, from_at);
create index claims_space on perch.claims (org, space, from_at);
create index claims_floor on perch.claims (org, floor, from_at);

create table perch.blocks (
  org text collate "C" not null,
  space text collate "C" not null,
  since timestamptz not null,
  until timestamptz,
  reason text,
  by text not null,
  primary key (org, space)
);

create table perch.readings (
  org text collate "C" not null,
  space text collate "C" not null,
  value text collate "C" not null,
  at timestamptz not null,
  since timestamptz not null,
  stale_at timestamptz,
  marks boolean not null,
  primary key (org, space)
) with (fillfactor = 50);

-- The last recorded seq of each floor.
create table perch.floor_seqs (
  org text collate "C" not null,
  floor text collate "C" not null,
  shard smallint not null,
  seq bigint not null,
  primary key (org, floor)
) with (fillfactor = 50);
create index floor_seqs_shard on perch.floor_seqs (shard);

-- Commits that no constraint let in. "entry" is text, whole as the outbox carried it: what could not be applied may also be what jsonb refuses.
create table perch.quarantine (
  org text collate "C" not null,
  shard smallint not null,
  epoch bigint not null,
  n bigint not null,
  recorded_at timestamptz not null default now(),
  reason text not null,
  entry text not null,
  primary key (org, shard, epoch, n)
);
