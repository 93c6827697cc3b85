import type { Machine } from './machine.ts'
import type { Plot } from './plot.ts'

export type Cell = string | number | null
export type Row = Readonly<Record<string, Cell>>

export interface Table {
  title: string
  /** What was done, how often, and on which terms: one line each. */
  about: readonly string[]
  /** Columns are the rows' members, in the order in which they first come. */
  rows: readonly Row[]
  /** The same for the eye. */
  plots?: readonly Plot[]
}

export interface Report {
  bench: string
  quick: boolean
  /** RFC 3339, when it ended. */
  at: string
  machine: Machine
  tables: readonly Table[]
}

/** What a benchmark is given beside its clean-up. */
export interface Terms {
  /** Fewer and shorter rounds: to see that it works, not to quote. */
  quick: boolean
  /** How often each contender has its turn, when the caller says so. */
  turns: number | null
  /** One line on stderr. */
  progress (line: string): void
}

export function reportText ({ bench, quick, machine, tables }: Report): string {
  const head = [
    `bench ${bench}${quick ? ' --quick (not to be quoted)' : ''}`,
    `${machine.cpu}, ${machine.cores} cores, load ${machine.load.toFixed(1)} before; ${machine.memoryGb} GB; ${machine.os}`,
    `Node ${machine.node}, Redis ${machine.redis}, PostgreSQL ${machine.postgres}; fsync of 8 KB: ${machine.fsyncMs.toFixed(2)} ms`
  ]
  return [head.join('\n'), ...tables.map(tableText)].join('\n\n')
}

function tableText ({ title, about, rows }: Table): string {
  const columns = [...new Set(rows.flatMap(row => Object.keys(row)))]
  const cells = [columns, ...rows.map(row => columns.map(column => cellText(row[column] ?? null)))]
  const isNumeric = columns.map(column => rows.every(row => typeof (row[column] ?? 0) === 'number'))
  const widths = columns.map((_, i) => Math.max(...cells.map(line => line[i]?.length ?? 0)))
  const lines = cells.map(line => line.map((cell, i) => isNumeric[i] === true ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)).join('  ').trimEnd())
  return [title, ...about.map(line => `  ${line}`), '', ...lines.map(line => `  ${line}`)].join('\n')
}

function cellText (cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'string') return cell
  if (Number.isInteger(cell) || Math.abs(cell) >= 1000) return Math.round(cell).toLocaleString('en-US')
  return cell.toFixed(Math.abs(cell) < 10 ? 2 : 1)
}
