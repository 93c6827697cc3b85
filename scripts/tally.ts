/**
 * Reads `tap --reporter=jsonstream` on standard input and prints a line per file.
 *   node --import tsx scripts/tally.ts <folder> <file...>
 * The files are those that tap was told to run. In the folder it writes `counts`, "passed failed skipped" in one line, and appends
 * to `failures` and `skipped` what people want to read at the end of a run.
 */
import { appendFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Tally } from '../test/harness/tally.ts'
import type { FileResult } from '../test/harness/tally.ts'

const [folder = '.', ...files] = process.argv.slice(2)
const tally = new Tally(files)

function line ({ name, passed, failed, skipped, ms }: FileResult): string {
  const counts = [`${passed} passed`, failed > 0 && `${failed} failed`, skipped > 0 && `${skipped} skipped`].filter(Boolean).join(', ')
  return `  ${failed > 0 ? 'not ok' : 'ok    '}  ${name}  ${counts}  ${(ms / 1000).toFixed(1)} s`
}

for await (const text of createInterface({ input: process.stdin })) {
  const seen = tally.take(text)
  if (seen === 'noise') console.log(`  ${text}`)
  else if (seen) console.log(line(seen))
}

const { passed, failures, skipped } = tally.result()
await appendFile(join(folder, 'failures'), failures.map(({ name, lines }) => `not ok  ${name}\n${lines.map(text => `    ${text}\n`).join('')}`).join(''))
await appendFile(join(folder, 'skipped'), skipped.map(name => `skipped  ${name}\n`).join(''))
// Last, since a run without counts is a run that failed.
await writeFile(join(folder, 'counts'), `${passed} ${failures.length} ${skipped.length}\n`)
