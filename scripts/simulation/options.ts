import { parseArgs } from 'node:util'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ApiAddress } from '../../src/cli/seed/api.ts'

/** A simulated day goes from six in the morning to eight at night. */
export const DAY_BEGINS = 6 * 60
export const DAY_MINUTES = 14 * 60

export interface RunOptions {
  do: 'run'
  server: ApiAddress
  /** Minutes of the simulated day per real second. */
  speed: number
  /** Length of the real run. */
  runMs: number
  people: number
  /** Per transport. */
  watchers: number
  seed: number
  report: string | null
  journal: string
  /** Leave the sites' rules alone, although a compressed day is too short for anybody to be late in it. */
  keepPolicy: boolean
}

export interface VerifyOptions {
  do: 'verify'
  server: ApiAddress
  journal: string
  report: string | null
}

export class UsageError extends Error {}

export const USAGE = `Drives a working day against a running Perch, through its public API alone.

  scripts/simulate [options]              a day in two minutes against http://127.0.0.1:8080
  scripts/simulate --verify JOURNAL       is everything still there that a run was told is persisted?

  --url URL        where Perch is (http://127.0.0.1:8080)
  --key KEY        an admin's bearer token (PERCH_TOKEN, or what a server on this machine gives for development)
  --speed N        minutes of the simulated day per real second; 0.0167 is real time
  --minutes N      length of the real run, at most 240 (2, or what a day takes at that speed)
  --people N       how many come to work (600)
  --watchers N     displays and apps per transport (12)
  --seed N         another number makes another day (1)
  --journal FILE   where to note what was answered as persisted (a new file among the temporary ones)
  --report FILE    write the report there, as JSON
  --keep-policy    do not shorten check-in windows and graces to the day's speed for as long as it runs

Exit code 0: all is well; 1: something does not hold; 2: wrong usage; 3: the server is out of reach.
`

/** @throws UsageError */
export function readOptions (args: readonly string[], now: Date): RunOptions | VerifyOptions | { do: 'help' } {
  const given = parsed(args)
  if (given.help === true) return { do: 'help' }
  const server = { url: urlOf(given.url ?? 'http://127.0.0.1:8080'), token: given.key ?? null }
  const report = given.report ?? null
  if (given.verify !== undefined) return { do: 'verify', server, journal: given.verify, report }
  return {
    do: 'run',
    server,
    ...paceOf(numberOf('speed', given.speed, 0.001, 600), numberOf('minutes', given.minutes, 0.05, 240)),
    people: Math.round(numberOf('people', given.people, 1, 20_000) ?? 600),
    watchers: Math.round(numberOf('watchers', given.watchers, 0, 500) ?? 12),
    seed: Math.round(numberOf('seed', given.seed, 0, 0xffffffff) ?? 1),
    report,
    journal: given.journal ?? join(tmpdir(), `perch-journal-${now.toISOString().replaceAll(':', '-').slice(0, 19)}-${process.pid}.jsonl`),
    keepPolicy: given['keep-policy'] ?? false
  }
}

function parsed (args: readonly string[]) {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  try {
    return parseArgs({
      args: [...args],
      options: {
        url: text, key: text, speed: text, minutes: text, people: text, watchers: text, seed: text, report: text, journal: text, verify: text, 'keep-policy': flag, help: flag
      }
    }).values
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error))
  }
}

/** Who gives one of the two gets one day; who gives neither, a day in two minutes. */
function paceOf (speed: number | null, minutes: number | null): { speed: number, runMs: number } {
  const real = minutes ?? (speed === null ? 2 : Math.min(240, DAY_MINUTES / speed / 60))
  return { speed: speed ?? DAY_MINUTES / (real * 60), runMs: Math.round(real * 60_000) }
}

function numberOf (name: string, text: string | undefined, least: number, most: number): number | null {
  if (text === undefined) return null
  const value = Number(text)
  if (text.trim() === '' || !(value >= least && value <= most)) throw new UsageError(`--${name} is a number from ${least} to ${most}, not "${text}"`)
  return value
}

function urlOf (text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new UsageError(`--url is an http address such as http://127.0.0.1:8080, not "${text}"`)
  return new URL(text).origin
}
