-- Functions for scripts that end claims. XCLAIM comes first: it is done even when
-- memory is short, and what follows it is then, too.

local function pendingOf(queue, group, id)
  return redis.call('XPENDING', queue, group, id, id, 1)[1]
end

-- discount takes a delivery off the count of an entry, and sets its idle time in
-- the words of XCLAIM.
local function discount(queue, group, consumer, id, pending, word, idle)
  redis.call('XCLAIM', queue, group, consumer, 0, id, word, idle, 'RETRYCOUNT', pending[4] - 1, 'JUSTID')
end

-- discountLost takes a delivery off the count whose claim is lost, once.
local function discountLost(queue, claims, group, consumer, n, id, token)
  local lost = n .. ':lost'
  local tokens = redis.call('HGET', claims, lost)
  local first, last = string.find(tokens or '', token .. '\n', 1, true)
  local pending = first and pendingOf(queue, group, id)
  if pending then
    discount(queue, group, consumer, id, pending, 'IDLE', pending[3])
    redis.call('HSET', claims, lost, string.sub(tokens, 1, first - 1) .. string.sub(tokens, last + 1))
  end
end

