-- Marks a worker alive for ttl microseconds, by the clock of Redis, or removes
-- it. Dead workers, and those announced for longer than is possible because the
-- clock was set back since, are removed first: that frees memory, so Redis runs it
-- when it is out of memory, and once a script has begun to write the rest runs too. Each
-- announcement also checks two workers whose memory is stored, and two whose speed
-- is, and removes what is stored of the dead: programs of earlier versions leave it
-- behind.
local workers, memory, speed = KEYS[1], KEYS[2], KEYS[3]
local worker, ttl, longest = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[5])
local details = {[memory] = ARGV[3], [speed] = ARGV[4]} -- empty: not known

-- Before anything is changed: keys of another program are of another type.
local sample = {[memory] = redis.call('HRANDFIELD', memory, 2), [speed] = redis.call('HRANDFIELD', speed, 2)}

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZREMRANGEBYSCORE', workers, '-inf', now)
redis.call('ZREMRANGEBYSCORE', workers, '(' .. string.format('%.0f', now + longest), '+inf')
if ttl > 0 then
  redis.call('ZADD', workers, now + ttl, worker)
else
  redis.call('ZREM', workers, worker)
end
for key, detail in pairs(details) do
  if ttl > 0 and detail ~= '' then
    redis.call('HSET', key, worker, detail)
  else
    redis.call('HDEL', key, worker)
  end
  local names = sample[key]
  local scores = #names > 0 and redis.call('ZMSCORE', workers, unpack(names)) or {}
  for i, name in ipairs(names) do
    if not scores[i] then
      redis.call('HDEL', key, name)
    end
  end
end
return 1
