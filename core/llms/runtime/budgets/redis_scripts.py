"""The steps of the Redis store, in Lua: each runs whole, alone, on the server.

An account is one hash. `s:<slot>:usd`, `s:<slot>:tokens` and `s:<slot>:unpriced` are what is spent in a slot;
`l:<id>` is what a call holds, as `<slot>|<expires, in ms>|<usd>|<tokens>`. Money is in whole millionths of a millionth
of a dollar. Lua's numbers are exact up to 2^53, which that passes at 9,007 dollars: sums are made in two parts of nine
digits and more, and what is booked is added by HINCRBY, whose integers have 64 bits.
"""

from typing import Final

_COMMON: Final = """
local BASE = 1000000000

local function parse(digits)
  if #digits <= 9 then return 0, tonumber(digits) end
  return tonumber(string.sub(digits, 1, -10)), tonumber(string.sub(digits, -9))
end

local function format(high, low)
  high, low = high + math.floor(low / BASE), low % BASE
  local digits = string.gsub(string.format('%.0f%09.0f', high, low), '^0+(%d)', '%1')
  return digits
end

local function whole(number) return string.format('%.0f', number) end

local function beyond(more, less)
  local high, low = parse(more)
  local less_high, less_low = parse(less)
  if high < less_high or (high == less_high and low <= less_low) then return '0' end
  if low < less_low then high, low = high - 1, low + BASE end
  return format(high - less_high, low - less_low)
end

local function add(key, field, amount)
  if amount == '0' or amount == '-0' then return end
  redis.call('HINCRBY', key, field, amount)
end

local function book(key, slot, usd, tokens)
  add(key, 's:' .. slot .. ':usd', usd)
  add(key, 's:' .. slot .. ':tokens', tokens)
end

-- What was removed by hand while a call went on cannot be taken back from what is left.
local function forgive(key, field)
  local value = redis.call('HGET', key, field)
  if value and string.sub(value, 1, 1) == '-' then redis.call('HSET', key, field, '0') end
end

local function parse_lease(text)
  return string.match(text, '^(-?%d+)|(%d+)|(%d+)|(%d+)$')
end

-- Sums up what counts. With `expires`, leases whose time is over become spent; without, they are only counted so.
local function read(key, first_slot, now, expires)
  local sum = {high = 0, low = 0, tokens = 0, unpriced = 0, held_high = 0, held_low = 0, held_tokens = 0,
               oldest = '', booked_high = 0, booked_low = 0, booked_tokens = 0}
  local function spent_in(slot)
    if sum.oldest == '' or slot < sum.oldest then sum.oldest = slot end
  end
  local all = redis.call('HGETALL', key)
  for index = 1, #all, 2 do
    local field, value = all[index], all[index + 1]
    if string.sub(field, 1, 2) == 's:' then
      local slot, unit = string.match(field, '^s:(-?%d+):(%a+)$')
      slot = tonumber(slot)
      if slot < first_slot then
        if expires then redis.call('HDEL', key, field) end
      elseif unit == 'usd' then
        local high, low = parse(value)
        sum.high, sum.low = sum.high + high, sum.low + low
        if value ~= '0' then spent_in(slot) end
      elseif unit == 'tokens' then
        sum.tokens = sum.tokens + tonumber(value)
        if value ~= '0' then spent_in(slot) end
      else
        sum.unpriced = sum.unpriced + tonumber(value)
      end
    else
      local slot, at, usd, tokens = parse_lease(value)
      local counts, over = tonumber(slot) >= first_slot, tonumber(at) <= now
      local high, low = parse(usd)
      if over and expires then
        redis.call('HDEL', key, field)
        if counts then book(key, slot, usd, tokens) end
      end
      if counts and over then
        sum.high, sum.low, sum.tokens = sum.high + high, sum.low + low, sum.tokens + tonumber(tokens)
        spent_in(tonumber(slot))
        if expires then
          sum.booked_high, sum.booked_low = sum.booked_high + high, sum.booked_low + low
          sum.booked_tokens = sum.booked_tokens + tonumber(tokens)
        end
      elseif counts then
        sum.held_high, sum.held_low = sum.held_high + high, sum.held_low + low
        sum.held_tokens = sum.held_tokens + tonumber(tokens)
      end
    end
  end
  return sum
end

local function report(sum)
  return {format(sum.high, sum.low), whole(sum.tokens), whole(sum.unpriced), format(sum.held_high, sum.held_low),
          whole(sum.held_tokens), tostring(sum.oldest), format(sum.booked_high, sum.booked_low),
          whole(sum.booked_tokens)}
end

-- A call that began earlier does not shorten the life of what came after it.
local function keep_until(key, ends_at, now)
  if ends_at == '' then
    redis.call('PERSIST', key)
  elseif redis.call('PTTL', key) < tonumber(ends_at) - now then
    redis.call('PEXPIREAT', key, ends_at)
  end
end
"""

