import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { run } from './paper.ts'

test('perch --version says the version of the package', async () => {
  const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
  assert.deepEqual(await run(['--version']), { code: 0, out: version, err: '', served: [] })
})

test('perch without a command, and --help anywhere, list the commands', async () => {
  for (const args of [[], ['--help'], ['help'], ['import', '--help']]) {
    const { code, out } = await run(args)
    assert.equal(code, 0)
    for (const command of ['serve', 'migrate', 'seed', 'import', 'token', 'erase', 'export', 'retain', 'doctor']) assert.ok(out.includes(`perch ${command}`), command)
  }
})

test('a command or an option that is not known is exit code 2, with the usage', async () => {
  assert.deepEqual((await run(['fly'])).code, 2)
  assert.deepEqual((await run(['constructor'])).code, 2)
  for (const args of [['doctor', '--yaml'], ['serve', 'now'], ['import'], ['import', 'a', 'b'], ['migrate', '--up'], ['erase', 'demo'], ['export'], ['retain']]) {
    const { code, err } = await run(args)
    assert.equal(code, 2, args.join(' '))
    assert.match(err, /usage: perch /)
  }
})

test('perch serve runs a node with the configuration of the environment', async () => {
  const { code, served } = await run(['serve', '--demo'], { PORT: '9000' })
  assert.equal(code, 0)
  assert.deepEqual(served.map(({ config, demo }) => [config.port, demo]), [[9000, true]])
})

test('a configuration that cannot be used is said in a line for each variable', async () => {
  const { code, err, served } = await run(['serve'], { PORT: 'http', GUARD: 'maybe' })
  assert.deepEqual([code, err.split('\n').map(line => line.split(' ').slice(0, 2).join(' ')), served], [1, ['perch: PORT', 'perch: GUARD'], []])
})

test('migrating without DATABASE_URL has nothing to do', async () => {
  const { code, out } = await run(['migrate'])
  assert.equal(code, 0)
  assert.match(out, /nothing to do/)
})
