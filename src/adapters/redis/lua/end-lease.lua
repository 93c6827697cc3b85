--[[
  Give the shard's lease back, unless somebody else holds it by now.

  KEYS  1 lease string (holder)
  ARGV  1 holder
  Returns 1 | 0 when there was nothing to give back
]]
local lease = KEYS[1]
local holder = ARGV[1]

if redis.call('GET', lease) ~= holder then return 0 end
return redis.call('DEL', lease)
