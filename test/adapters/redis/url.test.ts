import { test } from 'tap'
import assert from 'node:assert/strict'
import { parseRedisUrl } from '../../../src/adapters/redis/url.ts'

const nobody = { username: undefined, password: undefined }
const open = { tls: false, ...nobody }

test('redis:// names one server, by default port 6379 and database 0', async () => {
  const at = (host: string, port: number, db: number) => ({ kind: 'single', node: { host, port }, db, ...open })
  assert.deepEqual(parseRedisUrl('redis://localhost'), at('localhost', 6379, 0))
  assert.deepEqual(parseRedisUrl('redis://10.0.0.5:6380/'), at('10.0.0.5', 6380, 0))
  assert.deepEqual(parseRedisUrl('redis://redis.example:6380/3'), at('redis.example', 6380, 3))
  assert.deepEqual(parseRedisUrl('redis://[::1]:6380/3'), at('::1', 6380, 3))
})

test('rediss:// asks for TLS, with every kind', async () => {
  for (const url of ['rediss://h', 'rediss+sentinel://h/main', 'rediss+cluster://h']) assert.equal(parseRedisUrl(url).tls, true)
})

test('redis+sentinel:// names the sentinels, by default port 26379, and the master', async () => {
  const nodes = [{ host: 's1', port: 26379 }, { host: 's2', port: 5000 }]
  assert.deepEqual(parseRedisUrl('redis+sentinel://s1,s2:5000/main'), { kind: 'sentinel', nodes, name: 'main', db: 0, atSentinels: nobody, ...open })
  assert.deepEqual(parseRedisUrl('redis+sentinel://s1,s2:5000/main/2'), { kind: 'sentinel', nodes, name: 'main', db: 2, atSentinels: nobody, ...open })
})

test('redis+sentinel:// may say who a node is to the sentinels, which is not who it is to the servers', async () => {
  const at = (query: string) => {
    const target = parseRedisUrl(`redis+sentinel://perch:one@s1,s2/main/2${query}`)
    assert.ok(target.kind === 'sentinel')
    assert.deepEqual([target.name, target.db, target.username, target.password], ['main', 2, 'perch', 'one'])
    return target.atSentinels
  }
  assert.deepEqual(at('?sentinels=perch-node:p%40ss%2F%3A%26'), { username: 'perch-node', password: 'p@ss/:&' })
  assert.deepEqual(at('?sentinels=:two'), { username: undefined, password: 'two' })
})

test('redis+cluster:// names some of the nodes', async () => {
  const nodes = [{ host: 'n1', port: 7000 }, { host: 'n2', port: 6379 }]
  assert.deepEqual(parseRedisUrl('redis+cluster://n1:7000,n2'), { kind: 'cluster', nodes, ...open })
})

test('credentials are percent-decoded; a user without a password and a password without a user stay apart', async () => {
  const access = (url: string) => {
    const { username, password } = parseRedisUrl(url)
    return { username, password }
  }
  assert.deepEqual(access('redis://perch:p%40ss%2F%3A@h'), { username: 'perch', password: 'p@ss/:' })
  assert.deepEqual(access('redis://:secret@h:1/2'), { username: undefined, password: 'secret' })
  assert.deepEqual(access('redis+cluster://perch@h1,h2'), { username: 'perch', password: undefined })
})

test('anything else is refused, and the message never holds the password', async () => {
  const wrong = [
    '', 'localhost:6379', 'http://h', 'redis:/h', 'redis://', 'redis+other://h', 'redis://h1,h2', 'redis://h:0', 'redis://h:70000', 'redis://h:x', 'redis://h/db',
    'redis+sentinel://h', 'redis+sentinel://h/', 'redis+cluster://h1,,h2', 'redis://:secret@h:x', 'redis://:secret@', 'redis://u:secret@h1,h2', 'redis+sentinel://:secret@h',
    'redis+sentinel://h/main?password=secret', 'redis+sentinel://h/main?sentinels=u:secret&db=1', 'redis://h/1?sentinels=u:secret', 'redis+cluster://h/?sentinels=:secret'
  ]
  for (const url of wrong) {
    assert.throws(() => parseRedisUrl(url), (error: unknown) => error instanceof Error && /redis/i.test(error.message) && !error.message.includes('secret'), url)
  }
})
