import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Cleanup } from '../test/harness/cleanup.ts'
import { benchClaims } from './claims.ts'
import { benchLedger } from './ledger.ts'
import { describeMachine } from './machine.ts'
import { benchMap } from './map/map.ts'
import { plotsSvg } from './plot.ts'
import { benchRecovery } from './recovery.ts'
import { reportText, type Report, type Table, type Terms } from './report.ts'
import { benchStores } from './stores.ts'
import { benchBytes } from './stream/bytes.ts'
import { benchFanout } from './stream/fanout.ts'
import { benchLatency } from './stream/latency.ts'
import { benchMemory } from './stream/memory.ts'
import { benchResume } from './stream/resume.ts'
import { benchScale } from './stream/scale.ts'
import { benchSlow } from './stream/slow.ts'
import { benchStorm } from './stream/storm.ts'

type Bench = (t: Cleanup, terms: Terms) => Promise<Table[]>

const BENCHES: ReadonlyMap<string, Bench> = new Map<string, Bench>([
  ['claims', benchClaims], ['ledger', benchLedger], ['store', benchStores], ['recovery', benchRecovery],
  ['fanout', benchFanout], ['latency', benchLatency], ['memory', benchMemory], ['storm', benchStorm],
  ['slow', benchSlow], ['resume', benchResume], ['scale', benchScale], ['bytes', benchBytes], ['map', benchMap]
])

const USAGE = `npm run bench -- ${[...BENCHES.keys()].join('|')} [--quick] [--turns N] [--json FILE] [--svg FILE]`

const OPTIONS = { quick: { type: 'boolean', default: false }, turns: { type: 'string' }, json: { type: 'string' }, svg: { type: 'string' } } as const

function words () {
  try {
    const { values, positionals } = parseArgs({ allowPositionals: true, options: OPTIONS })
    const bench = positionals.length === 1 ? BENCHES.get(positionals[0] ?? '') : undefined
    const turns = values.turns === undefined ? null : Number(values.turns)
    if (bench === undefined || (turns !== null && !(Number.isInteger(turns) && turns > 0 && turns < 100))) return null
    return { name: positionals[0] ?? '', bench, quick: values.quick, turns, json: values.json ?? null, svg: values.svg ?? values.json?.replace(/(\.json)?$/, '.svg') ?? null }
  } catch {
    // An option that there is not: the usage says which there are.
    return null
  }
}

async function main (): Promise<void> {
  const asked = words()
  if (asked === null) {
    console.error(USAGE)
    process.exitCode = 2
    return
  }
  const { name, bench, quick, turns, json, svg } = asked
  const startedAt = performance.now()
  const progress = (line: string) => console.error(`[${((performance.now() - startedAt) / 1000).toFixed(0).padStart(3)} s] ${line}`)
  const machine = describeMachine()
  const ends: Array<() => unknown> = []
  const end = async () => { for (const one of ends.splice(0).reverse()) await one() }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { end().finally(() => process.exit(1)) })
  try {
    const tables = await bench({ after: one => ends.push(one) }, { quick, turns, progress })
    const report: Report = { bench: name, quick, at: new Date().toISOString(), machine, tables }
    console.log(reportText(report))
    if (json !== null) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`)
    const plots = tables.flatMap(table => table.plots ?? [])
    if (svg !== null && plots.length > 0) await writeFile(svg, plotsSvg(plots))
  } finally {
    progress('ending the servers')
    await end()
  }
}

await main()
