import { redisTickets } from '../../src/adapters/redis/tickets.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { startRedisWithUsers } from '../harness/redis-acl.ts'
import { startRedisCluster } from '../harness/redis-cluster.ts'
import { startRedis } from '../harness/redis.ts'
import { ticketsContract } from './tickets.ts'

function both (t: Cleanup, one: string, other = one) {
  const ends = [redisTickets({ url: one }), redisTickets({ url: other })] as const
  t.after(async () => { await Promise.all(ends.map(async end => await end.close())) })
  return ends
}

ticketsContract('one Redis server', async t => both(t, (await startRedis(t)).url))

ticketsContract('Redis, for the users of an edge node and of a keeper', async t => {
  const redis = await startRedisWithUsers(t)
  return both(t, redis.as('edge'), redis.as('keeper'))
})

ticketsContract('Redis Cluster', async t => {
  const { nodes } = await startRedisCluster(t)
  return both(t, `redis+cluster://127.0.0.1:${nodes[0]?.port ?? 0}`)
})
