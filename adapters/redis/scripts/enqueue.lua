-- Adds the tasks whose indices are not in the queue, and moves those that wait in a
-- later lane. Returns 1 for each task that was added or moved, and 0 for each other.
-- An index without its entry in a stream is not in the queue, whatever jobs says; and
-- when the stream of a lane is empty nothing is in its backlog, whatever that says.
--
-- KEYS: for each lane in order the stream, jobs, claims, progress and backlog.
-- ARGV: the channel to wake workers by, the group, and for each task its index, cost,
-- lane, which is 0 for the first, and submitter.
local wake, group = ARGV[1], ARGV[2]

local indices, isUsed = {}, {} -- which lanes tasks may be added to
for i = 3, #ARGV, 4 do
  indices[#indices + 1] = ARGV[i]
  isUsed[ARGV[i + 2] + 1] = true
end

local lanes = {}
for k = 1, #KEYS, 5 do
  local lane = {queue = KEYS[k], jobs = KEYS[k + 1], claims = KEYS[k + 2], progress = KEYS[k + 3], backlog = KEYS[k + 4]}
  lane.added, lane.addedOf, lane.ids = 0, {}, {} -- costs, in all and by submitter
  lanes[#lanes + 1] = lane
  local ids = redis.call('HMGET', lane.jobs, unpack(indices))
  for i, id in ipairs(ids) do
    lane.ids[indices[i]] = id
  end
  local first, last, count = span(ids)
  local known = count > 0
  lane.entryOf = reader(lane.queue, first, last, count)
  -- Before anything is changed: keys of another program are of another type.
  if known then
    redis.call('HLEN', lane.claims)
    redis.call('HLEN', lane.progress)
  end
  if known or isUsed[#lanes] then
    redis.call('HLEN', lane.backlog)
    lane.empty = redis.call('XLEN', lane.queue) == 0
  end
end

-- settle puts what was added to a lane into its backlog.
local function settle(lane)
  if not next(lane.addedOf) then
    return
  end
  if lane.empty then
    redis.call('DEL', lane.backlog)
    lane.empty = false
  end
  redis.call('HINCRBY', lane.backlog, 'all', lane.added)
  for submitter, cost in pairs(lane.addedOf) do
    redis.call('HINCRBY', lane.backlog, 'of:' .. submitter, cost)
  end
  lane.added, lane.addedOf = 0, {}
end

-- isWaiting reports whether no delivery of an entry counts: it was never claimed,
-- or released.
local function isWaiting(lane, id)
  local pending = redis.pcall('XPENDING', lane.queue, group, id, id, 1)
  if pending.err and string.sub(pending.err, 1, 7) ~= 'NOGROUP' then
    return false
  end
  return not pending[1] or pending[1][4] == 0
end

local function remove(lane, n, entry)
  settle(lane)
  local cost, before = entry[2][4], entry[2][6]
  redis.call('XACK', lane.queue, group, entry[1])
  redis.call('XDEL', lane.queue, entry[1])
  redis.call('HDEL', lane.jobs, n)
  lane.ids[n] = nil
  redis.call('HDEL', lane.claims, n, n .. ':lost')
  redis.call('HDEL', lane.progress, n)
  redis.call('HINCRBY', lane.backlog, 'all', 0 - cost)
  if redis.call('HINCRBY', lane.backlog, 'of:' .. before, 0 - cost) <= 0 then
    redis.call('HDEL', lane.backlog, 'of:' .. before)
  end
  if redis.call('XLEN', lane.queue) == 0 then
    redis.call('DEL', lane.backlog)
    lane.empty = true
  end
end

-- admits reports whether an index is to be added to the lane with the given
-- number, and makes room for it there.
local function admits(n, number)
  for i, lane in ipairs(lanes) do
    local id = lane.ids[n]
    local entry = id and lane.entryOf(id)
    if entry then
      if i <= number or not isWaiting(lane, id) then
        return false
      end
      remove(lane, n, entry)
    end
  end
  return true
end

local flags, count = {}, 0
for i = 3, #ARGV, 4 do
  local n, cost, number, submitter = ARGV[i], ARGV[i + 1], ARGV[i + 2] + 1, ARGV[i + 3]
  local flag = 0
  if admits(n, number) then
    local lane = lanes[number]
    local id = redis.call('XADD', lane.queue, '*', 'index', n, 'cost', cost, 'client', submitter)
    redis.call('HSET', lane.jobs, n, id)
    lane.ids[n] = id
    lane.added = lane.added + cost
    lane.addedOf[submitter] = (lane.addedOf[submitter] or 0) + cost
    flag = 1
  end
  flags[#flags + 1] = flag
  count = count + flag
end
for _, lane in ipairs(lanes) do
  settle(lane)
end
if count > 0 then
  redis.call('PUBLISH', wake, count)
end
return flags
