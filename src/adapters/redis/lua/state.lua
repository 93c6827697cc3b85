--[[
  What the epoch key says of the shard, seen from this server.

  KEYS  1 epoch string: "<epoch>:<replid>" live, "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>"
  ARGV  none
  Returns { "missing" } | { "live" | "foreign" | "frozen", epoch }
]]
local epoch = KEYS[1]

local value = redis.call('GET', epoch)
if not value then return { 'missing' } end
local frozen = string.match(value, '^frozen:(%d+):')
if frozen then return { 'frozen', tonumber(frozen) } end
local live, replid = string.match(value, '^(%d+):(%x+)$')
local info = redis.call('INFO', 'replication')
if string.find(info, 'role:master', 1, true) and string.find(info, 'master_replid:' .. replid, 1, true) then
  return { 'live', tonumber(live) }
end
return { 'foreign', tonumber(live) }
