-- Returns for those of the indices that are in the queue: the index, whether
-- it is claimed, its progress, how many of its deliveries count, and its lane.
--
-- KEYS: for each lane in order the stream, jobs and progress.
local group, period = ARGV[1], tonumber(ARGV[2])

local indices = {unpack(ARGV, 3)}
local found = {}

-- find adds the jobs of a lane, whose ids are those of the indices.
local function find(queue, ids, fractions, lane)
  local first, last, count = span(ids)
  if count == 0 then
    return
  end
  local entryOf = reader(queue, first, last, count)
  local pending = redis.pcall('XPENDING', queue, group, first, last, count)
  if pending.err and string.sub(pending.err, 1, 7) ~= 'NOGROUP' then
    return pending
  end
  local isWhole, claims = pending.err or #pending < count, byID(pending)
  for i, id in ipairs(ids) do
    if id and entryOf(id) then
      local claim = claims[id] or not isWhole and redis.call('XPENDING', queue, group, id, id, 1)[1]
      local claimed = claim and claim[3] < period
      table.insert(found, {indices[i], claimed and 1 or 0, fractions[i] or '0', claim and claim[4] or 0, lane})
    end
  end
end

for k = 1, #KEYS, 3 do
  local queue = KEYS[k]
  if redis.call('XLEN', queue) > 0 then
    local ids = redis.call('HMGET', KEYS[k + 1], unpack(indices))
    local err = find(queue, ids, redis.call('HMGET', KEYS[k + 2], unpack(indices)), (k - 1) / 3)
    if err then
      return err
    end
  end
end
return found
