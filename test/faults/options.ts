import { parseArgs } from 'node:util'
import { SETTINGS, type Setting } from './live-store.ts'

export interface Options {
  minutes: number
  /** Of the first round; each one after it has the next. */
  seed: number
  setting: Setting
  /** Ends after so many, if time is not up before. */
  rounds: number
  nodes: number
  clients: number
  /** How long faults come in one round. */
  rageMs: number
  fsync: 'always' | 'everysec'
  /** How long everything may take to be well again after the last fault. */
  healMs: number
  /** Faults that are brought about, one after the other, in place of any. */
  script: readonly string[] | null
  /** Another build of Perch than dist/; null: dist/. */
  main: string | null
  /** A folder for what happened; histories of rounds in which nothing was wrong are removed. */
  out: string
}

export class UsageError extends Error {}

export const USAGE = `Breaks a real installation of Perch, and checks that nobody is doubled and nothing persisted is lost.

  npm run faults -- [options]

  --minutes N          how long; default 5
  --seed S             of the first round; each one after it has the next. Default: at random
  --rounds N           at most so many rounds
  --setting NAME       ${SETTINGS.join(', ')}; default single
  --nodes N            of Perch; default 2
  --clients N          that ask without a pause; default 10
  --rage SECONDS       how long faults come in each round; default 20
  --fsync MODE         of Redis: always, everysec. Default always
  --heal SECONDS       how long it may take until everything is well again; default 10, as promised. A machine that is busy with other things may need more
  --faults A,B         these faults in that order, again and again, in place of any; A + B: at once. --faults list names them
  --mutations          breaks Perch itself, one rule after the other, for at most a minute each: every one has to be found out
  --out FOLDER         where histories go; default faults-out
`

/** @throws UsageError */
export function readOptions (words: readonly string[]): Options | 'help' | 'list' | 'mutations' {
  const text = { type: 'string' } as const
  const { values } = parse(() => parseArgs({
    args: [...words],
    options: {
      minutes: text, seed: text, rounds: text, setting: text, nodes: text, clients: text, rage: text, fsync: text, heal: text, faults: text, out: text, mutations: { type: 'boolean' }, help: { type: 'boolean', short: 'h' }
    }
  }))
  if (values.help === true) return 'help'
  if (values.mutations === true) return 'mutations'
  if (values.faults === 'list') return 'list'
  return {
    minutes: number('minutes', values.minutes ?? '5', 0, 7 * 24 * 60),
    seed: number('seed', values.seed ?? String(Math.floor(Math.random() * 1_000_000)), 0, 2 ** 31),
    rounds: number('rounds', values.rounds ?? '1000000', 1, 1_000_000),
    setting: oneOf('setting', values.setting ?? 'single', SETTINGS),
    nodes: number('nodes', values.nodes ?? '2', 1, 5),
    clients: number('clients', values.clients ?? '10', 1, 100),
    rageMs: number('rage', values.rage ?? '20', 1, 600) * 1_000,
    fsync: oneOf('fsync', values.fsync ?? 'always', ['always', 'everysec'] as const),
    healMs: number('heal', values.heal ?? '10', 1, 600) * 1_000,
    script: values.faults?.split(',').map(name => name.trim()) ?? null,
    main: null,
    out: values.out ?? 'faults-out'
  }
}

function parse<T> (run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

function number (name: string, text: string, least: number, most: number): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most)) throw new UsageError(`--${name} is a number from ${least} to ${most}`)
  return value
}

function oneOf<T extends string> (name: string, text: string, all: readonly T[]): T {
  const found = all.find(one => one === text)
  if (found === undefined) throw new UsageError(`--${name} is one of ${all.join(', ')}`)
  return found
}
