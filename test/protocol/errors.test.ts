import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { errors } from '../../src/domain/errors.ts'
import { closeCodes } from '../../src/protocol/close.ts'

const protocol = await readFile(new URL('../../PROTOCOL.md', import.meta.url), 'utf8')

/** Cells of every table row below a heading, up to the next one. */
function rowsBelow (heading: string): string[][] {
  const section = protocol.split(/^#{2,3} /m).find(part => part.startsWith(heading)) ?? ''
  return section.split('\n').filter(line => line.startsWith('|')).slice(2).map(line => line.split('|').slice(1, -1).map(cell => cell.trim()))
}

test('PROTOCOL.md lists every error as the program has it, and no other', async () => {
  const listed = rowsBelow('Codes').map(([code = '', status = '', retry = '', message = '']) => [code.replaceAll('`', ''), Number(status), retry === 'yes', message])
  assert.deepEqual(listed, Object.entries(errors).map(([code, { status, retry, message }]) => [code, status, retry, message]))
})

test('PROTOCOL.md lists every close code as the program has it, and no other', async () => {
  const listed = rowsBelow('Why a socket is closed').map(([code = '', name = '']) => [name, Number(code)])
  assert.deepEqual(listed, Object.entries(closeCodes).map(([name, { code }]) => [name, code]))
})

test('close codes below 4100 invite the client back, those above do not', async () => {
  for (const [code = '', name = '', comeBack = ''] of rowsBelow('Why a socket is closed')) {
    assert.equal(comeBack.startsWith('yes'), Number(code) < 4100, name)
  }
})
