-- The schema as the migrations leave it, for reviews. Made by pg_dump 15; after a new migration: WRITE_SCHEMA=1 npx tap test/adapters/postgres/schema.test.ts
CREATE SCHEMA perch;

CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA perch;

COMMENT ON EXTENSION btree_gist IS 'support for indexing common datatypes in GiST';

CREATE FUNCTION perch.events_only_append() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_op = 'DELETE' then
    if coalesce(current_setting('perch.moves_events', true), '') = 'on' then return old; end if;
  elsif (new.org, new.floor, new.at, new.epoch, new.seq, new.idx, new.n, new.type, new.space, new.claim) is not distinct from
    (old.org, old.floor, old.at, old.epoch, old.seq, old.idx, old.n, old.type, old.space, old.claim)
    and (new."by" = old."by" or (old."by" like 'person:%' and new."by" = 'person'))
    and (new.subject is not distinct from old.subject or new.subject is null) and (new.by_subject is not distinct from old.by_subject or new.by_subject is null)
    and new.body = perch.without_people(old.body) then return new;
  end if;
  raise exception 'events are only ever added to' using errcode = 'insufficient_privilege';
end $$;

CREATE FUNCTION perch.moment(ms bigint) RETURNS timestamp with time zone
    LANGUAGE sql STABLE STRICT PARALLEL SAFE
    AS $$ select timestamptz 'epoch' + ms * interval '1 millisecond' $$;

CREATE FUNCTION perch.only_append() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  raise exception 'audit is only ever added to' using errcode = 'insufficient_privilege';
end $$;

