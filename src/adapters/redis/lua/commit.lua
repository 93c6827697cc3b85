--[[
  Write records that are still as they were read, and tell the outbox and the topics: some commits, each as if it were alone. What may be written
  is decided in src/domain; this file knows no rule of occupancy.

  KEYS  1 epoch string, 2 meta hash (n, at, e: n of the last entry, seq by org/floor), 3-7 floors spaces days people claims hashes (org/name to version:body),
        8 due zset (name by Unix ms), 9 outbox stream of the callers' epoch
  ARGV  1 "epoch:" the callers work in, 2 the keeper's channel; then each commit: moment (Unix ms), entries the outbox may hold ("" where there is no
        entry), entry, where in ARGV its floors, deadlines, messages and the next commit begin; its records, then those lists. Record: type (a key's
        first letter), field, "version:" it must have ("" any), org/floor or "n" whose number is its next version ("" leaves, "-" deletes it), body
        or, from a line break on, what goes behind it. Floor: org/floor. Deadline: name, Unix ms ("" drops). Message: channel, org/floor or "n", body
  Returns for each { "ok", n, now, seq… } | { "full" } | { "conflict", now, value of every record… }; instead of all { "stale" }
]]
local epoch, meta, due, outbox, known, keeper = KEYS[1], KEYS[2], KEYS[8], KEYS[9], ARGV[1], ARGV[2]
local hash = { f = KEYS[3], s = KEYS[4], d = KEYS[5], p = KEYS[6], c = KEYS[7] }
local call, sub, find, format, max = redis.call, string.sub, string.find, string.format, math.max
-- A replica has its primary's replid, so the role counts too: a demoted server must not answer from what it had.
local value, info, time = call('GET', epoch) or '', call('INFO', 'replication'), call('TIME')
if sub(value, 1, #known) ~= known or not find(info, 'role:master', 1, true) or
  not find(info, 'master_replid:' .. sub(value, #known + 1), 1, true) then return { 'stale' } end

local function commit (i)
  local records, floors, deadlines, messages, behind = i + 7, ARGV[i + 3] + 0, ARGV[i + 4] + 0, ARGV[i + 5] + 0, ARGV[i + 6] + 0
  local was = call('HMGET', meta, 'n', 'at', 'e', unpack(ARGV, floors, deadlines - 1))
  local at, room, entry = max(ARGV[i], was[2]), ARGV[i + 1], ARGV[i + 2]
  local found, same = { 'conflict', max(time[1] * 1000 + math.floor(time[2] / 1000), was[2]) }, true
  -- The lock keeps rivals apart; this comparison is what makes a claim safe when the lock ran out while its holder slept (INV-3).
  for r = records, floors - 1, 5 do
    found[#found + 1] = call('HGET', hash[ARGV[r]], ARGV[r + 1])
    same = same and sub(found[#found] or '0:', 1, #ARGV[r + 2]) == ARGV[r + 2]
  end
  if not same then return found, behind end
  local length = room ~= '' and call('XLEN', outbox)
  if length and length >= tonumber(room) then return { 'full' }, behind end
  local number, seqs, result = { n = format('%d', was[1] + 1) }, {}, { 'ok', was[1] + 1, max(found[2], at) }
  for f = floors, deadlines - 1 do
    local seq = (was[f - floors + 4] or 0) + 1
    number[ARGV[f]] = format('%d', seq)
    seqs[#seqs + 1], seqs[#seqs + 2], result[#result + 1] = ARGV[f], number[ARGV[f]], seq
  end
  -- The outbox before the records: a script is not rolled back, and XADD is the call that can still fail.
  if length then call('XADD', outbox, number.n .. '-0', 's', table.concat(seqs, ' '), 'e', entry, 'b', was[3] or '0') end
  call('HSET', meta, 'n', number.n, 'at', format('%d', at), 'e', length and number.n or was[3] or '0', unpack(seqs))
  for r = records, floors - 1, 5 do
    local field, of, body = ARGV[r + 1], ARGV[r + 3], ARGV[r + 4]
    if sub(body, 1, 1) == '\n' then body = string.match(found[(r - records) / 5 + 3], ':(.*)') .. body end
    if of == '-' then call('HDEL', hash[ARGV[r]], field) elseif of ~= '' then call('HSET', hash[ARGV[r]], field, number[of] .. ':' .. body) end
  end
  local first, sooner = deadlines < messages and tonumber(call('ZRANGE', due, 0, 0, 'WITHSCORES')[2]), false
  for d = deadlines, messages - 1, 2 do
    if ARGV[d + 1] == '' then call('ZREM', due, ARGV[d]) else call('ZADD', due, ARGV[d + 1], ARGV[d]) end
    sooner = sooner or (tonumber(ARGV[d + 1]) or first) < first
  end
  for m = messages, behind - 1, 3 do call('SPUBLISH', ARGV[m], known .. number[ARGV[m + 1]] .. ':' .. ARGV[m + 2]) end
  if length == 0 then call('SPUBLISH', keeper, known .. number.n .. ':outbox') end
  if sooner then call('SPUBLISH', keeper, known .. number.n .. ':due') end
  return result, behind
end
local answers, i = {}, 3
while i < #ARGV do answers[#answers + 1], i = commit(i) end
return answers
