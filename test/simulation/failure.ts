import { simulate, type Options, type Outcome } from './run.ts'

/** Lines of a trace that say what was done to Perch, not what it did. */
const TOLD = /FAULT|HEAL|is asked|answers|starts|is gone|dies|recovery/
const MOST_LINES = 400

/** What people read of a run that broke something: what, the faults and commands in their order, and how to run it again. The same seed tells it. */
export async function failureOf ({ seed, broken }: Pick<Outcome, 'seed' | 'broken'>, options: Omit<Options, 'seed' | 'traced'>, whole: boolean): Promise<string> {
  const { lines } = await simulate({ ...options, seed, traced: true })
  const told = lines.filter(line => whole || TOLD.test(line))
  const cut = told.length > MOST_LINES && !whole ? [`… ${told.length - MOST_LINES} lines before`] : []
  return [
    `${broken}`,
    ...cut,
    ...whole ? told : told.slice(-MOST_LINES),
    `SEED=${seed}${options.faults === undefined ? '' : ` FAULTS='${options.faults.join(',')}'`} scripts/test simulation runs this one alone; TRACE=1 with every step`
  ].join('\n')
}
