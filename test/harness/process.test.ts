import { test } from 'tap'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from './cleanup.ts'
import { temporaryFolder } from './folder.ts'
import { startPerch } from './process.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** A program that behaves as main.ts does: listens, says where, is ready at the second question, drains on SIGTERM. */
const polite = `
import { createServer } from 'node:http'
let asked = 0
const server = createServer((request, response) => {
  response.statusCode = request.url === '/readyz' && ++asked < 2 ? 503 : 200
  response.end(process.env.ORG + ' ' + process.argv[2] + ' ' + process.env.SECRET_OF_THE_SHELL)
})
server.listen(Number(process.env.PORT), '127.0.0.1', () => {
  const address = server.address()
  if (address !== null && typeof address === 'object') console.log(JSON.stringify({ msg: 'listening', url: 'http://127.0.0.1:' + address.port }))
})
process.once('SIGTERM', () => { console.log('drained'); process.exit(3) })
`

test('a process is given once it is ready, with the environment it was given and none besides', async t => {
  process.env['SECRET_OF_THE_SHELL'] = 'x'
  const perch = await startPerch(t, { script: await program(t, polite), args: ['word'], env: { ORG: 'acme' } })
  const answer = await fetch(`${perch.url}/`)
  assert.deepEqual([answer.status, await answer.text()], [200, 'acme word undefined'])
})

test('a process that is stopped drains and gives its exit code', async t => {
  const perch = await startPerch(t, { script: await program(t, polite), awaits: 'listening' })
  assert.equal(await perch.stop(), 3)
  assert.match(await perch.output(), /drained\n$/)
  assert.equal(perch.running, false)
})

test('a process that is killed does not drain', async t => {
  const perch = await startPerch(t, { script: await program(t, polite) })
  await perch.kill()
  assert.equal(await perch.exited, 'SIGKILL')
  assert.doesNotMatch(await perch.output(), /drained/)
})

test('a process that ends at its start is an error with what it printed', async t => {
  const script = await program(t, "throw new Error('no such Redis')")
  await assert.rejects(startPerch(t, { script }), /ended at its start[^]*no such Redis/)
})

test('a process that never listens is an error with what it printed', async t => {
  const script = await program(t, "console.log('waiting for Postgres'); setInterval(() => {}, 1000)")
  await assert.rejects(startPerch(t, { script, withinMs: 1500 }), /not within 1500 ms[^]*waiting for Postgres/)
})

/** Gives the path from the repository's root, as a script's is. */
async function program (t: Cleanup, text: string): Promise<string> {
  const path = join(await temporaryFolder(t, 'program'), 'program.mts')
  await writeFile(path, text)
  return relative(root, path)
}
