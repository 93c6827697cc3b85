--[[
  Say what is so at this moment, and tell of this and more since when it has been so. A break is when nobody says so for too long, or an epoch that is
  over. What was said less than a sixth of that time ago is not written again, so many nodes together write hardly more than one does.

  KEYS  1 epoch string, 2 meta hash (at), 3 served hash (name to "<epoch>:<gone>:<back>:<last>", Unix ms: the last break's beginning and end, last said)
  ARGV  1 the longest time without a word that is no break (ms), 2 how many names are said; then those names, then further ones to tell of
  Returns { epoch, now (Unix ms), gone, back, last of each name… } | { } where it is not live here
]]
local epoch, meta, served = KEYS[1], KEYS[2], KEYS[3]
local longest, said = tonumber(ARGV[1]), tonumber(ARGV[2])
local call = redis.call

local live, replid = string.match(call('GET', epoch) or '', '^(%d+):(%x+)$')
local info = call('INFO', 'replication')
if not live or not string.find(info, 'role:master', 1, true) or not string.find(info, 'master_replid:' .. replid, 1, true) then return {} end

local time = call('TIME')
local now = math.max(time[1] * 1000 + math.floor(time[2] / 1000), call('HGET', meta, 'at'))
local result = { tonumber(live), now }
for i = 3, #ARGV do
  local e, gone, back, last = string.match(call('HGET', served, ARGV[i]) or '0:0:0:0', '^(%d+):(%d+):(%d+):(%d+)$')
  gone, back, last = tonumber(gone), tonumber(back), tonumber(last)
  local before = last
  local broken = math.abs(now - last) > longest or (e ~= live and last > 0)
  if i < said + 3 then
    if broken then gone, back, last = last, now, now end
    if broken or now - last > longest / 6 then
      last = math.max(last, now)
      call('HSET', served, ARGV[i], string.format('%s:%d:%d:%d', live, gone, back, last))
    end
  elseif broken and last >= now - longest then
    -- Nobody has said so in this epoch yet: as if it had just been lost.
    gone, back = last, now
  end
  result[#result + 1], result[#result + 2], result[#result + 3] = gone, back, last
end
return result
