-- Returns the workers that are alive, by the clock of Redis, each followed by its
-- memory in bytes, by its slots and its speed, and by the microseconds until its
-- announcement expires; 0 is what is not known.
-- One that is announced for longer than is possible was announced before the clock
-- was set back.
local workers, memory, speed = KEYS[1], KEYS[2], KEYS[3]
local longest = tonumber(ARGV[1])

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local alive = redis.call('ZRANGEBYSCORE', workers, '(' .. string.format('%.0f', now), string.format('%.0f', now + longest), 'WITHSCORES')
local list = {}
for i = 1, #alive, 2 do
  local name, expires = alive[i], tonumber(alive[i + 1])
  list[#list + 1] = name
  list[#list + 1] = redis.call('HGET', memory, name) or '0'
  list[#list + 1] = redis.call('HGET', speed, name) or '0 0'
  list[#list + 1] = expires - now
end
return list
