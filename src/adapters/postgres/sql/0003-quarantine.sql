-- When the claims of a commit in quarantine were revoked in the live state; null: whoever keeps the shard has that to do. What was set aside before is long done.
alter table perch.quarantine add column revoked_at timestamptz;
update perch.quarantine set revoked_at = now();
create index quarantine_standing on perch.quarantine (shard, epoch, n) where revoked_at is null;
