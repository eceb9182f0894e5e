import { redisScript } from '../redis/redis-script.ts'

/*
 * A campaign in Redis. KEYS: a hash with `total`, once the campaign was read from the database, and `soldOut`, once it said
 * so; the set of the customers who have a coupon; the sorted set of those under way, by when their reservation ends. What
 * is left is never stored: it is the total less the members of both sets.
 */

/**
 * ARGV customer, now, end of the reservation, lifetime in ms. `held`: what is left is all under way, so nobody can say yet.
 * `unknown`: the campaign was not read.
 */
export const admitCustomer = redisScript(`
local total = tonumber(redis.call('HGET', KEYS[1], 'total'))
if not total then return 'unknown' end
if redis.call('SISMEMBER', KEYS[2], ARGV[1]) == 1 then return 'alreadyIssued' end
local issued = redis.call('SCARD', KEYS[2])
if issued >= total or redis.call('HEXISTS', KEYS[1], 'soldOut') == 1 then return 'soldOut' end
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', ARGV[2])
if redis.call('ZSCORE', KEYS[3], ARGV[1]) then return 'admitted' end
if issued + redis.call('ZCARD', KEYS[3]) >= total then return 'held' end
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[1])
redis.call('PEXPIRE', KEYS[3], ARGV[4])
return 'admitted'`)

/** ARGV customer, outcome, lifetime in ms. Returns 1 when whoever waits has to ask again: all are issued, or all was forgotten. */
export const settleCustomer = redisScript(`
redis.call('ZREM', KEYS[3], ARGV[1])
if ARGV[2] == 'issued' or ARGV[2] == 'alreadyIssued' then
  redis.call('SADD', KEYS[2], ARGV[1])
  if redis.call('PTTL', KEYS[2]) < 0 then redis.call('PEXPIRE', KEYS[2], ARGV[3]) end
end
local total = tonumber(redis.call('HGET', KEYS[1], 'total'))
if not total then return 1 end
if ARGV[2] == 'soldOut' then redis.call('HSET', KEYS[1], 'soldOut', 1) end
if ARGV[2] == 'soldOut' or redis.call('SCARD', KEYS[2]) >= total then return 1 end
return 0`)

/** ARGV lifetime, customers who have a coupon. */
export const loadCustomers = redisScript(`
redis.call('SADD', KEYS[2], unpack(ARGV, 2))
redis.call('PEXPIRE', KEYS[2], ARGV[1])
return 1`)

/** Says that the campaign was read. ARGV lifetime, total. */
export const finishCampaign = redisScript(`
redis.call('HSET', KEYS[1], 'total', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`)
