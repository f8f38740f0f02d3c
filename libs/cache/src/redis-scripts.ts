import { slicesPerWindow } from './sliding-window.ts'

/**
 * KEYS[1] a hash from slice number to takes; ARGV limit, window in ms.
 * Answers allowed (1 or 0), remaining, retry after in ms. The clock is Redis' own, one for all callers.
 */
export const takeScript = `
local limit = tonumber(ARGV[1])
local slices = ${slicesPerWindow}
local slice_ms = math.ceil(tonumber(ARGV[2]) / slices)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local current = math.floor(now / slice_ms)
local oldest = current - slices

local counts, taken = {}, 0
local stored = redis.call('HGETALL', KEYS[1])
for i = 1, #stored, 2 do
  local slice, count = tonumber(stored[i]), tonumber(stored[i + 1])
  if slice < oldest then
    redis.call('HDEL', KEYS[1], stored[i])
  else
    counts[slice] = count
    taken = taken + count
  end
end

if taken < limit then
  redis.call('HINCRBY', KEYS[1], string.format('%.0f', current), 1)
  redis.call('PEXPIRE', KEYS[1], slice_ms * (slices + 1))
  return {1, limit - taken - 1, 0}
end

local needed, slice = taken - limit + 1, oldest
while slice < current do
  needed = needed - (counts[slice] or 0)
  if needed <= 0 then break end
  slice = slice + 1
end
return {0, 0, (slice + slices + 1) * slice_ms - now}
`
