import { migratedPglite } from '../adapters/pglite/database.ts'
import { devicesOn } from './devices-on.ts'
import { devicesContract } from './devices.ts'

devicesContract('PGlite', async t => devicesOn(await migratedPglite(t), null))
