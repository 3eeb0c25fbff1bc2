-- Hands tasks back: it is as if the leases had expired long ago, and as if the
-- tasks had been delivered once less. Of a task that was delivered again since,
-- only the count changes.
local queue, jobs, claims, progress = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local group, consumer, wake = ARGV[1], ARGV[2], ARGV[3]

local indices = {}
for i = 4, #ARGV, 2 do
  indices[#indices + 1] = ARGV[i]
end
local ids, tokens = redis.call('HMGET', jobs, unpack(indices)), redis.call('HMGET', claims, unpack(indices))

local released, isReleased = {}, {}
for i, n in ipairs(indices) do
  local id, token = ids[i], ARGV[2 * i + 3]
  if id and tokens[i] ~= token then
    discountLost(queue, claims, group, consumer, n, id, token)
  elseif id and not isReleased[n] then
    local pending = pendingOf(queue, group, id)
    if pending then
      discount(queue, group, consumer, id, pending, 'TIME', 0)
    end
    released[#released + 1], isReleased[n] = n, true
  end
end
if #released > 0 then
  redis.call('HDEL', claims, unpack(released))
  redis.call('HDEL', progress, unpack(released))
  redis.call('PUBLISH', wake, #released)
end
return #released
