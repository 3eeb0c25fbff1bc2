-- Returns the name of the generation of the partition, how many values were put
-- in it, and whether they are vouched for. It begins a new generation if there is
-- none, or if values were lost: fewer were put than a process knows of. A server
-- that was started or promoted since the last call may have lost some: a process
-- that knew the generation and misses nothing vouches for it.
--
-- KEYS: the name, the counts of values put. ARGV: a name for a new generation, the
-- process, the generation that it knows, how many values it put in that, how many
-- were put in all, 1 if it may vouch, and 1 if it has waited for others long
-- enough.
local generation, puts = KEYS[1], KEYS[2]
local fresh, process, known = ARGV[1], ARGV[2], ARGV[3]
local own, all = tonumber(ARGV[4]), tonumber(ARGV[5])
local vouches, impatient = ARGV[6] == '1', ARGV[7] == '1'

-- Where INFO is not permitted, servers can't be told apart.
local info = redis.pcall('INFO', 'server')
local server = type(info) == 'string' and string.match(info, 'run_id:(%x+)') or ''

local function begin()
  redis.call('SET', generation, fresh)
  redis.call('DEL', puts)
  redis.call('HSET', puts, 'all', 0, 'server', server)
  return {fresh, '0', 1}
end

-- Both before anything is changed: keys of another program are of another type.
local name = redis.call('GET', generation)
local found = redis.call('HMGET', puts, process, 'all', 'server')
if not name then
  return begin()
end
local total = found[2] or '0'
if name == known and (tonumber(found[1] or '0') < own or tonumber(total) < all) then
  return begin()
end
if server == '' or found[3] == server then
  return {name, total, 1}
end
-- A generation of a version that kept no counts is not known to have lost any.
if name == known and vouches or not found[3] then
  redis.pcall('HSET', puts, 'server', server) -- or the next time, if memory is short
  return {name, total, 1}
end
if impatient then
  return begin()
end
return {name, total, 0}
