-- Counts a worker for so many microseconds from now, by the clock of Redis, or
-- no longer. Who fell silent goes first: that is done even when memory is short,
-- and what follows it is then, too.
local workers = KEYS[1]
local worker, lasting = ARGV[1], tonumber(ARGV[2])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now)
if lasting > 0 then
  redis.call('ZADD', workers, now + lasting, worker)
else
  redis.call('ZREM', workers, worker)
end
return 1
