--[[
  Recovery: records of one type in a frozen shard.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 one of the hashes (org/name to version:body)
  ARGV  1 epoch, 2 keeper of the freeze, then fields, at most 5,000
  Returns { { value or false… } } | { } when the freeze is not the newest, or not this server's
]]
local epoch, records = KEYS[1], KEYS[2]
local frozen, keeper = ARGV[1], ARGV[2]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
local info = redis.call('INFO', 'replication')
if e ~= frozen or by ~= keeper or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

return { #ARGV > 2 and redis.call('HMGET', records, unpack(ARGV, 3)) or {} }
