import { redisStore } from '../../src/adapters/redis/store.ts'
import { command, startRedis } from '../harness/redis.ts'
import { LIMITS } from './store/office.ts'
import { storeContract } from './store.ts'

storeContract('Redis store on one server', async t => {
  const server = await startRedis(t)
  const store = redisStore({ url: server.url, ...LIMITS })
  t.after(() => store.close())
  return {
    async fresh () {
      await command(server.port, client => client.flushall())
      return store
    }
  }
})
