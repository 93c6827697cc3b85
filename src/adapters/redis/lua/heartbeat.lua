#!lua flags=allow-oom
--[[
  Say that a keeper lives, forget those that did not say so in time, and list who is left.
  Works while Redis is out of memory, as lease.lua does.

  KEYS  1 keepers zset (keeper by the Unix ms it is taken to be alive until)
  ARGV  1 keeper, 2 ms it is to be taken for alive
  Returns { keeper… }
]]
local keepers = KEYS[1]
local keeper, ttl = ARGV[1], ARGV[2]

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', keepers, now + ttl, keeper)
redis.call('ZREMRANGEBYSCORE', keepers, '-inf', now)
return redis.call('ZRANGE', keepers, 0, -1)
