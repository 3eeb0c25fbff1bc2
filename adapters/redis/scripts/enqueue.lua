-- Adds the tasks whose indices are not in the queue and returns how many. An
-- index without its entry in the stream is not in the queue, whatever jobs says;
-- and when the stream is empty nothing is in the backlog, whatever it says.
local queue, jobs, backlog = KEYS[1], KEYS[2], KEYS[3]
local wake, submitter = ARGV[1], ARGV[2]

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', jobs)
redis.call('HLEN', backlog)

local empty = redis.call('XLEN', queue) == 0
local added, work = 0, 0
for i = 3, #ARGV, 2 do
  local n, cost = ARGV[i], ARGV[i + 1]
  local id = redis.call('HGET', jobs, n)
  if not id or #redis.call('XRANGE', queue, id, id) == 0 then
    id = redis.call('XADD', queue, '*', 'index', n, 'cost', cost, 'client', submitter)
    redis.call('HSET', jobs, n, id)
    added, work = added + 1, work + cost
  end
end
if added > 0 then
  if empty then
    redis.call('DEL', backlog)
  end
  redis.call('HINCRBY', backlog, 'all', work)
  redis.call('HINCRBY', backlog, 'of:' .. submitter, work)
  redis.call('PUBLISH', wake, '')
end
return added
