import { redisStore } from '../../src/adapters/redis/store.ts'
import { startRedisCluster } from '../harness/redis-cluster.ts'
import { command } from '../harness/redis.ts'
import { LIMITS } from './store/office.ts'
import { storeContract } from './store.ts'

storeContract('Redis store on a Cluster of three masters', async t => {
  const { nodes } = await startRedisCluster(t)
  const store = redisStore({ url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, ...LIMITS })
  t.after(() => store.close())
  return {
    async fresh () {
      await Promise.all(nodes.map(({ port }) => command(port, client => client.flushall())))
      return store
    }
  }
})
