import type { Redis } from 'ioredis'
import { shardKeys, KEEPERS, type ShardKeys } from '../../adapters/redis/shard-keys.ts'
import { TICKET_KEYS } from '../../adapters/redis/tickets.ts'
import { fail, ok, reasonOf, warn, type Finding } from './finding.ts'

/** A command with its arguments, as ACL DRYRUN takes it. */
type Words = readonly string[]

interface Role {
  user: string
  may: readonly Words[]
  mustNot: readonly Words[]
}

const TICKET = `${TICKET_KEYS}a`

const SEE = 'see docs/redis-acl.conf'

/**
 * As whom we are logged in. A user that may ask for others' rights, as perch-doctor does, is also told whether those of docs/redis-acl.conf have what they need, and
 * nothing that would let a broken or stolen edge node undo what keepers did.
 */
export async function aclFindings (name: string, server: Redis): Promise<Finding[]> {
  const me = await server.call('ACL', 'WHOAMI').then(String, () => null)
  if (me === null) return [warn(`${name}: does not tell as whom Perch is logged in`, `give its user +acl|whoami: ${SEE}`)]
  if (me === 'default') return [warn(`${name}: Perch is logged in as default, who may do everything`, `give each role a user of its own: ${SEE}`)]
  const admin = await allowed(server, me, ['FLUSHALL'])
  if (admin === true) return [warn(`${name}: the user ${me} may empty the server`, `take away what its role does not need: ${SEE}`)]
  const who = ok(`${name}: logged in as ${me}`)
  // Nobody but an operator's user may ask for the rights of others.
  if (admin === null) return [who]
  const [keys] = shardKeys()
  const roles = keys === undefined ? [] : rolesOf(keys)
  return [who, ...await Promise.all(roles.map(async role => await roleFinding(name, server, role)))]
}

async function roleFinding (name: string, server: Redis, { user, may, mustNot }: Role): Promise<Finding> {
  const answers = async (all: readonly Words[]) => await Promise.all(all.map(async words => ({ command: words[0] ?? '', allowed: await allowed(server, user, words) })))
  const [needed, forbidden] = [await answers(may), await answers(mustNot)]
  if (needed.every(({ allowed }) => allowed === null)) return warn(`${name}: has no user ${user}`, `make one, unless nodes of that role have another name here: ${SEE}`)
  const lacks = needed.filter(({ allowed }) => allowed !== true).map(({ command }) => command)
  if (lacks.length > 0) return fail(`${name}: the user ${user} may not do all that it has to: ${[...new Set(lacks)].join(', ')}`, `give it these: ${SEE}`)
  const exceeds = forbidden.filter(({ allowed }) => allowed === true).map(({ command }) => command)
  if (exceeds.length > 0) return warn(`${name}: the user ${user} may do more than it has to: ${[...new Set(exceeds)].join(', ')}`, `take these away: ${SEE}`)
  return ok(`${name}: the user ${user} may do what it has to, and no more`)
}

/** Null: there is no such user, or we may not ask. */
async function allowed (server: Redis, user: string, words: Words): Promise<boolean | null> {
  try {
    return await server.call('ACL', 'DRYRUN', user, ...words) === 'OK'
  } catch (error) {
    if (/^(NOPERM|ERR)/.test(reasonOf(error))) return null
    throw error
  }
}

function rolesOf (keys: ShardKeys): readonly Role[] {
  const { epoch, meta, due, served, lease } = keys
  const outbox = keys.outbox(1)
  const channel = keys.channel('keeper')
  const serves: Words[] = [
    ['EVALSHA', 'x', '2', epoch, meta], ['EVAL', 'x', '2', epoch, served], ['INFO'], ['TIME'], ['GET', epoch], ['HSET', served, 'f', 'v'], ['XADD', outbox, '*', 'f', 'v'], ['XLEN', outbox],
    ['ZADD', due, '1', 'm'], ['ZREM', due, 'm'], ['ZRANGE', due, '0', '0'], ['SPUBLISH', channel, 'm'], ['SSUBSCRIBE', channel],
    ['GET', TICKET], ['SET', TICKET, 'v'], ['INCR', TICKET], ['DECR', TICKET], ['GETDEL', TICKET],
    ...keys.records.filter(key => key !== epoch).flatMap(key => [['HMGET', key, 'f'], ['HGET', key, 'f'], ['HSET', key, 'f', 'v'], ['HDEL', key, 'f']])
  ]
  const keeps: Words[] = [
    ['SET', epoch, 'v'], ['SET', lease, 'v'], ['DEL', lease], ['UNLINK', meta], ['HGETALL', meta], ['HSETNX', meta, 'f', 'v'], ['XRANGE', outbox, '-', '+'], ['XTRIM', outbox, 'MINID', '1'],
    ['XGROUP', 'CREATE', outbox, 'g', '0'], ['XGROUP', 'DESTROY', outbox, 'g'], ['ZADD', KEEPERS, '1', 'm'], ['ZREMRANGEBYSCORE', KEEPERS, '0', '1'], ['CLUSTER', 'NODES'], ['CLUSTER', 'KEYSLOT', epoch]
  ]
  const nobody: Words[] = [['FLUSHALL'], ['FLUSHDB'], ['CONFIG', 'SET', 'maxmemory', '1'], ['KEYS', '*'], ['SHUTDOWN'], ['REPLICAOF', 'NO', 'ONE'], ['ACL', 'SETUSER', 'u'], ['GET', 'elsewhere']]
  return [
    { user: 'perch-edge', may: serves, mustNot: [...keeps, ...nobody] },
    { user: 'perch-keeper', may: [...serves, ...keeps], mustNot: nobody }
  ]
}
