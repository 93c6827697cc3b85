import { migratedPool } from '../adapters/postgres/database.ts'
import { devicesOn } from './devices-on.ts'
import { devicesContract } from './devices.ts'

devicesContract('Postgres', async t => devicesOn(await migratedPool(t)))
