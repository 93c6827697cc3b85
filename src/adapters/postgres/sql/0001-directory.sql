-- Who and what there is: orgs, sites, floors, zones, spaces, people and groups.
--
-- Every table has the org as the first column of its key: row-level security will need it there. Names are qualified, so that no search_path
-- matters. Ids compare byte by byte (collation C), so that "after this id" means the same here as in the program, on every machine.

create table perch.orgs (
  org text collate "C" primary key,
  name text not null,
  shard smallint not null,
  policy jsonb not null,
  policy_revision integer not null default 1,
  created_at timestamptz not null default now()
);
create index orgs_shard on perch.orgs (shard);

create table perch.sites (
  org text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  zone text not null,
  hours jsonb,
  policy jsonb not null,
  primary key (org, id),
  constraint sites_org_known foreign key (org) references perch.orgs (org)
);

create table perch.floors (
  org text collate "C" not null,
  id text collate "C" not null,
  site text collate "C" not null,
  name text not null,
  level integer not null,
  plan jsonb not null,
  revision integer not null,
  primary key (org, id),
  constraint floors_site_known foreign key (org, site) references perch.sites (org, id)
);
create index floors_site on perch.floors (org, site);

-- "position" keeps the order in which zones and spaces were given.
create table perch.zones (
  org text collate "C" not null,
  floor text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  eligible jsonb,
  position integer not null,
  primary key (org, floor, id),
  foreign key (org, floor) references perch.floors (org, id)
);

-- A space that leaves the plan keeps its row: its history needs its floor, and its id must not turn up on another one.
create table perch.spaces (
  org text collate "C" not null,
  id text collate "C" not null,
  floor text collate "C" not null,
  label text not null,
  kind text collate "C" not null,
  zone text collate "C",
  features text[] not null,
  eligible jsonb,
  sensor_only boolean not null,
  removed boolean not null default false,
  position integer not null,
  primary key (org, id),
  foreign key (org, floor) references perch.floors (org, id),
  constraint spaces_zone_known foreign key (org, floor, zone) references perch.zones (org, floor, id) on delete set null (zone)
);
create index spaces_zone on perch.spaces (org, floor, zone);

create table perch.people (
  org text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  visibility text collate "C" not null,
  primary key (org, id),
  constraint people_org_known foreign key (org) references perch.orgs (org)
);

-- "badge" is an HMAC, never what the card says.
create table perch.badges (
  org text collate "C" not null,
  badge text collate "C" not null,
  person text collate "C" not null,
  constraint badges_one_holder primary key (org, badge),
  foreign key (org, person) references perch.people (org, id) on delete cascade
);
create index badges_person on perch.badges (org, person);

create table perch.groups (
  org text collate "C" not null,
  id text collate "C" not null,
  name text not null,
  primary key (org, id),
  constraint groups_org_known foreign key (org) references perch.orgs (org)
);

create table perch.memberships (
  org text collate "C" not null,
  person text collate "C" not null,
  member_of text collate "C" not null,
  primary key (org, person, member_of),
  foreign key (org, person) references perch.people (org, id) on delete cascade,
  foreign key (org, member_of) references perch.groups (org, id)
);
create index memberships_group on perch.memberships (org, member_of, person);
