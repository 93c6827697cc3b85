import { test } from 'tap'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, readdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from '../harness/cleanup.ts'
import { temporaryFolder } from '../harness/folder.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const header = "import { test } from 'tap'\nimport assert from 'node:assert/strict'\n"
const good = `${header}test('holds', async t => { await t.test('within', async () => {}) })\ntest('holds too', async () => {})\n`

test('the test command counts tests, ends with their number, and succeeds when all pass', async t => {
  const { command } = await house(t, { 'test/domain/good.test.ts': good, 'test/contract/good.test.ts': good })
  const { code, lines } = await command('unit', 'contract')
  assert.deepEqual([code, lines.at(-1)], [0, '4 passed, 0 failed'])
  assert.ok(lines.includes('[1/2] unit ...'))
})

test('a wrong assertion, a crash, a file that cannot be read, an empty file and an empty part are failures', async t => {
  const { command } = await house(t, {
    'test/domain/good.test.ts': good,
    'test/domain/wrong.test.ts': `${header}test('is wrong', async () => { assert.equal(1, Number('2')) })\n`,
    'test/domain/crash.test.ts': `${header}test('dies', async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}) })\n`,
    'test/domain/broken.test.ts': 'import {',
    'test/domain/empty.test.ts': 'export {}\n'
  })
  const { code, lines } = await command('unit', 'contract')
  assert.deepEqual([code, lines.at(-1)], [1, '2 passed, 5 failed'])
  for (const line of ['not ok  test/domain/wrong.test.ts > is wrong', 'not ok  test/domain/empty.test.ts', 'not ok  contract has no tests']) {
    assert.ok(lines.includes(line), line)
  }
})

test('a single file can be run', async t => {
  const { command } = await house(t, { 'test/domain/good.test.ts': good, 'test/domain/other.test.ts': good })
  const { code, lines } = await command('test/domain/good.test.ts')
  assert.deepEqual([code, lines.at(-1)], [0, '2 passed, 0 failed'])
})

test('a process that a test leaves running is a failure and is ended, and no file is left', async t => {
  const leave = 'const child = spawn("sleep", ["600"], { stdio: "ignore", detached: true }); child.unref(); writeFileSync("pid", String(child.pid))'
  const { command, folder, temporary } = await house(t, {
    'test/domain/good.test.ts': good,
    'test/domain/untidy.test.ts': `import { spawn } from 'node:child_process'\nimport { writeFileSync } from 'node:fs'\n${header}test('leaves', async () => { ${leave} })\n`
  })
  const { code, lines } = await command('unit')
  assert.deepEqual([code, lines.at(-1)], [1, '3 passed, 1 failed'])
  assert.ok(lines.some(line => line.startsWith('not ok  left running: sleep 600')))
  assert.deepEqual(await readdir(temporary), [])
  assert.ok(await ended(Number((await execute('cat', [join(folder, 'pid')])).lines[0])))
})

test('an error of lint or types is a failure', async t => {
  const { command } = await house(t, { 'src/wrong.ts': "export const a: number = 'one';\n" })
  const { code, lines } = await command('types', 'lint')
  assert.deepEqual([code, lines.at(-1)], [1, '0 passed, 2 failed'])
})

test('a word that is no part is refused', async t => {
  const { command } = await house(t, {})
  assert.equal((await command('domain')).code, 2)
})

/** A small project with this one's test command, packages and settings, and the files given. */
async function house (t: Cleanup, files: Record<string, string>) {
  const folder = await temporaryFolder(t, 'house')
  const temporary = await temporaryFolder(t, 'house-temporary')
  for (const name of ['package.json', '.taprc', 'tsconfig.json', 'eslint.config.js', 'scripts', 'test/harness/tally.ts']) {
    await cp(join(root, name), join(folder, name), { recursive: true })
  }
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const command = (...words: string[]) => execute(join(folder, 'scripts/test'), words, { ...process.env, TMPDIR: temporary })
  return { folder, temporary, command }
}

async function execute (file: string, words: string[], env = process.env): Promise<{ code: number, lines: string[] }> {
  return await new Promise(resolve => {
    execFile(file, words, { env }, (error, stdout) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, lines: stdout.trimEnd().split('\n') })
    })
  })
}

/** Gone, or dead and waiting for its parent to notice. */
async function ended (pid: number): Promise<boolean> {
  const { lines } = await execute('sh', ['-c', `cat /proc/${pid}/stat 2>/dev/null || true`])
  return lines[0] === '' || / Z /.test(lines[0] ?? '')
}
