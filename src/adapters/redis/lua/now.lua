--[[
  The shard's clock: the server's, but never before the last commit. In every state of the shard.

  KEYS  1 meta hash (at)
  ARGV  none
  Returns Unix ms
]]
local meta = KEYS[1]

local time = redis.call('TIME')
return math.max(time[1] * 1000 + math.floor(time[2] / 1000), redis.call('HGET', meta, 'at') or 0)
