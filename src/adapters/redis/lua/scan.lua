--[[
  Recovery: some of a frozen shard's records of one type, on and on until all were given. Each at least once; nothing is written meanwhile.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 one of the hashes (org/name to version:body; "-" keeps the key there)
  ARGV  1 epoch, 2 keeper of the freeze, 3 where the part before ended ("0" from the start), 4 about how many
  Returns { where this part ends ("0" the last one), { field, value… } } | { } when the freeze is not the newest, or not this server's
]]
local epoch, records = KEYS[1], KEYS[2]
local frozen, keeper, cursor, limit = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
local info = redis.call('INFO', 'replication')
if e ~= frozen or by ~= keeper or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

return redis.call('HSCAN', records, cursor, 'COUNT', limit)
