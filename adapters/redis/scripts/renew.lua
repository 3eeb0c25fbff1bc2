-- Renews leases and stores the progress. Returns the positions of the
-- claims that are lost, from 0 on. XCLAIM comes first: Redis runs it when it is
-- out of memory, and once a script has begun to write the rest runs too.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer = ARGV[1], ARGV[2]

-- Before anything is changed: keys of another program are of another type.
redis.call('HLEN', progress)

local lost = {}
for i = 3, #ARGV, 3 do
  local n, token, fraction = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local id = redis.call('HGET', jobs, n)
  if id and redis.call('HGET', claims, n) == token
    and #redis.call('XCLAIM', queue, group, consumer, 0, id, 'JUSTID') > 0 then
    redis.call('HSET', progress, n, fraction)
  else
    lost[#lost + 1] = (i - 3) / 3
  end
end
return lost
