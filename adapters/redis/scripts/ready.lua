-- Returns for each lane in how many milliseconds there may be something to claim
-- that nothing announces: 0 if there is now, and -1 if no lease can expire.
--
-- KEYS: the stream of each lane. Of the leases only those in their second half are
-- looked at: all others last for half a lease more.
local group, lease = ARGV[1], tonumber(ARGV[2])
local half, most = math.floor(lease / 2), 100

-- untilExpiry returns when the first lease of a stream may expire.
local function untilExpiry(queue)
  local late = redis.call('XPENDING', queue, group, 'IDLE', half, '-', '+', most)
  if #late == most and #redis.call('XPENDING', queue, group, 'IDLE', lease, '-', '+', 1) > 0 then
    return 0
  end
  local soonest = lease - half
  for _, pending in ipairs(late) do
    soonest = math.min(soonest, lease - pending[3])
  end
  return math.max(0, soonest)
end

local found = {}
for i, queue in ipairs(KEYS) do
  local length = redis.call('XLEN', queue)
  if length == 0 then
    found[i] = -1
  else
    local claimed = redis.pcall('XPENDING', queue, group)
    if claimed.err and string.sub(claimed.err, 1, 7) ~= 'NOGROUP' then
      return claimed
    end
    local waits = claimed.err or claimed[1] < length
    found[i] = waits and 0 or untilExpiry(queue)
  end
end
return found
