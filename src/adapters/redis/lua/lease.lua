#!lua flags=allow-oom
--[[
  Take the shard's lease, or prolong it for its holder. Safety never rests on it.
  Works while Redis is out of memory: who may not take a lease cannot empty the outbox that fills it.

  KEYS  1 lease string (holder), with an expiry
  ARGV  1 holder, 2 ms it lasts from now
  Returns 1 | 0 when somebody else holds it
]]
local lease = KEYS[1]
local holder, ttl = ARGV[1], ARGV[2]

local current = redis.call('GET', lease)
if current and current ~= holder then return 0 end
redis.call('SET', lease, holder, 'PX', ttl)
return 1
