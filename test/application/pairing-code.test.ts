import { test } from 'tap'
import assert from 'node:assert/strict'
import { CODE_LETTERS, newCode, readCode, showCode } from '../../src/application/pairing-code.ts'

test('a code has eight letters and figures of which none looks like another, in two groups', async () => {
  for (let i = 0; i < 1_000; i++) assert.match(showCode(newCode()), /^[ACDEFGHJKMNPQRTVWXY34679]{4}-[ACDEFGHJKMNPQRTVWXY34679]{4}$/)
  assert.equal(new Set(CODE_LETTERS).size, 24)
  for (const group of ['0OQD', '1IL', '2Z', '5S', '8B', 'UV']) assert.ok([...group].filter(letter => CODE_LETTERS.includes(letter)).length <= 2, group)
})

test('every letter stands everywhere', async () => {
  const codes = Array.from({ length: 5_000 }, newCode)
  for (let place = 0; place < 8; place++) assert.equal(new Set(codes.map(code => code[place])).size, 24)
})

test('a code is read as people type it, and nothing else is a code', async () => {
  const code = newCode()
  for (const text of [code, showCode(code), code.toLowerCase(), ` ${showCode(code).toLowerCase()} `, [...code].join(' ')]) assert.equal(readCode(text), code, text)
  for (const text of ['', code.slice(1), `${code}A`, 'OOOO-1111', 'АCDE-FGHJ', '{}', 'ACDE_FGHJ', `${code}\u0000`]) assert.equal(readCode(text), null, text)
})
