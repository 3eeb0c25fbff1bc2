-- Puts values in their places: each replaces the value of its index, if there is
-- one. Returns the name of the generation and how many values were put in it, then
-- some places of the list, for the caller to check that their values still exist;
-- nothing if a draft is incomplete.
--
-- KEYS: the list, the name of the generation, the counts of values put, then the
-- key and the draft of each value. A short value has no draft, which is then its key.
-- ARGV: the time to live and the process, then for each value its version, its place,
-- how many fields it has, how many elements follow, and these: the names and contents
-- of the fields that are not in its draft, other than the version and the place.
local list, generation, puts = KEYS[1], KEYS[2], KEYS[3]
local ttl, process = ARGV[1], ARGV[2]

-- The counts for generation.lua are kept of so many processes. If there were more,
-- the live ones begin a new generation, once.
local most = 4096

-- Before anything is changed: a key of another program is of another type, or
-- has nothing of a value in it.
local name = redis.call('GET', generation) or ''
redis.call('ZCARD', list)
local processes = redis.call('HLEN', puts)

local function isForeign(key, old)
  return not (old.version or old.summary or old.first) and redis.call('EXISTS', key) == 1
end

local keys = {}
for k = 4, #KEYS, 2 do
  keys[#keys + 1] = KEYS[k]
end
local anyExists = redis.call('EXISTS', unpack(keys)) > 0

local values, at = {}, 3
for i, key in ipairs(keys) do
  local v = {key = key, draft = KEYS[2 * i + 3], version = ARGV[at], place = ARGV[at + 1]}
  local fields, count = tonumber(ARGV[at + 2]), tonumber(ARGV[at + 3])
  v.first, v.last = at + 4, at + 3 + count
  at = v.last + 1
  local old = {}
  if anyExists then
    local found = redis.call('HMGET', key, 'version', 'place', 'summary', '0')
    old = {version = found[1], place = found[2], summary = found[3], first = found[4]}
    if isForeign(key, old) then
      return redis.error_reply('FOREIGN the key ' .. key .. ' is not a value of Pisano')
    end
  end
  v.oldPlace = old.place
  -- A value that is in its place is that of a call whose reply was lost.
  if old.version ~= v.version then
    if v.draft ~= key and redis.call('HLEN', v.draft) ~= fields - 2 - count / 2 then
      return false
    end
    values[#values + 1] = v
  end
end
if #values == 0 then
  return {name, redis.call('HGET', puts, 'all') or '0'}
end

-- HINCRBY comes first: it is refused when memory is short, and nothing is changed
-- then.
if processes > most then
  redis.call('DEL', puts)
end
redis.call('HINCRBY', puts, process, #values)
local all = redis.call('HINCRBY', puts, 'all', #values)
local places = {}
for _, v in ipairs(values) do
  if v.draft ~= v.key or anyExists then
    redis.call('UNLINK', v.key)
  end
  redis.call('HSET', v.draft, 'version', v.version, 'place', v.place, unpack(ARGV, v.first, v.last))
  if v.draft ~= v.key then
    redis.call('RENAME', v.draft, v.key)
  end
  redis.call('PEXPIRE', v.key, ttl)
  if v.oldPlace then
    redis.call('ZREM', list, v.oldPlace)
  end
  places[#places + 1] = 0
  places[#places + 1] = v.place
end
redis.call('ZADD', list, unpack(places))
return {name, tostring(all), unpack(redis.call('ZRANDMEMBER', list, 2 * #values))}
