import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import assert from 'node:assert/strict'
import { test } from 'tap'
import { FolderInUse } from '../../../src/adapters/pglite/lock.ts'
import { createLedger } from '../../../src/adapters/postgres/ledger.ts'
import { startChild, type Child } from '../../harness/child.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { temporaryFolder } from '../../harness/folder.ts'
import { until } from '../../harness/wait.ts'
import { pgliteOn } from './database.ts'

const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url))

/** Of one process: the commits that were answered, and where it went on. */
interface Told {
  at: number | null
  answered: number[]
}

async function startWriter (t: Cleanup, dir: string, logFile: string): Promise<{ child: Child, told: () => Promise<Told> }> {
  const child = await startChild(process.execPath, ['--import=tsx', WRITER, dir], { logFile })
  t.after(async () => { await child.end('SIGKILL') })
  const told = async (): Promise<Told> => {
    const lines = (await child.output()).split('\n')
    const at = lines.find(line => line.startsWith('at '))
    return { at: at === undefined ? null : Number(at.slice(3)), answered: lines.filter(line => /^\d+$/.test(line)).map(Number) }
  }
  return { child, told }
}

test('PGlite in a process that is killed', async t => {
  const logs = await temporaryFolder(t, 'writers')

  await t.test('what was answered as committed is there after each of four kills under load', async t => {
    const dir = await temporaryFolder(t, 'pglite')
    let committed = 0
    for (let life = 1; life <= 4; life++) {
      const { child, told } = await startWriter(t, dir, join(logs, `life-${life}`))
      await until(async () => (await told()).answered.length >= 100 * life, { what: `life ${life} has answered enough`, withinMs: 60_000 })
      await child.end('SIGKILL')
      const { at, answered } = await told()
      assert.ok(at !== null && at >= committed, `life ${life} went on at ${String(at)}, and ${committed} had been answered`)
      committed = answered.at(-1) ?? 0
    }
    const ledger = createLedger((await pgliteOn(t, dir)).pool)
    const { n } = await ledger.cursor(1)
    assert.ok(n === committed || n === committed + 1, `the cursor is at ${n}, and ${committed} had been answered`)
    const spaces = (await ledger.claimsToLoad('acme', 0, null, n + 1)).map(({ claim }) => claim.space)
    assert.deepEqual(spaces, Array.from({ length: n }, (_, i) => `d${i + 1}`), 'every claim is there, once')
  })

  await t.test('a folder that was not yet made whole is made anew', async t => {
    const dir = await temporaryFolder(t, 'pglite')
    const { child } = await startWriter(t, dir, join(logs, 'creating'))
    await until(async () => (await child.output()).includes('creating'), { what: 'the writer makes the folder' })
    await child.end('SIGKILL')
    const { pool } = await pgliteOn(t, dir)
    assert.deepEqual((await pool.query('select 1 as one')).rows, [{ one: 1 }])
  })

  await t.test('a folder in use is refused, with the process that has it, and keeps working', async t => {
    const dir = await temporaryFolder(t, 'pglite')
    const { child, told } = await startWriter(t, dir, join(logs, 'first'))
    await until(async () => (await told()).answered.length > 0, { what: 'the first process works', withinMs: 60_000 })
    const error: unknown = await pgliteOn(t, dir).catch((error: unknown) => error)
    assert.ok(error instanceof FolderInUse, String(error))
    assert.equal(error.pid, child.pid)
    const before = (await told()).answered.length
    await until(async () => (await told()).answered.length > before, { what: 'the first process goes on' })
  })
})
