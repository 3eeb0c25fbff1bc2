-- Removes an index from the queue, unless the claim is lost.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, n, token = ARGV[1], ARGV[2], ARGV[3]

local id = redis.call('HGET', jobs, n)
if not id or redis.call('HGET', claims, n) ~= token then
  return 0
end
redis.call('XACK', queue, group, id)
redis.call('XDEL', queue, id)
redis.call('HDEL', jobs, n)
redis.call('HDEL', claims, n)
redis.call('HDEL', progress, n)
return 1
