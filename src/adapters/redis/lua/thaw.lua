#!lua flags=allow-oom
--[[
  Recovery, step 6: the shard lives in the freeze's epoch, on this server, with an empty outbox. The stream before it was drained.
  Works while Redis is out of memory, as freeze.lua does.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 meta hash (n, at, stream),
        3-7 floors spaces days people claims hashes, 8 due zset, 9 outbox stream of this epoch, 10 outbox stream that meta names
  ARGV  1 epoch, 2 keeper of the freeze, 3 the old stream's epoch, "" where meta names none
  Returns 1 | 0 when the freeze is not the newest, or not this server's, or the stream is another one
]]
local epoch, meta, due, outbox, drained = KEYS[1], KEYS[2], KEYS[8], KEYS[9], KEYS[10]
local frozen, keeper, stream = ARGV[1], ARGV[2], ARGV[3]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
if e ~= frozen or by ~= keeper or not string.find(redis.call('INFO', 'replication'), 'master_replid:' .. replid, 1, true) then return 0 end
if (redis.call('HGET', meta, 'stream') or '') ~= stream then return 0 end

-- What is named by a script of several keys must exist, else a slot migration answers TRYAGAIN. No id is called "-".
for i = 3, 7 do redis.call('HSET', KEYS[i], '-', '') end
redis.call('ZADD', due, '+inf', '-')
redis.call('HSETNX', meta, 'n', '0')
redis.call('HSETNX', meta, 'at', '0')
redis.call('HSET', meta, 'stream', frozen)
redis.call('HDEL', meta, 'e')
redis.call('UNLINK', outbox, drained)
-- An empty stream, whose first entry may have any number: adding and deleting one would keep its number as the least.
redis.call('XGROUP', 'CREATE', outbox, 'empty', '0', 'MKSTREAM')
redis.call('XGROUP', 'DESTROY', outbox, 'empty')
redis.call('SET', epoch, frozen .. ':' .. replid)
return 1
