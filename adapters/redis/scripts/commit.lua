-- Adds the last part to a draft and puts it in the place of the value. Returns
-- the name of the generation and how many values were put in it, then some places
-- of the list, for the caller to check that their values still exist; nothing if
-- the draft is incomplete.
local value, draft, values, generation, puts = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local version, place, fields, ttl, process = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5]

-- The counts for generation.lua are kept of so many processes. If there were more,
-- the live ones begin a new generation, once.
local most = 4096

local name = redis.call('GET', generation) or ''
local old = redis.call('HMGET', value, 'version', 'place')
if old[1] == version then -- a retry, because the reply was lost
  return {name, redis.call('HGET', puts, 'all') or '0'}
end
-- Before anything is changed: a key of another program is of another type, or
-- has nothing of a value in it.
redis.call('ZCARD', values)
redis.call('HLEN', puts)
if not old[1] and redis.call('EXISTS', value) == 1 and redis.call('HEXISTS', value, 'summary') == 0 and redis.call('HEXISTS', value, '0') == 0 then
  return redis.error_reply('FOREIGN the key ' .. value .. ' is not a value of Pisano')
end
redis.call('HSET', draft, 'version', version, 'place', place, unpack(ARGV, 6))
if redis.call('HLEN', draft) ~= fields then
  redis.call('UNLINK', draft)
  return false
end
if old[2] then
  redis.call('ZREM', values, old[2])
end
redis.call('UNLINK', value)
redis.call('RENAME', draft, value)
redis.call('PEXPIRE', value, ttl)
redis.call('ZADD', values, 0, place)
if redis.call('HLEN', puts) > most then
  redis.call('DEL', puts)
end
redis.call('HINCRBY', puts, process, 1)
local all = redis.call('HINCRBY', puts, 'all', 1)
local reply = redis.call('ZRANDMEMBER', values, 2)
table.insert(reply, 1, name)
table.insert(reply, 2, tostring(all))
return reply
