import { test } from 'tap'
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { temporaryFolder } from '../harness/folder.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { ADMIN, rowOfDesks } from '../stand-ins/building.ts'
import { openServer, type TestServer } from '../transports/http/open-server.ts'
import { run } from './paper.ts'

const DOCUMENT = {
  org: { name: 'Acme Ltd', policy: { minStayMs: 60_000 } },
  sites: [{ id: 'lab', name: 'Lab', zone: 'Asia/Tokyo', hours: { 1: { opens: '08:00', closes: '18:00' } } }],
  groups: [{ id: 'sales', name: 'Sales' }],
  people: Array.from({ length: 700 }, (_, i) => ({ id: `p${i}`, name: `Person ${i}`, groups: ['sales'] })),
  floors: [{ id: 'l1', ...rowOfDesks(['e1', 'e2']), site: 'lab' }, { id: 'l2', ...rowOfDesks(['e3']), site: 'lab' }]
}

async function listening (t: Cleanup): Promise<TestServer & { args: string[] }> {
  const server = await openServer(t)
  await server.app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = server.app.server.address() as { port: number }
  return { ...server, args: ['--url', `http://127.0.0.1:${port}`, '--key', 'admin'] }
}

test('a document brings all of an office, with progress on the way', async t => {
  const { args, building } = await listening(t)
  const { code, err } = await run(['import', '-', ...args], {}, JSON.stringify(DOCUMENT))
  assert.equal(code, 0, err)
  assert.deepEqual(err.split('\n'), ['org 1/1', 'sites 1/1', 'groups 1/1', 'people 1/2', 'people 2/2', 'floors 1/2', 'floors 2/2'])
  assert.deepEqual((await building.admin.floors(ADMIN)).map(({ id, spaces }) => [id, spaces]), [['l1', 2], ['l2', 1]])
  assert.equal((await building.admin.org(ADMIN)).name, 'Acme Ltd')
  assert.equal((await building.admin.person(ADMIN, 'p699')).name, 'Person 699')
})

test('the same file again changes nothing', async t => {
  const { args, building } = await listening(t)
  const file = join(await temporaryFolder(t, 'import'), 'office.json')
  await writeFile(file, JSON.stringify(DOCUMENT))
  assert.equal((await run(['import', file, ...args])).code, 0)
  assert.equal((await run(['import', file, ...args])).code, 0)
  assert.equal((await building.admin.floor(ADMIN, 'l1')).revision, 1)
})

test('a document that is not as it should be is refused before anything is sent', async t => {
  const { args, building } = await listening(t)
  for (const [document, says] of [
    ['{', /not JSON/],
    [JSON.stringify({ ...DOCUMENT, rooms: [] }), /`rooms` is not known here/],
    [JSON.stringify({ ...DOCUMENT, sites: [{ name: 'Lab', zone: 'UTC' }] }), /`sites\[0\]\.id` is needed/],
    [JSON.stringify({ ...DOCUMENT, people: [{ id: 'a b', name: 'A' }] }), /`people\[0\]\.id` does not have the form/]
  ] as const) {
    const { code, err } = await run(['import', '-', ...args], {}, document)
    assert.equal(code, 2)
    assert.match(err, says)
  }
  assert.equal((await building.admin.org(ADMIN)).name, 'Acme')
  assert.equal((await run(['import', '/nowhere/office.json', ...args])).code, 2)
})

test('the server\'s refusal is said, and what to mend in the plan', async t => {
  const { args } = await listening(t)
  const { code, err } = await run(['import', '-', ...args], {}, JSON.stringify({ floors: [{ id: 'l1', ...rowOfDesks(['e1', 'e1']) }] }))
  assert.equal(code, 1)
  assert.match(err, /PLAN_INVALID.*space e1 is given twice/)
  assert.doesNotMatch(err, /\n\s+at /)
})

test('claims of spaces that go end only when asked for', async t => {
  const { args, building } = await listening(t)
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(['d1', 'd2']), { release: false })
  await building.admin.putPerson(ADMIN, 'anna', { name: 'Anna' })
  await building.commands.claim(ADMIN, { id: building.newId(), space: 'd1', person: 'anna', await: 'accepted' })
  const document = JSON.stringify({ floors: [{ id: 'f1', ...rowOfDesks(['d2']) }] })
  const refused = await run(['import', '-', ...args], {}, document)
  assert.equal(refused.code, 1)
  assert.match(refused.err, /SPACE_IN_USE/)
  assert.equal((await run(['import', '-', '--release', ...args], {}, document)).code, 0)
})