CREATE FUNCTION perch.without_people(body jsonb) RETURNS jsonb
    LANGUAGE sql IMMUTABLE
    AS $$
  select (case when body -> 'block' ->> 'by' like 'person:%' then jsonb_set(b, '{block,by}', '"person"') else b end)
  from (select case when body -> 'claim' ->> 'by' like 'person:%' then jsonb_set(body, '{claim,by}', '"person"') else body end #- '{claim,person}') as c (b)
$$;

CREATE TABLE perch.audit (
    org text NOT NULL COLLATE pg_catalog."C",
    n bigint NOT NULL,
    at timestamp with time zone NOT NULL,
    by text NOT NULL,
    by_subject uuid,
    action text NOT NULL COLLATE pg_catalog."C",
    subject uuid,
    what text,
    detail jsonb NOT NULL
);

ALTER TABLE perch.audit ALTER COLUMN n ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME perch.audit_n_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE perch.badges (
    org text NOT NULL COLLATE pg_catalog."C",
    badge text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE perch.blocks (
    org text NOT NULL COLLATE pg_catalog."C",
    space text NOT NULL COLLATE pg_catalog."C",
    since timestamp with time zone NOT NULL,
    until timestamp with time zone,
    reason text,
    by text NOT NULL
);

CREATE TABLE perch.claims (
    org text NOT NULL COLLATE pg_catalog."C",
    id uuid NOT NULL,
    space text NOT NULL COLLATE pg_catalog."C",
    floor text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C",
    by text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    sole boolean NOT NULL,
    state text NOT NULL COLLATE pg_catalog."C",
    release_at timestamp with time zone,
    checked_in_at timestamp with time zone,
    ended_at timestamp with time zone,
    why text COLLATE pg_catalog."C",
    hash text NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT claims_in_order CHECK ((from_at <= to_at)),
    CONSTRAINT claims_life CHECK (
CASE state
    WHEN 'booked'::text THEN ((checked_in_at IS NULL) AND (ended_at IS NULL))
    WHEN 'present'::text THEN ((checked_in_at IS NOT NULL) AND (ended_at IS NULL))
    WHEN 'ended'::text THEN ((ended_at IS NOT NULL) AND (why IS NOT NULL))
    ELSE false
END)
)
WITH (fillfactor='85');

CREATE TABLE perch.devices (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    role text NOT NULL COLLATE pg_catalog."C",
    site text NOT NULL COLLATE pg_catalog."C",
    floor text COLLATE pg_catalog."C",
    x double precision,
    y double precision,
    hash text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    by text NOT NULL,
    by_subject uuid,
    revoked_at timestamp with time zone,
    last_seen timestamp with time zone,
    reported_at timestamp with time zone,
    version text,
    health text COLLATE pg_catalog."C",
    CONSTRAINT devices_point CHECK (((x IS NULL) = (y IS NULL)))
);

CREATE TABLE perch.events (
    org text NOT NULL COLLATE pg_catalog."C",
    floor text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    idx smallint NOT NULL,
    n bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    space text COLLATE pg_catalog."C",
    claim uuid,
    by text NOT NULL,
    body jsonb NOT NULL,
    subject uuid,
    by_subject uuid
)
PARTITION BY RANGE (at);

CREATE TABLE perch.events_default (
    org text NOT NULL COLLATE pg_catalog."C",
    floor text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    epoch bigint NOT NULL,
    seq bigint NOT NULL,
    idx smallint NOT NULL,
    n bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    space text COLLATE pg_catalog."C",
    claim uuid,
    by text NOT NULL,
    body jsonb NOT NULL,
    subject uuid,
    by_subject uuid
);

CREATE TABLE perch.floor_seqs (
    org text NOT NULL COLLATE pg_catalog."C",
    floor text NOT NULL COLLATE pg_catalog."C",
    shard smallint NOT NULL,
    seq bigint NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE perch.floors (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    site text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    level integer NOT NULL,
    plan jsonb NOT NULL,
    revision integer NOT NULL
);

CREATE TABLE perch.groups (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL
);

CREATE TABLE perch.keys (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    site text COLLATE pg_catalog."C",
    hash text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone,
    revoked_at timestamp with time zone,
    last_used timestamp with time zone
);

CREATE TABLE perch.memberships (
    org text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C",
    member_of text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE perch.migrations (
    name text NOT NULL,
    checksum text NOT NULL,
    applied_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE perch.name_words (
    org text NOT NULL COLLATE pg_catalog."C",
    word text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE perch.orgs (
    org text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    shard smallint NOT NULL,
    policy jsonb NOT NULL,
    policy_revision integer DEFAULT 1 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE perch.people (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    visibility text NOT NULL COLLATE pg_catalog."C"
);

CREATE TABLE perch.pins (
    org text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C",
    cost integer NOT NULL,
    salt text NOT NULL,
    hash text NOT NULL,
    tries smallint DEFAULT 0 NOT NULL,
    locked_until timestamp with time zone
);

CREATE TABLE perch.quarantine (
    org text NOT NULL COLLATE pg_catalog."C",
    shard smallint NOT NULL,
    epoch bigint NOT NULL,
    n bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    reason text NOT NULL,
    entry text NOT NULL,
    revoked_at timestamp with time zone
);

CREATE TABLE perch.readings (
    org text NOT NULL COLLATE pg_catalog."C",
    space text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    at timestamp with time zone NOT NULL,
    since timestamp with time zone NOT NULL,
    stale_at timestamp with time zone,
    marks boolean NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE perch.retention (
    org text NOT NULL COLLATE pg_catalog."C",
    until timestamp with time zone NOT NULL,
    day integer NOT NULL
);

CREATE TABLE perch.shards (
    shard smallint NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    stream bigint DEFAULT 0 NOT NULL,
    n bigint DEFAULT 0 NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE perch.sites (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    zone text NOT NULL,
    hours jsonb,
    policy jsonb NOT NULL
);

CREATE TABLE perch.spaces (
    org text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    floor text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    zone text COLLATE pg_catalog."C",
    features text[] NOT NULL,
    eligible jsonb,
    sensor_only boolean NOT NULL,
    removed boolean DEFAULT false NOT NULL,
    "position" integer NOT NULL
);

CREATE TABLE perch.subjects (
    org text NOT NULL COLLATE pg_catalog."C",
    person text NOT NULL COLLATE pg_catalog."C",
    day integer NOT NULL,
    subject uuid DEFAULT gen_random_uuid() NOT NULL
);

CREATE TABLE perch.zones (
    org text NOT NULL COLLATE pg_catalog."C",
    floor text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    eligible jsonb,
    "position" integer NOT NULL
);

ALTER TABLE ONLY perch.events ATTACH PARTITION perch.events_default DEFAULT;

ALTER TABLE ONLY perch.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (org, n);

ALTER TABLE ONLY perch.badges
    ADD CONSTRAINT badges_one_holder PRIMARY KEY (org, badge);

ALTER TABLE ONLY perch.blocks
    ADD CONSTRAINT blocks_pkey PRIMARY KEY (org, space);

ALTER TABLE ONLY perch.claims
    ADD CONSTRAINT claims_person_free EXCLUDE USING gist (hashtextextended(((((org || '/'::text) || person) || '/'::text) || kind), (0)::bigint) WITH =, tstzrange(from_at, to_at) WITH &&, person WITH =, kind WITH =, org WITH =) WHERE (((ended_at IS NULL) AND sole)) DEFERRABLE;

ALTER TABLE ONLY perch.claims
    ADD CONSTRAINT claims_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.claims
    ADD CONSTRAINT claims_space_free EXCLUDE USING gist (hashtextextended(((org || '/'::text) || space), (0)::bigint) WITH =, tstzrange(from_at, to_at) WITH &&, space WITH =, org WITH =) WHERE ((ended_at IS NULL)) DEFERRABLE;

ALTER TABLE ONLY perch.devices
    ADD CONSTRAINT devices_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (org, floor, at, epoch, seq, idx);

ALTER TABLE ONLY perch.events_default
    ADD CONSTRAINT events_default_pkey PRIMARY KEY (org, floor, at, epoch, seq, idx);

ALTER TABLE ONLY perch.floor_seqs
    ADD CONSTRAINT floor_seqs_pkey PRIMARY KEY (org, floor);

ALTER TABLE ONLY perch.floors
    ADD CONSTRAINT floors_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.groups
    ADD CONSTRAINT groups_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.keys
    ADD CONSTRAINT keys_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (org, person, member_of);

ALTER TABLE ONLY perch.migrations
    ADD CONSTRAINT migrations_pkey PRIMARY KEY (name);

ALTER TABLE ONLY perch.name_words
    ADD CONSTRAINT name_words_pkey PRIMARY KEY (org, word, person);

ALTER TABLE ONLY perch.orgs
    ADD CONSTRAINT orgs_pkey PRIMARY KEY (org);

ALTER TABLE ONLY perch.people
    ADD CONSTRAINT people_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.pins
    ADD CONSTRAINT pins_pkey PRIMARY KEY (org, person);

ALTER TABLE ONLY perch.quarantine
    ADD CONSTRAINT quarantine_pkey PRIMARY KEY (org, shard, epoch, n);

ALTER TABLE ONLY perch.readings
    ADD CONSTRAINT readings_pkey PRIMARY KEY (org, space);

ALTER TABLE ONLY perch.retention
    ADD CONSTRAINT retention_pkey PRIMARY KEY (org);

ALTER TABLE ONLY perch.shards
    ADD CONSTRAINT shards_pkey PRIMARY KEY (shard);

ALTER TABLE ONLY perch.sites
    ADD CONSTRAINT sites_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.spaces
    ADD CONSTRAINT spaces_pkey PRIMARY KEY (org, id);

ALTER TABLE ONLY perch.subjects
    ADD CONSTRAINT subjects_one_each UNIQUE (subject);

ALTER TABLE ONLY perch.subjects
    ADD CONSTRAINT subjects_pkey PRIMARY KEY (org, person, day);

ALTER TABLE ONLY perch.zones
    ADD CONSTRAINT zones_pkey PRIMARY KEY (org, floor, id);

CREATE INDEX audit_at ON perch.audit USING btree (org, at, n);

CREATE INDEX audit_subject ON perch.audit USING btree (subject, at) WHERE (subject IS NOT NULL);

CREATE INDEX badges_person ON perch.badges USING btree (org, person);

CREATE INDEX claims_active ON perch.claims USING btree (org, id) WHERE (ended_at IS NULL);

CREATE INDEX claims_ended ON perch.claims USING btree (org, ended_at);

CREATE INDEX claims_floor ON perch.claims USING btree (org, floor, from_at);

CREATE INDEX claims_person ON perch.claims USING btree (org, person, from_at);

CREATE INDEX claims_space ON perch.claims USING btree (org, space, from_at);

CREATE UNIQUE INDEX devices_id ON perch.devices USING btree (id);

CREATE INDEX floor_seqs_shard ON perch.floor_seqs USING btree (shard);

CREATE INDEX floors_site ON perch.floors USING btree (org, site);

CREATE UNIQUE INDEX keys_id ON perch.keys USING btree (id);

CREATE UNIQUE INDEX keys_name ON perch.keys USING btree (org, name) WHERE (revoked_at IS NULL);

CREATE INDEX memberships_group ON perch.memberships USING btree (org, member_of, person);

CREATE INDEX name_words_person ON perch.name_words USING btree (org, person);

CREATE INDEX orgs_shard ON perch.orgs USING btree (shard);

CREATE INDEX quarantine_standing ON perch.quarantine USING btree (shard, epoch, n) WHERE (revoked_at IS NULL);

CREATE INDEX spaces_zone ON perch.spaces USING btree (org, floor, zone);

CREATE INDEX subjects_day ON perch.subjects USING btree (org, day);

ALTER INDEX perch.events_pkey ATTACH PARTITION perch.events_default_pkey;

CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON perch.audit FOR EACH STATEMENT EXECUTE FUNCTION perch.only_append();

CREATE TRIGGER audit_only_append BEFORE DELETE OR UPDATE ON perch.audit FOR EACH ROW EXECUTE FUNCTION perch.only_append();

CREATE TRIGGER events_only_append BEFORE DELETE OR UPDATE ON perch.events FOR EACH ROW EXECUTE FUNCTION perch.events_only_append();

ALTER TABLE ONLY perch.badges
    ADD CONSTRAINT badges_org_person_fkey FOREIGN KEY (org, person) REFERENCES perch.people(org, id) ON DELETE CASCADE;

ALTER TABLE ONLY perch.devices
    ADD CONSTRAINT devices_site_known FOREIGN KEY (org, site) REFERENCES perch.sites(org, id);

ALTER TABLE ONLY perch.floors
    ADD CONSTRAINT floors_site_known FOREIGN KEY (org, site) REFERENCES perch.sites(org, id);

ALTER TABLE ONLY perch.groups
    ADD CONSTRAINT groups_org_known FOREIGN KEY (org) REFERENCES perch.orgs(org);

ALTER TABLE ONLY perch.memberships
    ADD CONSTRAINT memberships_org_member_of_fkey FOREIGN KEY (org, member_of) REFERENCES perch.groups(org, id);

ALTER TABLE ONLY perch.memberships
    ADD CONSTRAINT memberships_org_person_fkey FOREIGN KEY (org, person) REFERENCES perch.people(org, id) ON DELETE CASCADE;

ALTER TABLE ONLY perch.name_words
    ADD CONSTRAINT name_words_org_person_fkey FOREIGN KEY (org, person) REFERENCES perch.people(org, id) ON DELETE CASCADE;

ALTER TABLE ONLY perch.people
    ADD CONSTRAINT people_org_known FOREIGN KEY (org) REFERENCES perch.orgs(org);

ALTER TABLE ONLY perch.pins
    ADD CONSTRAINT pins_org_person_fkey FOREIGN KEY (org, person) REFERENCES perch.people(org, id) ON DELETE CASCADE;

ALTER TABLE ONLY perch.sites
    ADD CONSTRAINT sites_org_known FOREIGN KEY (org) REFERENCES perch.orgs(org);

ALTER TABLE ONLY perch.spaces
    ADD CONSTRAINT spaces_org_floor_fkey FOREIGN KEY (org, floor) REFERENCES perch.floors(org, id);

ALTER TABLE ONLY perch.spaces
    ADD CONSTRAINT spaces_zone_known FOREIGN KEY (org, floor, zone) REFERENCES perch.zones(org, floor, id) ON DELETE SET NULL (zone);

ALTER TABLE ONLY perch.zones
    ADD CONSTRAINT zones_org_floor_fkey FOREIGN KEY (org, floor) REFERENCES perch.floors(org, id);

ALTER TABLE perch.audit ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.badges ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.blocks ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.claims ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.devices ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.events ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.floor_seqs ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.floors ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.groups ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.keys ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.memberships ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.name_words ENABLE ROW LEVEL SECURITY;

CREATE POLICY of_org ON perch.audit USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.badges USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.blocks USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.claims USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.devices USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.events USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.floor_seqs USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.floors USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.groups USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.keys USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.memberships USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.name_words USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.orgs USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.people USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.pins USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.quarantine USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.readings USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.retention USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.sites USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.spaces USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.subjects USING ((org = current_setting('perch.org'::text, true)));

CREATE POLICY of_org ON perch.zones USING ((org = current_setting('perch.org'::text, true)));

ALTER TABLE perch.orgs ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.people ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.pins ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.quarantine ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.readings ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.retention ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.sites ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.spaces ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.subjects ENABLE ROW LEVEL SECURITY;

ALTER TABLE perch.zones ENABLE ROW LEVEL SECURITY;
