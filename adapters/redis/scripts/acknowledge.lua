-- Removes tasks from the queue, except those whose claims are lost. XACK comes
-- first: it frees memory, so Redis runs it when it is out of memory, and once a
-- script has begun to write the rest runs too.
local queue, jobs, claims, progress, backlog = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group = ARGV[1]

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', progress)
redis.call('HLEN', backlog)

local function remove(n, id)
  local entry = redis.call('XRANGE', queue, id, id)[1]
  redis.call('XACK', queue, group, id)
  redis.call('XDEL', queue, id)
  redis.call('HDEL', jobs, n)
  redis.call('HDEL', claims, n, n .. ':lost')
  redis.call('HDEL', progress, n)
  if entry then
    local cost, submitter = entry[2][4], entry[2][6]
    redis.call('HINCRBY', backlog, 'all', -cost)
    if redis.call('HINCRBY', backlog, 'of:' .. submitter, -cost) <= 0 then
      redis.call('HDEL', backlog, 'of:' .. submitter)
    end
  end
end

local removed = 0
for i = 2, #ARGV, 2 do
  local n, token = ARGV[i], ARGV[i + 1]
  local id = redis.call('HGET', jobs, n)
  if id and redis.call('HGET', claims, n) == token then
    remove(n, id)
    removed = removed + 1
  end
end
-- Whatever went wrong with the sums, they are right again with an empty queue.
if removed > 0 and redis.call('XLEN', queue) == 0 then
  redis.call('DEL', backlog)
end
return removed
