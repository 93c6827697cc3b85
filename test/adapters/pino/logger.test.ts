import { test } from 'tap'
import assert from 'node:assert/strict'
import { pinoLogger, type LogLevel } from '../../../src/adapters/pino/logger.ts'
import { PerchError } from '../../../src/domain/errors.ts'

function lines (level: LogLevel = 'info') {
  const all: Array<Record<string, unknown>> = []
  return { log: pinoLogger(level, { write: text => { all.push(JSON.parse(text) as Record<string, unknown>) } }), all }
}

test('a line has its level as a word and its time', async () => {
  const { log, all } = lines()
  log.info({ shard: 7 }, 'recovery')
  assert.deepEqual([all[0]?.['level'], all[0]?.['shard'], all[0]?.['msg']], ['info', 7, 'recovery'])
  assert.match(String(all[0]?.['time']), /^\d{4}-\d\d-\d\dT/)
})

test('of an error the values that a driver hangs on it stay out, its causes come along', async () => {
  const { log, all } = lines()
  const driver = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (name)=(Anna Schmidt) exists', command: { args: ['anna'] } })
  log.error({ err: new PerchError('LEDGER_BEHIND', { person: 'anna' }, driver) }, 'failed')
  const text = JSON.stringify(all)
  assert.doesNotMatch(text, /anna/i)
  const err = all[0]?.['err'] as { type: string, code: string, cause: { code: string, stack: string } }
  assert.deepEqual([err.type, err.code, err.cause.code], ['PerchError', 'LEDGER_BEHIND', '23505'])
  assert.match(err.cause.stack, /logger\.test/)
})

test('errors that cause each other end', async () => {
  const { log, all } = lines()
  const error = new Error('round')
  error.cause = error
  log.error({ err: error }, 'failed')
  assert.equal(all.length, 1)
})

test('requests, tokens, bodies and people that are logged by mistake are taken out', async () => {
  const { log, all } = lines()
  log.warn({ headers: { authorization: 'Bearer abc' }, token: 'abc', claim: { person: 'anna' }, body: { name: 'Anna' }, req: { url: '/v1/people/anna' } }, 'oops')
  assert.doesNotMatch(JSON.stringify(all), /abc|anna/i)
})

test('levels below the one that was asked for are silent', async () => {
  const { log, all } = lines('warn')
  log.info({}, 'x')
  log.warn({}, 'y')
  assert.deepEqual(all.map(({ msg }) => msg), ['y'])
})
