--[[
  Entries of the outbox of a live shard, in order: from the server on which the epoch lives, and from no other that still answers.

  KEYS  1 epoch string, 2 outbox stream of that epoch
  ARGV  1 "epoch:", 2 number behind which they begin, 3 how many at most
  Returns { entries as XRANGE gives them } | { } where the epoch is another one, or does not live here
]]
local epoch, outbox = KEYS[1], KEYS[2]
local known, after, limit = ARGV[1], ARGV[2], ARGV[3]

local value, info = redis.call('GET', epoch) or '', redis.call('INFO', 'replication')
if string.sub(value, 1, #known) ~= known or not string.find(info, 'role:master', 1, true) or
  not string.find(info, 'master_replid:' .. string.sub(value, #known + 1), 1, true) then return {} end

return { redis.call('XRANGE', outbox, '(' .. after .. '-0', '+', 'COUNT', limit) }
