-- Adds the tasks whose indices are not in the queue, moves those that wait in a
-- later lane, and returns how many. An index without its entry in a stream is not
-- in the queue, whatever jobs says; and when the stream of a lane is empty nothing
-- is in its backlog, whatever that says.
--
-- KEYS: for each lane in order the stream, jobs, claims, progress and backlog.
-- ARGV: the channel to wake workers by, the group, the submitter, and for each task
-- its index, cost and lane, which is 0 for the first.
local wake, group, submitter = ARGV[1], ARGV[2], ARGV[3]

local indices, isUsed = {}, {} -- which lanes tasks may be added to
for i = 4, #ARGV, 3 do
  indices[#indices + 1] = ARGV[i]
  isUsed[ARGV[i + 2] + 1] = true
end

local lanes = {}
for k = 1, #KEYS, 5 do
  local lane = {queue = KEYS[k], jobs = KEYS[k + 1], claims = KEYS[k + 2], progress = KEYS[k + 3], backlog = KEYS[k + 4]}
  lane.added, lane.work, lane.ids = 0, 0, {}
  lanes[#lanes + 1] = lane
  local known = false
  for i, id in ipairs(redis.call('HMGET', lane.jobs, unpack(indices))) do
    lane.ids[indices[i]] = id
    known = known or id
  end
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
  if lane.added == 0 then
    return
  end
  if lane.empty then
    redis.call('DEL', lane.backlog)
    lane.empty = false
  end
  redis.call('HINCRBY', lane.backlog, 'all', lane.work)
  redis.call('HINCRBY', lane.backlog, 'of:' .. submitter, lane.work)
  lane.added, lane.work = 0, 0
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
    local entry = id and redis.call('XRANGE', lane.queue, id, id)[1]
    if entry then
      if i <= number or not isWaiting(lane, id) then
        return false
      end
      remove(lane, n, entry)
    end
  end
  return true
end

local added = 0
for i = 4, #ARGV, 3 do
  local n, cost, number = ARGV[i], ARGV[i + 1], ARGV[i + 2] + 1
  if admits(n, number) then
    local lane = lanes[number]
    local id = redis.call('XADD', lane.queue, '*', 'index', n, 'cost', cost, 'client', submitter)
    redis.call('HSET', lane.jobs, n, id)
    lane.ids[n] = id
    lane.added, lane.work = lane.added + 1, lane.work + cost
    added = added + 1
  end
end
for _, lane in ipairs(lanes) do
  settle(lane)
end
if added > 0 then
  redis.call('PUBLISH', wake, added)
end
return added
