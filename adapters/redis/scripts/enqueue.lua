-- Adds the indices that are not in the queue and returns how many. An index
-- without its entry in the stream is not in the queue, whatever jobs says.
local queue, jobs = KEYS[1], KEYS[2]
local wake = ARGV[1]

local added = 0
for i = 2, #ARGV do
  local n = ARGV[i]
  local id = redis.call('HGET', jobs, n)
  if not id or #redis.call('XRANGE', queue, id, id) == 0 then
    id = redis.call('XADD', queue, '*', 'index', n)
    redis.call('HSET', jobs, n, id)
    added = added + 1
  end
end
if added > 0 then
  redis.call('PUBLISH', wake, '')
end
return added
