-- Who is meant by the random names in events and audit: one for each person and day (days since 1970-01-01 UTC). Once a row is gone nobody can say any more who it was, nor that two
-- days are of the same person, and nothing that is kept had to be changed for it.
create table perch.subjects (
  org text collate "C" not null,
  person text collate "C" not null,
  day integer not null,
  subject uuid not null default gen_random_uuid(),
  primary key (org, person, day),
  constraint subjects_one_each unique (subject)
);
create index subjects_day on perch.subjects (org, day);

-- Of the claim's holder, and of who caused it, where that is a person. Rows of earlier releases name people in "by" and "body"; retention and erasing take them out.
alter table perch.events add column subject uuid, add column by_subject uuid;

-- What was done beside commits: to policies, plans, people, devices and keys, and who looked up whom. "what" is the id of a site, floor, group, device or key; "detail" names nobody.
create table perch.audit (
  org text collate "C" not null,
  n bigint generated always as identity,
  at timestamptz not null,
  by text not null,
  by_subject uuid,
  action text collate "C" not null,
  subject uuid,
  what text,
  detail jsonb not null,
  primary key (org, n)
);
create index audit_at on perch.audit (org, at, n);
create index audit_subject on perch.audit (subject, at) where subject is not null;

-- How far history has been made anonymous, by org, and on which day (as above) that was last done.
create table perch.retention (
  org text collate "C" primary key,
  until timestamptz not null,
  day integer not null
);

create function perch.only_append () returns trigger language plpgsql as $$
begin
  raise exception 'audit is only ever added to' using errcode = 'insufficient_privilege';
end $$;
create trigger audit_only_append before update or delete on perch.audit for each row execute function perch.only_append();
create trigger audit_never_emptied before truncate on perch.audit for each statement execute function perch.only_append();

-- Events are the audit of commits. What may happen to one is that a person is taken out of a row of an earlier release, and that it moves from the default partition to its month.
create function perch.events_only_append () returns trigger language plpgsql as $$
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

-- What a release before this wrote of people into an event.
create function perch.without_people (body jsonb) returns jsonb language sql immutable as $$
  select (case when body -> 'block' ->> 'by' like 'person:%' then jsonb_set(b, '{block,by}', '"person"') else b end)
  from (select case when body -> 'claim' ->> 'by' like 'person:%' then jsonb_set(body, '{claim,by}', '"person"') else body end #- '{claim,person}') as c (b)
$$;
create trigger events_only_append before update or delete on perch.events for each row execute function perch.events_only_append();
