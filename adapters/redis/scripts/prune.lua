-- Removes places from the list whose values are gone or elsewhere in it.
-- KEYS: the list, the value of each place. ARGV: the places.
for i, place in ipairs(ARGV) do
  if redis.call('HGET', KEYS[i + 1], 'place') ~= place then
    redis.call('ZREM', KEYS[1], place)
  end
end
