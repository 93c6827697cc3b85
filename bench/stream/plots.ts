import type { Plot } from '../plot.ts'
import type { Row } from '../report.ts'

type Bar = Extract<Plot, { type: 'bars' }>['bars'][number]

/** A table's row as a bar. `ours`: the name that stands out. */
export function barOf (row: Row, name: string, value: string, ours: string): Bar {
  const { lowest, highest } = row
  return {
    name: String(row[name]),
    value: Number(row[value]),
    ...(typeof lowest === 'number' && typeof highest === 'number' && { low: lowest, high: highest }),
    ours: row[name] === ours
  }
}
