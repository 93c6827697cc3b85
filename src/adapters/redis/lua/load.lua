--[[
  Put records, deadlines and seqs into a frozen shard as they are given.

  KEYS  1 epoch string: "frozen:<epoch>:<replid>:w<epoch whose state it has> or nothing:<keeper>", 2 meta hash (n, seq by org/floor),
        3-7 floors spaces days people claims hashes (org/name to version:body), 8 due zset (name by Unix ms)
  ARGV  1 epoch, 2 keeper of the freeze, 3 number of the last commit, 4-5 how many records and deadlines; then the lists, seqs last:
        record: type (a key's first letter), field, "version:body" ("" drops) · deadline: name, Unix ms · seq: org/floor, seq
  Returns 1 | 0 when the freeze is not the newest, or not this server's
]]
local epoch, meta, due = KEYS[1], KEYS[2], KEYS[8]
local hash = { f = KEYS[3], s = KEYS[4], d = KEYS[5], p = KEYS[6], c = KEYS[7] }
local frozen, keeper, n = ARGV[1], ARGV[2], ARGV[3]
local deadlines = 6 + 3 * ARGV[4]
local seqs = deadlines + 2 * ARGV[5]

local e, replid, by = string.match(redis.call('GET', epoch) or '', '^frozen:(%d+):(%x+):w?%d*:(.*)$')
if e ~= frozen or by ~= keeper or not string.find(redis.call('INFO', 'replication'), 'master_replid:' .. replid, 1, true) then return 0 end

for i = 6, deadlines - 1, 3 do
  if ARGV[i + 2] == '' then redis.call('HDEL', hash[ARGV[i]], ARGV[i + 1])
  else redis.call('HSET', hash[ARGV[i]], ARGV[i + 1], ARGV[i + 2]) end
end
for i = deadlines, seqs - 1, 2 do redis.call('ZADD', due, ARGV[i + 1], ARGV[i]) end
for i = seqs, #ARGV, 2 do redis.call('HSET', meta, ARGV[i], ARGV[i + 1]) end
redis.call('HSET', meta, 'n', n)
return 1
