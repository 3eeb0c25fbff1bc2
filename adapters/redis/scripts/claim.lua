-- Takes the next index and returns it and how often it has been delivered:
-- one whose claim has run out, else the one that waits longest.
local queue, claims, progress = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, token, period = ARGV[1], ARGV[2], ARGV[3], ARGV[4]

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', claims)
redis.call('HLEN', progress)

if redis.call('EXISTS', queue) == 0 then
  return false
end
local due = redis.pcall('XPENDING', queue, group, 'IDLE', period, '-', '+', 1)
if due.err then
  if string.sub(due.err, 1, 7) ~= 'NOGROUP' then
    return due
  end
  -- The stream is new: the first to claim from it makes its group.
  redis.call('XGROUP', 'CREATE', queue, group, '0')
  due = {}
end

local entry, delivery
if due[1] then
  local id = due[1][1]
  delivery = due[1][4] + 1
  entry = redis.call('XCLAIM', queue, group, consumer, 0, id, 'RETRYCOUNT', delivery)[1]
  if not entry then -- deleted by someone else
    redis.call('XACK', queue, group, id)
  end
end
if not entry then
  local fresh = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', 1, 'STREAMS', queue, '>')
  if not fresh then
    return false
  end
  entry, delivery = fresh[1][2][1], 1
end

local n = entry[2][2]
redis.call('HSET', claims, n, token)
redis.call('HDEL', progress, n)
return {n, delivery}
