import { memoryStore } from '../../src/adapters/memory/store.ts'
import { LIMITS } from './store/office.ts'
import { storeContract } from './store.ts'

storeContract('memory store', async () => ({
  fresh: async () => memoryStore({ now: Date.now, ...LIMITS })
}))
