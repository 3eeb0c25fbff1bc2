-- Hands tasks back: it is as if the leases had expired long ago, and as if the
-- tasks had been delivered once less. Of a task that was delivered again since,
-- only the count changes. XCLAIM comes first: it is done even when memory is
-- short, and what follows it is then, too.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, wake = ARGV[1], ARGV[2], ARGV[3]

local function pendingOf(id)
  return redis.call('XPENDING', queue, group, id, id, 1)[1]
end

-- discount takes a delivery off the count of an entry, and sets its idle time in
-- the words of XCLAIM.
local function discount(id, pending, word, idle)
  redis.call('XCLAIM', queue, group, consumer, 0, id, word, idle, 'RETRYCOUNT', pending[4] - 1, 'JUSTID')
end

local released = 0
for i = 4, #ARGV, 2 do
  local n, token = ARGV[i], ARGV[i + 1]
  local id, lost = redis.call('HGET', jobs, n), n .. ':lost'
  local tokens = id and redis.call('HGET', claims, lost)
  if id and redis.call('HGET', claims, n) == token then
    local pending = pendingOf(id)
    if pending then
      discount(id, pending, 'TIME', 0)
    end
    redis.call('HDEL', claims, n)
    redis.call('HDEL', progress, n)
    released = released + 1
  elseif tokens then
    local first, last = string.find(tokens, token .. '\n', 1, true)
    local pending = first and pendingOf(id)
    if pending then
      discount(id, pending, 'IDLE', pending[3])
      redis.call('HSET', claims, lost, string.sub(tokens, 1, first - 1) .. string.sub(tokens, last + 1))
    end
  end
end
if released > 0 then
  redis.call('PUBLISH', wake, '')
end
return released
