/** Column names of rows on their way into a statement, with their types in Postgres. */
export type Columns = Readonly<Record<string, string>>

export type Value = string | number | boolean | null

/** One row: a value for each column. */
export type Row<C extends Columns> = { readonly [K in keyof C]: Value }

/** `unnest($3::text[], $4::int8[]) as u (org, seq)`, the parameters numbered from `first` on. */
export function unnest (columns: Columns, first: number): string {
  const names = Object.keys(columns)
  const parameters = names.map((name, i) => `$${first + i}::${columns[name] ?? ''}[]`)
  return `unnest(${parameters.join(', ')}) as u (${names.join(', ')})`
}

/** The parameters for `unnest`, one array for each column. */
export function columnwise<C extends Columns> (columns: C, rows: ReadonlyArray<Row<C>>): Value[][] {
  return Object.keys(columns).map((name: keyof C) => rows.map(row => row[name]))
}

export const width = (columns: Columns): number => Object.keys(columns).length
