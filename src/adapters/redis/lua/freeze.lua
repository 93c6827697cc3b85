--[[
  Recovery, step 2: stop every commit, and every recovery of a lower epoch. What the shard held counts only if it was live until now:
  a shard that was frozen may be half rebuilt.

  KEYS  1 epoch string: "<epoch>:<replid>" live, "frozen:<epoch>:<replid>:<epoch before or nothing>:<keeper>"
  ARGV  1 epoch to freeze in, 2 keeper
  Returns { 1, epoch that was live or null } | { 0 } when an epoch as high or higher is there | { -1 } when the slot is being imported
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
local highest = live or string.match(value, '^frozen:(%d+):')
if highest and tonumber(highest) >= tonumber(to) then return { 0 } end
local replid = string.match(redis.call('INFO', 'replication'), 'master_replid:(%x+)')
redis.call('SET', epoch, 'frozen:' .. to .. ':' .. replid .. ':' .. (live or '') .. ':' .. keeper)
return { 1, live and tonumber(live) }
