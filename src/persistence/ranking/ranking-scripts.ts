import { redisScript } from '../redis/redis-script.ts'

/*
 * A projection in Redis: one sorted set per day, and a hash that names the days and says up to which sequence of the sales
 * the sets are complete (`applied`, the last thing that is written when it is built). A projection of which anything
 * is missing, because it was flushed or evicted, is told by the hash and never answered from.
 */

/** Loads totals of one day. KEYS hash, set. ARGV lifetime in ms, day, then units and member of each product. */
export const loadDay = redisScript(`
redis.call('HSET', KEYS[1], ARGV[2], '')
redis.call('ZADD', KEYS[2], unpack(ARGV, 3))
redis.call('PEXPIRE', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1`)

/** Says that all days are loaded, if they are. KEYS hash, sets. ARGV sequence, lifetime. 1 when done, 0 when one is missing. */
export const finishLoading = redisScript(`
if redis.call('HLEN', KEYS[1]) ~= #KEYS - 1 then return 0 end
for i = 2, #KEYS do
  if redis.call('EXISTS', KEYS[i]) == 0 then return 0 end
end
redis.call('HSET', KEYS[1], 'applied', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1`)

/**
 * Adds the sales after one sequence up to another, once however often it is run. KEYS hash, sets. ARGV from, to, lifetime,
 * the day of each set, then for each sale the number of its set, units and member. Returns the sequence that is now
 * applied, or -1 when the projection is not there.
 */
export const applySales = redisScript(`
local applied = redis.call('HGET', KEYS[1], 'applied')
if not applied then return -1 end
if applied ~= ARGV[1] then return tonumber(applied) end
local sets = #KEYS - 1
for i = 1, sets do
  local known = redis.call('HEXISTS', KEYS[1], ARGV[3 + i])
  if known ~= redis.call('EXISTS', KEYS[1 + i]) then return -1 end
end
for i = 4 + sets, #ARGV, 3 do
  redis.call('ZINCRBY', KEYS[1 + ARGV[i]], ARGV[i + 1], ARGV[i + 2])
end
for i = 1, sets do
  redis.call('HSET', KEYS[1], ARGV[3 + i], '')
  if redis.call('PTTL', KEYS[1 + i]) < 0 then redis.call('PEXPIRE', KEYS[1 + i], ARGV[3]) end
end
redis.call('HSET', KEYS[1], 'applied', ARGV[2])
return tonumber(ARGV[2])`)

/**
 * The top of the days asked for. KEYS hash, a set to work with, sets. ARGV how many, then the day of each set. Returns
 * members and scores, highest first and of equals the member that sorts last, or nil when anything is missing.
 */
export const topOfDays = redisScript(`
if redis.call('HEXISTS', KEYS[1], 'applied') == 0 then return nil end
local days = {}
for i = 3, #KEYS do
  if redis.call('HEXISTS', KEYS[1], ARGV[i - 1]) == 1 then
    if redis.call('EXISTS', KEYS[i]) == 0 then return nil end
    days[#days + 1] = KEYS[i]
  end
end
if #days == 0 then return {} end
redis.call('ZUNIONSTORE', KEYS[2], #days, unpack(days))
local top = redis.call('ZREVRANGEBYSCORE', KEYS[2], '+inf', '(0', 'WITHSCORES', 'LIMIT', 0, ARGV[1])
redis.call('DEL', KEYS[2])
return top`)
