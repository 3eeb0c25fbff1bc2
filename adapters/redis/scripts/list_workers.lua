-- Returns the workers that are alive, by the clock of Redis, each followed by its
-- memory in bytes, 0 if that is not known.
local workers, memory = KEYS[1], KEYS[2]

local time = redis.call('TIME')
local alive = redis.call('ZRANGEBYSCORE', workers, '(' .. string.format('%.0f', time[1] * 1000000 + time[2]), '+inf')
local list = {}
for _, name in ipairs(alive) do
  list[#list + 1] = name
  list[#list + 1] = redis.call('HGET', memory, name) or '0'
end
return list
