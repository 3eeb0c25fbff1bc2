-- Returns for those of the indices that are in the queue: the index, whether
-- it is claimed, its progress, and how many of its deliveries count.
local queue, jobs, progress = KEYS[1], KEYS[2], KEYS[3]
local group, period = ARGV[1], tonumber(ARGV[2])

local found = {}
for i = 3, #ARGV do
  local n = ARGV[i]
  local id = redis.call('HGET', jobs, n)
  if id and #redis.call('XRANGE', queue, id, id) > 0 then
    local pending = redis.pcall('XPENDING', queue, group, id, id, 1)
    if pending.err and string.sub(pending.err, 1, 7) ~= 'NOGROUP' then
      return pending
    end
    local claimed = pending[1] and pending[1][3] < period
    table.insert(found, {n, claimed and 1 or 0, redis.call('HGET', progress, n) or '0', pending[1] and pending[1][4] or 0})
  end
end
return found
