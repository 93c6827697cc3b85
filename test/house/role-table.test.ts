import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { roleTable } from './role-table.ts'

const PAGE = new URL('../../docs/security.md', import.meta.url)
const PART = /(<!-- roles: .*? -->\n)[^]*?(\n<!-- end of roles -->)/
const RENEW = 'WRITE_ROLES=1 npx tap test/house/role-table.test.ts'

test('docs/security.md has the table of rights as the program has it', async () => {
  const page = await readFile(PAGE, 'utf8')
  assert.match(page, PART)
  const renewed = page.replace(PART, (_, begin: string, end: string) => `${begin}${roleTable()}${end}`)
  if (process.env['WRITE_ROLES'] === '1') await writeFile(PAGE, renewed)
  assert.equal(await readFile(PAGE, 'utf8'), renewed, `the table is out of date: ${RENEW}`)
})
