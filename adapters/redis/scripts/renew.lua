-- Begins the claim period anew and notes the progress. Returns 0 if the claim
-- is lost. XCLAIM comes first: it is done even when memory is short, and what
-- follows it is then, too.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, n, token, fraction = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5]

local id = redis.call('HGET', jobs, n)
if not id or redis.call('HGET', claims, n) ~= token then
  return 0
end
if #redis.call('XCLAIM', queue, group, consumer, 0, id, 'JUSTID') == 0 then
  return 0
end
redis.call('HSET', progress, n, fraction)
return 1
