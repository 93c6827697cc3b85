-- Words of people's names, as they are compared (small letters without accents), so that a search of three letters is a stretch of an index. Of those who are there already the
-- accents stay until they are put again: the server may not know how to take them off.
create table perch.name_words (
  org text collate "C" not null,
  word text collate "C" not null,
  person text collate "C" not null,
  primary key (org, word, person),
  foreign key (org, person) references perch.people (org, id) on delete cascade
);
create index name_words_person on perch.name_words (org, person);
insert into perch.name_words (org, word, person)
select distinct p.org, left(w.word, 32), p.id
from perch.people p, lateral regexp_split_to_table(lower(p.name), '[^[:alnum:]]+') as w (word)
where w.word <> '';

-- PINs for kiosks: scrypt over a keyed hash, with a salt of each person's own and the cost it was made with. "tries" counts those since the last right one, before they are looked at.
create table perch.pins (
  org text collate "C" not null,
  person text collate "C" not null,
  cost integer not null,
  salt text not null,
  hash text not null,
  tries smallint not null default 0,
  locked_until timestamptz,
  primary key (org, person),
  foreign key (org, person) references perch.people (org, id) on delete cascade
);
