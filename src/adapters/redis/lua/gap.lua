--[[
  Whether entries of a live shard's outbox are gone that nobody has read: it is empty behind a number, and was not always.

  KEYS  1 epoch string, 2 outbox stream of that epoch
  ARGV  1 "epoch:", 2 number up to which they were read
  Returns { 1 } | { 0 } | { } where the epoch is another one, or does not live here
]]
local epoch, outbox = KEYS[1], KEYS[2]
local known, read = ARGV[1], ARGV[2]

local value, info = redis.call('GET', epoch) or '', redis.call('INFO', 'replication')
if string.sub(value, 1, #known) ~= known or not string.find(info, 'role:master', 1, true) or
  not string.find(info, 'master_replid:' .. string.sub(value, #known + 1), 1, true) then return {} end

-- Thawing makes the stream, and trimming leaves it: without it somebody deleted it.
if redis.call('EXISTS', outbox) == 0 then return { 1 } end
if #redis.call('XRANGE', outbox, '(' .. read .. '-0', '+', 'COUNT', 1) > 0 then return { 0 } end
local about = redis.call('XINFO', 'STREAM', outbox)
for i = 1, #about, 2 do
  if about[i] == 'last-generated-id' then return { tonumber(string.match(about[i + 1], '^%d+')) > tonumber(read) and 1 or 0 } end
end
return { 0 }
