-- Removes an index from the queue, unless the claim is lost. XACK comes first:
-- it is done even when memory is short, and what follows it is then, too.
local queue, jobs, claims, progress, backlog = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local group, n, token = ARGV[1], ARGV[2], ARGV[3]

local id = redis.call('HGET', jobs, n)
if not id or redis.call('HGET', claims, n) ~= token then
  return 0
end
-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', progress)
redis.call('HLEN', backlog)

local entry = redis.call('XRANGE', queue, id, id)[1]
redis.call('XACK', queue, group, id)
redis.call('XDEL', queue, id)
redis.call('HDEL', jobs, n)
redis.call('HDEL', claims, n)
redis.call('HDEL', progress, n)

-- Whatever went wrong with the sums, they are right again with an empty queue.
if redis.call('XLEN', queue) == 0 then
  redis.call('DEL', backlog)
elseif entry then
  local cost, client = entry[2][4], entry[2][6]
  redis.call('HINCRBY', backlog, 'all', -cost)
  if redis.call('HINCRBY', backlog, 'of:' .. client, -cost) <= 0 then
    redis.call('HDEL', backlog, 'of:' .. client)
  end
end
return 1
