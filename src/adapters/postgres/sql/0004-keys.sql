-- API keys of services. The secret is not here: "hash" is its SHA-256, and 256 random bits need no more than that. A key names no row of perch.orgs: the first one of
-- an org is there before it, and makes it.
create table perch.keys (
  org text collate "C" not null,
  id text collate "C" not null,
  name text collate "C" not null,
  role text collate "C" not null,
  site text collate "C",
  hash text collate "C" not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used timestamptz,
  primary key (org, id)
);
-- Who comes with a key says its id, and not of which org it is.
create unique index keys_id on perch.keys (id);
-- A name is free again once its key was revoked.
create unique index keys_name on perch.keys (org, name) where revoked_at is null;
