-- Hands tasks back, except those whose claims are lost: it is as if the leases
-- had expired long ago, and as if the tasks had been delivered once less.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, wake = ARGV[1], ARGV[2], ARGV[3]

local released = 0
for i = 4, #ARGV, 2 do
  local n, token = ARGV[i], ARGV[i + 1]
  local id = redis.call('HGET', jobs, n)
  if id and redis.call('HGET', claims, n) == token then
    local pending = redis.call('XPENDING', queue, group, id, id, 1)[1]
    if pending then
      redis.call('XCLAIM', queue, group, consumer, 0, id, 'TIME', 0, 'RETRYCOUNT', pending[4] - 1, 'JUSTID')
    end
    redis.call('HDEL', claims, n)
    redis.call('HDEL', progress, n)
    released = released + 1
  end
end
if released > 0 then
  redis.call('PUBLISH', wake, '')
end
return released
