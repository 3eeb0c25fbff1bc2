-- Leases tasks and returns for each its index, how often it has been delivered
-- and its cost: first those whose lease has expired, then those that wait
-- longest. It takes as many as the count and the budget allow, and the first
-- whatever its cost if one must be taken. The token of a delivery whose lease has
-- expired is kept in claims for release.lua, a line each.
local queue, claims, progress = KEYS[1], KEYS[2], KEYS[3]
local group, consumer, token, lease = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local count, budget, must = tonumber(ARGV[5]), tonumber(ARGV[6]) or math.huge, ARGV[7] == '1'

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', claims)
redis.call('HLEN', progress)

local taken = {}
if redis.call('EXISTS', queue) == 0 then
  return taken
end
local due = redis.pcall('XPENDING', queue, group, 'IDLE', lease, '-', '+', count)
if due.err then
  if string.sub(due.err, 1, 7) ~= 'NOGROUP' then
    return due
  end
  -- The stream is new: the first to claim from it makes its group.
  redis.call('XGROUP', 'CREATE', queue, group, '0')
  due = {}
end

-- fits reports whether the budget allows an entry, and takes its cost from it.
local function fits(entry)
  local cost = tonumber(entry[2][4])
  if cost > budget and not must then
    return false
  end
  budget, must = budget - cost, false
  return true
end

local function take(entry, delivery)
  local n = entry[2][2]
  local last, lost = redis.call('HGET', claims, n), n .. ':lost'
  if delivery == 1 then
    redis.call('HDEL', claims, lost)
  elseif last then
    redis.call('HSET', claims, lost, (redis.call('HGET', claims, lost) or '') .. last .. '\n')
  end
  redis.call('HSET', claims, n, token)
  redis.call('HDEL', progress, n)
  taken[#taken + 1] = {n, delivery, entry[2][4]}
end

for _, pending in ipairs(due) do
  local id, delivery = pending[1], pending[4] + 1
  local entry = redis.call('XRANGE', queue, id, id)[1]
  if not entry then -- deleted by someone else
    redis.call('XACK', queue, group, id)
  elseif fits(entry) then
    redis.call('XCLAIM', queue, group, consumer, 0, id, 'RETRYCOUNT', delivery, 'JUSTID')
    take(entry, delivery)
  else
    return taken
  end
end
while #taken < count do
  local fresh = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', 1, 'STREAMS', queue, '>')
  if not fresh then
    return taken
  end
  local entry = fresh[1][2][1]
  if not fits(entry) then -- it is as if it had been released
    redis.call('XCLAIM', queue, group, consumer, 0, entry[1], 'TIME', 0, 'RETRYCOUNT', 0, 'JUSTID')
    return taken
  end
  take(entry, 1)
end
return taken
