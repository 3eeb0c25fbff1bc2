-- Marks a worker alive for ttl microseconds, by the clock of Redis, or removes
-- it. Dead workers are removed first: that frees memory, so Redis runs it when it
-- is out of memory, and once a script has begun to write the rest runs too. Each
-- announcement also checks two workers whose memory is stored, and removes it if
-- they are dead: programs of the previous version leave it behind.
local workers, memory = KEYS[1], KEYS[2]
local worker, ttl, bytes = ARGV[1], tonumber(ARGV[2]), ARGV[3]

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', memory)

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now)
redis.call('HDEL', memory, worker)
if ttl > 0 then
  redis.call('ZADD', workers, now + ttl, worker)
  if bytes ~= '0' then
    redis.call('HSET', memory, worker, bytes)
  end
else
  redis.call('ZREM', workers, worker)
end
for _, name in ipairs(redis.call('HRANDFIELD', memory, 2)) do
  if not redis.call('ZSCORE', workers, name) then
    redis.call('HDEL', memory, name)
  end
end
return 1
