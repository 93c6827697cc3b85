-- Displays, kiosks and sensor gateways. The id is the one in the device's token, "hash" the SHA-256 of the token's secret. "by" says who approved it, without saying which person: that is
-- "by_subject". Floor and point say where it stands and restrict nothing. A row of a device that was cut off stays for a while, so that nothing is ever paired under its id again.
create table perch.devices (
  org text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  role text collate "C" not null,
  site text collate "C" not null,
  floor text collate "C",
  x double precision,
  y double precision,
  hash text collate "C" not null,
  created_at timestamptz not null,
  by text not null,
  by_subject uuid,
  revoked_at timestamptz,
  last_seen timestamptz,
  reported_at timestamptz,
  version text,
  health text collate "C",
  primary key (org, id),
  constraint devices_site_known foreign key (org, site) references perch.sites,
  constraint devices_point check ((x is null) = (y is null))
);
-- Who comes with a token says its id, and not of which org it is.
create unique index devices_id on perch.devices (id);
