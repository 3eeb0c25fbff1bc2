-- Returns how many workers are announced, by the clock of Redis.
local time = redis.call('TIME')
return redis.call('ZCOUNT', KEYS[1], time[1] * 1000000 + time[2], '+inf')
