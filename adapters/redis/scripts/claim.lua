-- Leases tasks of the first lane that has something. Returns the cost of the lane's
-- next task if it was left because of its cost, else an empty string, and then for
-- each task its index, how often it has been delivered, its cost, and which of the
-- lanes it is of, from 0 on: first those whose lease has expired, then those that
-- wait longest. It takes as many as the count and the cost allow, and the first
-- whatever its cost if one must be taken. The token of a delivery whose lease has
-- expired is kept in claims for release.lua, a line each.
--
-- A lease that begins in the future, because the clock of the server was set back
-- or a server with a slower one has taken its place, would not expire for as long.
-- Where asked to, the script has it begin now. XPENDING gives its idle time as 0.
--
-- KEYS: for each lane, the preferred one first, the stream, claims and progress.
local group, consumer, token, lease = ARGV[1], ARGV[2], ARGV[3], ARGV[4]
local count, remaining, must = tonumber(ARGV[5]), tonumber(ARGV[6]) or math.huge, ARGV[7] == '1'
local restarts = ARGV[8] -- a digit for each lane: 1 where asked to

-- restart has leases of a lane begin now that begin in the future.
local function restart(queue)
  local from, page, more = '-', 1000, redis.call('XLEN', queue) > 0
  while more do
    local all = redis.pcall('XPENDING', queue, group, from, '+', page)
    if all.err then -- there is no group yet, and no lease
      return
    end
    for _, pending in ipairs(all) do
      if pending[3] == 0 then
        redis.call('XCLAIM', queue, group, consumer, 0, pending[1], 'JUSTID')
      end
      from = '(' .. pending[1]
    end
    more = #all == page
  end
end

local taken = {}
local queue, claims, progress, lane -- of the lane that is served
local left = '' -- cost of the task that was left

-- fits reports whether what remains of the cost allows an entry, and takes its cost from it.
local function fits(entry)
  local cost = tonumber(entry[2][4])
  if cost > remaining and not must then
    left = entry[2][4]
    return false
  end
  remaining, must = remaining - cost, false
  return true
end

local function take(entry, delivery)
  local n = entry[2][2]
  local last = delivery > 1 and redis.call('HGET', claims, n)
  if last then
    local lost = n .. ':lost'
    redis.call('HSET', claims, lost, (redis.call('HGET', claims, lost) or '') .. last .. '\n')
  end
  taken[#taken + 1] = {n, delivery, entry[2][4], lane}
end

-- takeDue takes tasks whose leases have expired. It returns false if it leaves one,
-- or an error.
local function takeDue()
  local due = redis.pcall('XPENDING', queue, group, 'IDLE', lease, '-', '+', count)
  if due.err then
    if string.sub(due.err, 1, 7) ~= 'NOGROUP' then
      return false, due
    end
    -- The stream is new: the first to claim from it makes its group.
    redis.call('XGROUP', 'CREATE', queue, group, '0')
    due = {}
  end
  for _, pending in ipairs(due) do
    local id, delivery = pending[1], pending[4] + 1
    local entry = redis.call('XRANGE', queue, id, id)[1]
    if not entry then -- deleted by someone else
      redis.call('XACK', queue, group, id)
    elseif fits(entry) then
      redis.call('XCLAIM', queue, group, consumer, 0, id, 'RETRYCOUNT', delivery, 'JUSTID')
      take(entry, delivery)
    else
      return false
    end
  end
  return true
end

-- affordable returns how many tasks may fit if all cost as much as the one taken
-- last, and at least 1.
local function affordable()
  local wanted = count - #taken
  if remaining == math.huge then
    return wanted
  end
  local last = taken[#taken]
  return last and math.max(1, math.min(wanted, math.floor(remaining / math.max(1, last[3])))) or 1
end

-- handBack leaves the entries from the i-th on as if they had been released.
local function handBack(entries, i)
  local command = {'XCLAIM', queue, group, consumer, 0}
  for k = i, #entries do
    table.insert(command, entries[k][1])
  end
  for _, word in ipairs({'TIME', 0, 'RETRYCOUNT', 0, 'JUSTID'}) do
    table.insert(command, word)
  end
  redis.call(unpack(command))
end

-- takeFresh takes tasks that were never delivered.
local function takeFresh()
  while #taken < count and remaining >= 0 do
    local wanted = affordable()
    local reply = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', wanted, 'STREAMS', queue, '>')
    local fresh = reply and reply[1][2] or {}
    for i, entry in ipairs(fresh) do
      if fits(entry) then
        take(entry, 1)
      else
        handBack(fresh, i)
        return
      end
    end
    if #fresh < wanted then
      return
    end
  end
end

-- record stores whose the tasks are that were taken.
local function record()
  local owned, indices, first = {}, {}, {}
  for _, task in ipairs(taken) do
    local n = task[1]
    owned[#owned + 1] = n
    owned[#owned + 1] = token
    indices[#indices + 1] = n
    if task[2] == 1 then
      first[#first + 1] = n .. ':lost'
    end
  end
  if #first > 0 then
    redis.call('HDEL', claims, unpack(first))
  end
  redis.call('HSET', claims, unpack(owned))
  redis.call('HDEL', progress, unpack(indices))
end

for k = 1, #KEYS, 3 do
  local number = (k + 2) / 3
  if string.sub(restarts, number, number) == '1' then
    restart(KEYS[k])
  end
end
for k = 1, #KEYS, 3 do
  queue, claims, progress, lane = KEYS[k], KEYS[k + 1], KEYS[k + 2], (k - 1) / 3
  if redis.call('XLEN', queue) > 0 then
    -- Before anything is changed: keys of another program are of another type.
    redis.call('HLEN', claims)
    redis.call('HLEN', progress)
    local proceed, err = takeDue()
    if err then
      return err
    end
    if proceed then
      takeFresh()
    end
    if #taken > 0 then
      record()
      break
    end
  end
end
table.insert(taken, 1, left)
return taken
