-- Organisations apart. Who does not own the tables (requests are served as perch_edge: serving.ts) sees and writes the rows of the org that perch.org names, and with none named nothing.
-- The owner, as whom commits are recorded and history is forgotten, sees all. Partitions need no policy: nobody else may touch them but through their table.
do $$
declare one regclass;
begin
  for one in
    select c.oid from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'org' and not a.attisdropped
    where c.relnamespace = 'perch'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    order by c.relname
  loop
    execute format('alter table %s enable row level security', one);
    execute format('create policy of_org on %s using (org = current_setting(''perch.org'', true))', one);
  end loop;
end $$;
