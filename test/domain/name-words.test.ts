import { test } from 'tap'
import assert from 'node:assert/strict'
import { isFoundBy, nameWords } from '../../src/domain/name-words.ts'

test('words of a name are compared without accents and capitals', async () => {
  assert.deepEqual(nameWords('Zoë  Ånd-O\'Brien'), ['zoe', 'and', 'o', 'brien'])
  assert.deepEqual(nameWords('Нина 李小龙'), ['нина', '李小龙'])
  assert.deepEqual(nameWords('--'), [])
})

test('words are bounded in number and length', async () => {
  const words = nameWords(Array.from({ length: 30 }, (_, i) => `${i}${'x'.repeat(60)}`).join(' '))
  assert.deepEqual([words.length, Math.max(...words.map(word => word.length))], [8, 32])
})

test('every word that is searched for has to begin a word of the name', async () => {
  assert.ok(isFoundBy('Anna Maria Schmidt', nameWords('sch ann')))
  assert.ok(!isFoundBy('Anna Maria Schmidt', nameWords('anna midt')))
})
