--[[
  The deadlines that have come, earliest first, and the first one behind them.

  KEYS  1 epoch string, 2 meta hash (at), 3 due zset (name by Unix ms; "-" at +inf keeps the key there)
  ARGV  1 how many at most
  Returns { epoch, now (Unix ms), name, Unix ms, name, Unix ms… }: up to ARGV[1] + 1 of them, come or not | { } where it is not live here
]]
local epoch, meta, due = KEYS[1], KEYS[2], KEYS[3]
local limit = ARGV[1]
local call = redis.call

local live, replid = string.match(call('GET', epoch) or '', '^(%d+):(%x+)$')
local info = call('INFO', 'replication')
if not live or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

local time = call('TIME')
local now = math.max(time[1] * 1000 + math.floor(time[2] / 1000), call('HGET', meta, 'at'))
local result = { tonumber(live), now }
for i, value in ipairs(call('ZRANGE', due, 0, limit, 'WITHSCORES')) do result[i + 2] = value end
return result
