--[[
  Recovery, step 3: entries of an outbox of a frozen shard, in order. In a split network the old primary still answers: what it says must not pass for what this one has.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 outbox stream
  ARGV  1 epoch, 2 keeper of the freeze, 3 number behind which they begin, 4 how many at most
  Returns { entries as XRANGE gives them } | { } when the freeze is not the newest, or not this server's
]]
local epoch, outbox = KEYS[1], KEYS[2]
local frozen, keeper, after, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
local info = redis.call('INFO', 'replication')
if e ~= frozen or by ~= keeper or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

return { redis.call('XRANGE', outbox, '(' .. after .. '-0', '+', 'COUNT', limit) }
