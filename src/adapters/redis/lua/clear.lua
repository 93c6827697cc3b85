--[[
  Drop everything the shard holds but the moment of its last commit: the clock must not go back. UNLINK frees big keys in the background.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 meta hash (n, at, stream),
        3-7 floors spaces days people claims hashes, 8 due zset, 9 outbox stream that meta names
  ARGV  1 epoch, 2 keeper of the freeze, 3 the stream's epoch, "" where meta names none
  Returns 1 | 0 when the freeze is not the newest, or not this server's, or the stream is another one
]]
local epoch, meta, due = KEYS[1], KEYS[2], KEYS[8]
local frozen, keeper, stream = ARGV[1], ARGV[2], ARGV[3]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
if e ~= frozen or by ~= keeper or not string.find(redis.call('INFO', 'replication'), 'master_replid:' .. replid, 1, true) then return 0 end
if (redis.call('HGET', meta, 'stream') or '') ~= stream then return 0 end

-- From here on the shard holds the state of no epoch, whoever freezes it next.
redis.call('SET', epoch, 'frozen:' .. frozen .. ':' .. replid .. '::' .. keeper)
local at = redis.call('HGET', meta, 'at') or '0'
redis.call('UNLINK', unpack(KEYS, 2))
redis.call('HSET', meta, 'n', '0', 'at', at)
-- What is named by a script of several keys must exist, else a slot migration answers TRYAGAIN. No id is called "-".
for i = 3, 7 do redis.call('HSET', KEYS[i], '-', '') end
redis.call('ZADD', due, '+inf', '-')
return 1
