-- Removes tasks from the queue. Of a task that was delivered again since, only the
-- count changes. XACK comes first of the rest: it frees memory, so Redis runs it
-- when it is out of memory, and once a script has begun to write all of it runs.
local queue, jobs, claims, progress, backlog = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, consumer = ARGV[1], ARGV[2]

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', progress)
redis.call('HLEN', backlog)

local indices = {}
for i = 3, #ARGV, 2 do
  indices[#indices + 1] = ARGV[i]
end
local ids, tokens = redis.call('HMGET', jobs, unpack(indices)), redis.call('HMGET', claims, unpack(indices))

local entries, fields, tokenFields, seen = {}, {}, {}, {} -- to be removed
for i, n in ipairs(indices) do
  local id, token = ids[i], ARGV[2 * i + 2]
  if id and tokens[i] ~= token then
    discountLost(queue, claims, group, consumer, n, id, token)
  elseif id and not seen[n] then
    seen[n] = true
    entries[#entries + 1] = id
    fields[#fields + 1] = n
    tokenFields[#tokenFields + 1] = n
    tokenFields[#tokenFields + 1] = n .. ':lost'
  end
end
if #entries == 0 then
  return 0
end

-- The costs by submitter. Tasks that were claimed together are next to each other.
local all, by, near = 0, {}, {}
for _, entry in ipairs(redis.call('XRANGE', queue, entries[1], entries[#entries], 'COUNT', #entries)) do
  near[entry[1]] = entry
end
for _, id in ipairs(entries) do
  local entry = near[id] or redis.call('XRANGE', queue, id, id)[1]
  if entry then
    local cost, submitter = tonumber(entry[2][4]), entry[2][6]
    all = all + cost
    by[submitter] = (by[submitter] or 0) + cost
  end
end

redis.call('XACK', queue, group, unpack(entries))
redis.call('XDEL', queue, unpack(entries))
redis.call('HDEL', jobs, unpack(fields))
redis.call('HDEL', claims, unpack(tokenFields))
redis.call('HDEL', progress, unpack(fields))
-- Whatever went wrong with the sums, they are right again with an empty queue.
if redis.call('XLEN', queue) == 0 then
  redis.call('DEL', backlog)
  return #entries
end
redis.call('HINCRBY', backlog, 'all', 0 - all)
for submitter, cost in pairs(by) do
  if redis.call('HINCRBY', backlog, 'of:' .. submitter, 0 - cost) <= 0 then
    redis.call('HDEL', backlog, 'of:' .. submitter)
  end
end
return #entries
