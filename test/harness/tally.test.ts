import { test } from 'tap'
import assert from 'node:assert/strict'
import { Tally } from './tally.ts'

/** Lines as tap's jsonstream reporter writes them, but for what the tally does not look at. */
const start = (level: number, name: string) => JSON.stringify(['start', { name, level }])
const end = (level: number, name: string, ok = true, more: object = {}) => JSON.stringify(['end', { name, level, ok, ...more }])
const passes = (level: number, name: string) => [start(level, name), end(level, name)]
const says = (name: string, diag: object = {}) => JSON.stringify(['fail', { name, ok: false, diag }])

function run (files: string[], ...lines: string[]) {
  const tally = new Tally(files)
  const results = [start(0, 'TAP Tests'), ...lines].map(line => tally.take(line)).filter(result => result !== undefined)
  return { results, ...tally.result() }
}

const whole = end(0, 'TAP Tests')

test('a test counts once, and one that only holds others does not count', async () => {
  const { passed, failures, results } = run(['a'],
    start(1, 'a'), ...passes(2, 'alone'), start(2, 'group'), ...passes(3, 'one'), ...passes(3, 'two'), end(2, 'group'), end(1, 'a', true, { time: 12 }), whole)
  assert.deepEqual({ passed, failures, results }, { passed: 3, failures: [], results: [{ name: 'a', passed: 3, failed: 0, skipped: 0, ms: 12 }] })
})

test('a failed test counts once, with what its assertions said, and its group and file do not count again', async () => {
  const { passed, failures } = run(['a'],
    start(1, 'a'), start(2, 'group'), start(3, 'one'), says('1 is 2', { actual: 1, expected: 2, stack: 'there (a:1:2)\n' }), end(3, 'one', false),
    end(2, 'group', false), end(1, 'a', false), end(0, 'TAP Tests', false))
  assert.equal(passed, 0)
  assert.deepEqual(failures, [{ name: 'a > group > one', lines: ['1 is 2', '  actual: 1', '  expected: 2', '    at there (a:1:2)'] }])
})

test('a group or a file that fails by itself is one failure', async () => {
  const { passed, failures } = run(['a', 'b'],
    start(1, 'a'), start(2, 'group'), ...passes(3, 'one'), says('not equal'), end(2, 'group', false), end(1, 'a', false),
    start(1, 'b'), ...passes(2, 'one'), end(1, 'b', false, { diag: { exitCode: null, signal: 'SIGKILL' } }), end(0, 'TAP Tests', false))
  assert.equal(passed, 2)
  assert.deepEqual(failures, [{ name: 'a > group', lines: ['not equal'] }, { name: 'b', lines: ['signal: SIGKILL'] }])
})

test('a file without a test is a failure', async () => {
  const { failures } = run(['a'], start(1, 'a'), end(1, 'a', true, { skip: 'no tests found' }), whole)
  assert.deepEqual(failures, [{ name: 'a', lines: ['holds no test'] }])
})

test('a test that never ends is a failure, also when its file ends or tap does', async () => {
  const left = run(['a'], start(1, 'a'), start(2, 'dies'), says('test unfinished'), end(1, 'a', false), end(0, 'TAP Tests', false))
  assert.deepEqual(left.failures, [{ name: 'a > dies', lines: ['test unfinished'] }])
  const cut = run(['a'], start(1, 'a'), ...passes(2, 'one'), start(2, 'dies'))
  assert.deepEqual([cut.passed, cut.failures.map(failure => failure.name)], [1, ['a > dies']])
})

test('a file that tap never tells of is a failure', async () => {
  const { failures } = run(['a', 'b'], start(1, 'a'), ...passes(2, 'one'), end(1, 'a'), whole)
  assert.deepEqual(failures, [{ name: 'b', lines: ['was not run, or tap lost its report'] }])
  assert.equal(new Tally(['a']).result().failures.length, 1)
})

test('a skipped test is neither passed nor failed, and is named', async () => {
  const skip = (name: string) => JSON.stringify(['skip', { name, ok: true, fullname: `a > ${name}` }])
  const { passed, failures, skipped } = run(['a'], start(1, 'a'), skip('outside'), start(2, 'inside'), skip('why'), end(2, 'inside'), end(1, 'a'), whole)
  assert.deepEqual({ passed, failures, skipped }, { passed: 0, failures: [], skipped: ['a > outside', 'a > why'] })
})

test('what is not of the stream is noise and counts for nothing', async () => {
  const { passed, results } = run([], 'building ...', '["', '{"a":1}', '[1,2]', whole)
  assert.deepEqual([passed, results], [0, ['noise', 'noise', 'noise', 'noise']])
})
