import { test } from 'tap'
import assert from 'node:assert/strict'
import { failureOf } from '../../../src/adapters/redis/failure.ts'
import { PerchError } from '../../../src/domain/errors.ts'

function reply (message: string): Error {
  const error = new Error(message)
  error.name = 'ReplyError'
  return error
}

test('a reply that the server is not in charge or not able now is RECOVERING, for reads and commits', async () => {
  const messages = [
    'MOVED 7 127.0.0.1:1', 'ASK 7 127.0.0.1:1', 'TRYAGAIN Multiple keys request during rehashing of slot', 'CLUSTERDOWN Hash slot not served', 'LOADING Redis is loading',
    'READONLY You can\'t write against a read only replica.', 'MASTERDOWN Link with MASTER is down', 'NOREPLICAS Not enough good replicas', 'MISCONF Errors writing to the AOF',
    'BUSY Redis is busy running a script', 'NOAUTH Authentication required.', 'NOPERM this user has no permissions', 'WRONGPASS invalid username-password pair'
  ]
  for (const message of messages) {
    for (const commit of [true, false]) assert.equal(failureOf(reply(message), commit).code, 'RECOVERING', message)
  }
})

test('a server out of memory is LEDGER_BEHIND: nothing was written, and reads go on', async () => {
  for (const commit of [true, false]) assert.equal(failureOf(reply('OOM command not allowed when used memory > \'maxmemory\'.'), commit).code, 'LEDGER_BEHIND')
})

test('a reply that nobody expected is INTERNAL and keeps its cause for the log', async () => {
  const error = reply('ERR Error running script')
  assert.equal(failureOf(error, true).code, 'INTERNAL')
  assert.equal(failureOf(error, false).cause, error)
  assert.equal(failureOf('not even an error', false).code, 'INTERNAL')
})

test('a reply that never came leaves a commit\'s outcome unknown; a read is simply asked again', async () => {
  for (const message of ['Command timed out', 'Connection is closed.', 'read ECONNRESET', 'Reached the max retries per request limit (which is 0)']) {
    assert.equal(failureOf(new Error(message), true).code, 'OUTCOME_UNKNOWN', message)
    assert.equal(failureOf(new Error(message), false).code, 'RECOVERING', message)
  }
})

test('a commit that was never sent, or only redirected, has not happened', async () => {
  for (const message of ['Stream isn\'t writeable and enableOfflineQueue options is false', 'Too many Cluster redirections. Last error: ReplyError: TRYAGAIN']) {
    assert.equal(failureOf(new Error(message), true).code, 'RECOVERING', message)
  }
})

test('an error of ours stays what it is', async () => {
  const error = new PerchError('BUSY')
  assert.equal(failureOf(error, true), error)
})
