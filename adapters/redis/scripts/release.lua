-- Hands an index back, unless the claim is lost: it is as if its claim had run
-- out long ago, and as if it had been delivered once less.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, n, token, wake = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local id = redis.call('HGET', jobs, n)
if not id or redis.call('HGET', claims, n) ~= token then
  return 0
end
local pending = redis.call('XPENDING', queue, group, id, id, 1)[1]
if pending then
  redis.call('XCLAIM', queue, group, consumer, 0, id, 'TIME', 0, 'RETRYCOUNT', pending[4] - 1, 'JUSTID')
end
redis.call('HDEL', claims, n)
redis.call('HDEL', progress, n)
redis.call('PUBLISH', wake, '')
return 1
