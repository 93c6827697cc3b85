--[[
  Records and floor seqs of a live shard at one moment.

  KEYS  1 epoch string, 2 meta hash (at, seq by org/floor), 3-7 floors spaces days people claims hashes (org/name to version:body)
  ARGV  1-5 how many fields of KEYS[3] to KEYS[7], then those fields, then org/floor of every seq
  Returns { epoch, now (Unix ms), values in the order of ARGV, in parts of up to 1,000… } | { } where it is not live here
]]
local epoch, meta = KEYS[1], KEYS[2]
local call = redis.call

-- A replica has its primary's replid, so the role counts too: a demoted server must not answer from what it had.
local live, replid = string.match(call('GET', epoch) or '', '^(%d+):(%x+)$')
local info = call('INFO', 'replication')
if not live or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

local time = call('TIME')
local now = math.max(time[1] * 1000 + math.floor(time[2] / 1000), call('HGET', meta, 'at'))
local result = { tonumber(live), now }
-- In parts, because unpack has room for some thousand values only.
local function fetch (key, from, to)
  for i = from, to, 1000 do result[#result + 1] = call('HMGET', key, unpack(ARGV, i, math.min(i + 999, to))) end
end
local from = 6
for hash = 1, 5 do
  fetch(KEYS[hash + 2], from, from + ARGV[hash] - 1)
  from = from + ARGV[hash]
end
fetch(meta, from, #ARGV)
return result
