--[[
  Where a frozen shard stands: the number of its last commit and every floor's seq.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 meta hash (n, seq by org/floor)
  ARGV  1 epoch, 2 keeper of the freeze
  Returns { field, value… } of meta | { } when the freeze is not the newest, or not this server's
]]
local epoch, meta = KEYS[1], KEYS[2]
local frozen, keeper = ARGV[1], ARGV[2]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
local info = redis.call('INFO', 'replication')
if e ~= frozen or by ~= keeper or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

local fields = redis.call('HGETALL', meta)
return #fields > 0 and fields or { 'n', '0' }
