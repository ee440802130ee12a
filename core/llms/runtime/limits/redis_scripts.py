"""The scripts of `RedisLimitStore`. Redis runs each as one step, by its own clock unless a time is given.

A key's hash has a moment for each limit and `held`, the moment before which nothing is granted; the sorted set beside
it has the places that are taken, by when they end. Keys go when nothing of them matters any more.
"""

from __future__ import annotations

from typing import Final

# The first argument is the time, or an empty text.
_BEGIN: Final = """
local now = tonumber(ARGV[1])
if not now then
  local time = redis.call('TIME')
  now = tonumber(time[1]) + tonumber(time[2]) / 1000000
end
local function keep(key, seconds)
  local milliseconds = math.ceil(seconds * 1000) + 60000
  if redis.call('PTTL', key) < milliseconds then redis.call('PEXPIRE', key, milliseconds) end
end
local function exact(number) return string.format('%.17g', number) end
"""

# ARGV: time, places (0: not counted), lease id, lease seconds, then for each limit its name, cost and burst in seconds.
# Returns whether it was granted, the wait (-1: for a place), and the backlogs in the order of the limits.
RESERVE: Final = (
    _BEGIN
    + """
local wait = tonumber(redis.call('HGET', KEYS[1], 'held') or 0) - now
local backlogs = {}
for index = 5, #ARGV, 3 do
  local backlog = math.max(tonumber(redis.call('HGET', KEYS[1], ARGV[index]) or now) - now, 0)
  backlogs[#backlogs + 1] = backlog
  wait = math.max(wait, backlog + tonumber(ARGV[index + 1]) - tonumber(ARGV[index + 2]))
end
local granted = wait <= 0.000001
local places = tonumber(ARGV[2])
if granted and places > 0 then
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', exact(now))
  if redis.call('ZCARD', KEYS[2]) >= places then
    granted, wait = false, -1
  else
    redis.call('ZADD', KEYS[2], exact(now + tonumber(ARGV[4])), ARGV[3])
    keep(KEYS[2], tonumber(ARGV[4]))
  end
end
local answer = {granted and 1 or 0, exact(wait)}
for index = 1, #backlogs do
  local backlog = backlogs[index]
  if granted then
    backlog = backlog + tonumber(ARGV[index * 3 + 3])
    redis.call('HSET', KEYS[1], ARGV[index * 3 + 2], exact(now + backlog))
    keep(KEYS[1], backlog)
  end
  answer[#answer + 1] = exact(backlog)
end
return answer
"""
)

# ARGV: time, seconds to hold, lease id (empty: none), then for each limit its name, shift and floor in seconds.
SETTLE: Final = (
    _BEGIN
    + """
local hold = tonumber(ARGV[2])
if hold > 0 then
  local held = tonumber(redis.call('HGET', KEYS[1], 'held') or 0)
  redis.call('HSET', KEYS[1], 'held', exact(math.max(held, now + hold)))
  keep(KEYS[1], hold)
end
for index = 4, #ARGV, 3 do
  local moment = tonumber(redis.call('HGET', KEYS[1], ARGV[index]) or now)
  local shift, floor = tonumber(ARGV[index + 1]), tonumber(ARGV[index + 2])
  moment = math.max(moment + math.min(shift, 0), now) + math.max(shift, 0)
  moment = math.max(moment, now + floor)
  redis.call('HSET', KEYS[1], ARGV[index], exact(moment))
  keep(KEYS[1], moment - now)
end
if ARGV[3] ~= '' then redis.call('ZREM', KEYS[2], ARGV[3]) end
return 1
"""
)

# ARGV: time, seconds, then the lease ids.
RENEW: Final = (
    _BEGIN
    + """
for index = 3, #ARGV do
  redis.call('ZADD', KEYS[2], exact(now + tonumber(ARGV[2])), ARGV[index])
  keep(KEYS[2], tonumber(ARGV[2]))
end
return 1
"""
)
