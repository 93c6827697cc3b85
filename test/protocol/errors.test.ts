import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { errors } from '../../src/domain/errors.ts'
import { DEFAULT_POLICY } from '../../src/domain/policy.ts'
import { DAY, MINUTE } from '../../src/domain/time.ts'
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

test('PROTOCOL.md explains every rule of a policy, with its default', async () => {
  const listed = new Map(rowsBelow('Policies').map(([rule = '', value = '']) => [rule.replaceAll('`', ''), value]))
  assert.deepEqual([...listed.keys()], Object.keys(DEFAULT_POLICY))
  for (const [rule, value] of Object.entries(DEFAULT_POLICY)) {
    const [, number = '', unit = ''] = /^(\d+)(?: (minutes|days))?$/.exec(listed.get(rule) ?? '') ?? []
    const units = { days: DAY, minutes: MINUTE, '': 1 }
    if (typeof value === 'number') assert.equal(Number(number) * units[unit as keyof typeof units], value, rule)
    else if (typeof value !== 'object' || value === null) assert.equal(listed.get(rule), String(value), rule)
  }
})

test('close codes below 4100 invite the client back, those above do not', async () => {
  for (const [code = '', name = '', comeBack = ''] of rowsBelow('Why a socket is closed')) {
    assert.equal(comeBack.startsWith('yes'), Number(code) < 4100, name)
  }
})
