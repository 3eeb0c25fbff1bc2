-- The entries of tasks in a stream, whose ids are known.

local function isBefore(id, other)
  local ms, sequence = string.match(id, '(%d+)-(%d+)')
  local otherMs, otherSequence = string.match(other, '(%d+)-(%d+)')
  if ms ~= otherMs then
    return tonumber(ms) < tonumber(otherMs)
  end
  return tonumber(sequence) < tonumber(otherSequence)
end

-- byID returns what is the first element of each reply.
local function byID(replies)
  local all = {}
  for _, reply in ipairs(replies) do
    all[reply[1]] = reply
  end
  return all
end

-- span returns the first and the last of the ids, and how many there are. Those that
-- are false do not count.
local function span(ids)
  local first, last, count = nil, nil, 0
  for _, id in ipairs(ids) do
    if id then
      first = (not first or isBefore(id, first)) and id or first
      last = (not last or isBefore(last, id)) and id or last
      count = count + 1
    end
  end
  return first, last, count
end

-- reader returns a function that returns the entry with an id, or nil. Most entries
-- are near to each other: one call reads as many as there are ids, and the others are
-- read one by one.
local function reader(queue, first, last, count)
  local entries = count > 0 and byID(redis.call('XRANGE', queue, first, last, 'COUNT', count)) or {}
  return function(id)
    return entries[id] or redis.call('XRANGE', queue, id, id)[1]
  end
end

