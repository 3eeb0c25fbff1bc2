-- Removes a damaged value, but not one put in its place since.
local value, values = KEYS[1], KEYS[2]
local version = ARGV[1]

local found = redis.call('HMGET', value, 'version', 'place')
if (found[1] or '') == version then
  if found[2] then
    redis.call('ZREM', values, found[2])
  end
  redis.call('UNLINK', value)
end