# ARGV: now, id, expires, then for each key: slot, first slot, ends, usd, tokens, usd limit, token limit ("" is none).
RESERVE: Final = (
    _COMMON
    + """
local now, id, expires = tonumber(ARGV[1]), ARGV[2], ARGV[3]
local refused, sums = 0, {}
for index, key in ipairs(KEYS) do
  local at = 3 + (index - 1) * 7
  local usd, tokens, usd_limit, token_limit = ARGV[at + 4], ARGV[at + 5], ARGV[at + 6], ARGV[at + 7]
  local sum = read(key, tonumber(ARGV[at + 2]), now, true)
  sums[index] = report(sum)
  local high, low = parse(usd)
  low = low + sum.low + sum.held_low
  high, low = high + sum.high + sum.held_high + math.floor(low / BASE), low % BASE
  local fits = true
  if usd_limit ~= '' then
    local limit_high, limit_low = parse(usd_limit)
    fits = high < limit_high or (high == limit_high and low <= limit_low)
  end
  if token_limit ~= '' then
    fits = fits and sum.tokens + sum.held_tokens + tonumber(tokens) <= tonumber(token_limit)
  end
  if not fits and refused == 0 then refused = index end
end
if refused == 0 then
  for index, key in ipairs(KEYS) do
    local at = 3 + (index - 1) * 7
    local slot, usd, tokens = ARGV[at + 1], ARGV[at + 4], ARGV[at + 5]
    local lease = redis.call('HGET', key, 'l:' .. id)
    if lease then
      local _, _, held_usd, held_tokens = parse_lease(lease)
      local high, low = parse(usd)
      local held_high, held_low = parse(held_usd)
      usd, tokens = format(high + held_high, low + held_low), whole(tonumber(tokens) + tonumber(held_tokens))
    end
    redis.call('HSET', key, 'l:' .. id, slot .. '|' .. expires .. '|' .. usd .. '|' .. tokens)
    keep_until(key, ARGV[at + 3], now)
  end
end
return {refused, sums}
"""
)

# ARGV: now, id, then for each key: slot, first slot, ends, reserved usd and tokens, spent usd, tokens, unpriced calls.
SETTLE: Final = (
    _COMMON
    + """
local now, id, reports = tonumber(ARGV[1]), ARGV[2], {}
for index, key in ipairs(KEYS) do
  local at = 2 + (index - 1) * 8
  local slot, held_usd, held_tokens = ARGV[at + 1], '0', '0'
  local lease = redis.call('HGET', key, 'l:' .. id)
  if lease then
    local _
    _, _, held_usd, held_tokens = parse_lease(lease)
    redis.call('HDEL', key, 'l:' .. id)
  end
  book(key, slot, ARGV[at + 6], ARGV[at + 7])
  add(key, 's:' .. slot .. ':unpriced', ARGV[at + 8])
  local lost_tokens = math.max(tonumber(ARGV[at + 5]) - tonumber(held_tokens), 0)
  book(key, slot, '-' .. beyond(ARGV[at + 4], held_usd), '-' .. whole(lost_tokens))
  forgive(key, 's:' .. slot .. ':usd')
  forgive(key, 's:' .. slot .. ':tokens')
  keep_until(key, ARGV[at + 3], now)
  local found = report(read(key, tonumber(ARGV[at + 2]), now, false))
  found[7], found[8] = held_usd, held_tokens
  reports[index] = found
end
return reports
"""
)

# ARGV: id.
RELEASE: Final = """
for _, key in ipairs(KEYS) do redis.call('HDEL', key, 'l:' .. ARGV[1]) end
return 0
"""

# ARGV: now, then for each key its first slot.
READ: Final = (
    _COMMON
    + """
local reports = {}
for index, key in ipairs(KEYS) do
  reports[index] = report(read(key, tonumber(ARGV[index + 1]), tonumber(ARGV[1]), false))
end
return reports
"""
)
