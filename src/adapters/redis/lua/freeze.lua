#!lua flags=allow-oom
--[[
  Recovery, step 2: stop every commit, and every recovery of a lower epoch. What the shard holds still counts when an earlier recovery froze it and
  came no further; one that began to make it anew (clear.lua) has taken that epoch out of the key.
  Works while Redis is out of memory: recovery ends with an outbox that is empty.

  KEYS  1 epoch string: "<epoch>:<replid>" live, "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>"
  ARGV  1 epoch to freeze in, 2 keeper
  Returns { 1, epoch whose state it holds or null } | { 0 } when an epoch as high or higher is there | { -1 } when the slot is being imported
]]
local epoch = KEYS[1]
local to, keeper = ARGV[1], ARGV[2]

-- While a slot is imported the shard's other keys are still elsewhere, and would come here over what recovery makes.
local nodes = redis.pcall('CLUSTER', 'NODES')
if type(nodes) == 'string' then
  local mine = string.match(nodes, '[^\n]*myself[^\n]*')
  if string.find(mine, '[' .. redis.call('CLUSTER', 'KEYSLOT', epoch) .. '-<-', 1, true) then return { -1 } end
end

local value = redis.call('GET', epoch) or ''
local live = string.match(value, '^(%d+):')
-- Without the w a release before this one froze it, whose clear.lua did not say so.
local highest, before = string.match(value, '^frozen:(%d+):'), string.match(value, '^frozen:%d+:%x+:w(%d+):')
if tonumber(live or highest or -1) >= tonumber(to) then return { 0 } end
local was = live or before
local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
redis.call('SET', epoch, 'frozen:' .. to .. ':' .. replid .. ':' .. (was and 'w' .. was or '') .. ':' .. keeper)
return { 1, was and tonumber(was) }
