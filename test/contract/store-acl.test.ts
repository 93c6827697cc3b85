import { redisStore } from '../../src/adapters/redis/store.ts'
import { startRedisWithUsers } from '../harness/redis-acl.ts'
import { command } from '../harness/redis.ts'
import { LIMITS } from './store/office.ts'
import { storeContract } from './store.ts'

storeContract('Redis store of the user perch-keeper', async t => {
  const redis = await startRedisWithUsers(t)
  const store = redisStore({ url: redis.as('keeper'), ...LIMITS })
  t.after(() => store.close())
  return {
    async fresh () {
      await command(redis.server.port, client => client.flushall())
      return store
    }
  }
})
