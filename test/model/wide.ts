/**
 * Runs the wide searches one after the other, or those whose names contain a word that is given:
 *   node --import tsx test/model/wide.ts [word...]
 */
import { makeFolder, removeFolder } from '../harness/folder.ts'
import { search } from './pan.ts'
import { SEARCHES, WIDE_SEARCHES } from './searches.ts'

/** Of the machine's: a wide search takes up to this. */
const MOST_MEMORY_MB = 16_000

const words = process.argv.slice(2)
const wanted = Object.entries({ ...SEARCHES, ...WIDE_SEARCHES }).filter(([name]) => words.length === 0 ? name in WIDE_SEARCHES : words.some(word => name.includes(word)))
for (const [i, [name, bounds]] of wanted.entries()) {
  console.log(`[${i + 1}/${wanted.length}] ${name} ...`)
  const folder = await makeFolder('model')
  try {
    const { states, depth, seconds, memoryMb, trace } = await search(folder, bounds, { memoryMb: MOST_MEMORY_MB })
    console.log(`  ${trace === null ? 'holds' : 'VIOLATED'}: ${states} states, ${depth} deep, ${seconds} s, ${memoryMb} MB`)
    if (trace !== null) {
      console.log(trace)
      process.exitCode = 1
    }
  } finally {
    await removeFolder(folder)
  }
}
