--[[
  Write records that are still as they were read, and tell the outbox and the topics. What may be written is decided in src/domain;
  this file knows no rule of occupancy.

  KEYS  1 epoch string, 2 meta hash (n, at, seq by org/floor), 3-7 floors spaces days people claims hashes (org/name to
        version:body), 8 due zset (name by Unix ms), 9 outbox stream of the caller's epoch
  ARGV  1 "epoch:" the caller works in, 2 moment (Unix ms), 3 entries the outbox may hold ("" where there is no entry), 4 entry,
        5 the keeper's channel, 6-9 how many checks, floors, writes and deadlines; then the lists, messages last:
        check: type (a key's first letter), field, "version:" · floor: org/floor · write: type, field, org/floor or "n" whose
        number is the version ("" deletes), body · deadline: name, Unix ms ("" drops) · message: channel, org/floor or "n", body
  Returns { "ok", n, now, seq… } | { "stale" } | { "full" } | { "conflict", now, value of every check… }
]]
local epoch, meta, due, outbox = KEYS[1], KEYS[2], KEYS[8], KEYS[9]
local hash = { f = KEYS[3], s = KEYS[4], d = KEYS[5], p = KEYS[6], c = KEYS[7] }
local known, at, room, entry, keeper = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]
local floors = 10 + 3 * ARGV[6]
local writes = floors + ARGV[7]
local deadlines = writes + 4 * ARGV[8]
local messages = deadlines + 2 * ARGV[9]
local call, sub, find, format = redis.call, string.sub, string.find, string.format
-- A replica has its primary's replid, so the role counts too: a demoted server must not answer from what it had.
local value, info = call('GET', epoch) or '', call('INFO', 'replication')
if sub(value, 1, #known) ~= known or not find(info, 'role:master', 1, true) or
  not find(info, 'master_replid:' .. sub(value, #known + 1), 1, true) then return { 'stale' } end
local was, time = call('HMGET', meta, 'n', 'at', unpack(ARGV, floors, writes - 1)), call('TIME')
local now = math.max(time[1] * 1000 + math.floor(time[2] / 1000), was[2])

-- The lock keeps rivals apart; this comparison is what makes a claim safe when the lock ran out while its holder slept (INV-3).
for i = 10, floors - 1, 3 do
  if sub(call('HGET', hash[ARGV[i]], ARGV[i + 1]) or '0:', 1, #ARGV[i + 2]) ~= ARGV[i + 2] then
    local result = { 'conflict', now }
    for j = 10, floors - 1, 3 do result[#result + 1] = call('HGET', hash[ARGV[j]], ARGV[j + 1]) end
    return result
  end
end
local length = room ~= '' and call('XLEN', outbox)
if length and length >= tonumber(room) then return { 'full' } end
at = math.max(at, was[2])
local number, seqs, result = { n = format('%d', was[1] + 1) }, {}, { 'ok', was[1] + 1, math.max(now, at) }
for i = floors, writes - 1 do
  local seq = (was[i - floors + 3] or 0) + 1
  number[ARGV[i]] = format('%d', seq)
  seqs[#seqs + 1], seqs[#seqs + 2], result[#result + 1] = ARGV[i], number[ARGV[i]], seq
end
-- The outbox before the records: a script is not rolled back, and XADD is the call that can still fail.
if length then call('XADD', outbox, number.n .. '-0', 's', table.concat(seqs, ' '), 'e', entry) end
call('HSET', meta, 'n', number.n, 'at', format('%d', at), unpack(seqs))
for i = writes, deadlines - 1, 4 do
  if ARGV[i + 2] == '' then call('HDEL', hash[ARGV[i]], ARGV[i + 1])
  else call('HSET', hash[ARGV[i]], ARGV[i + 1], number[ARGV[i + 2]] .. ':' .. ARGV[i + 3]) end
end
local first, sooner = deadlines < messages and tonumber(call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]), false
for i = deadlines, messages - 1, 2 do
  if ARGV[i + 1] == '' then call('ZREM', due, ARGV[i]) else call('ZADD', due, ARGV[i + 1], ARGV[i]) end
  sooner = sooner or (tonumber(ARGV[i + 1]) or first) < first
end
for i = messages, #ARGV, 3 do call('SPUBLISH', ARGV[i], known .. number[ARGV[i + 1]] .. ':' .. ARGV[i + 2]) end
if length == 0 then call('SPUBLISH', keeper, known .. number.n .. ':outbox') end
if sooner then call('SPUBLISH', keeper, known .. number.n .. ':due') end
return result
