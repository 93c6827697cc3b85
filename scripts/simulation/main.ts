import { writeFileSync } from 'node:fs'
import { asAdmin } from '../../src/cli/as-admin.ts'
import { ApiRefusal, Unreachable } from '../../src/cli/seed/api.ts'
import { JournalMissing, readJournal } from './journal.ts'
import { readOptions, USAGE, UsageError, type RunOptions, type VerifyOptions } from './options.ts'
import { describeReport } from './report.ts'
import { simulate } from './simulation.ts'
import { verifyJournal } from './verify-journal.ts'

const EXIT = { well: 0, wrong: 1, usage: 2, unreachable: 3 }

/** Ctrl-C ends the day and asks the questions; a second one ends at once. */
function stopSignal (): AbortSignal {
  const stop = new AbortController()
  process.on('SIGINT', () => {
    if (stop.signal.aborted) process.exit(130)
    stop.abort()
  })
  return stop.signal
}

async function run (options: RunOptions): Promise<number> {
  const report = await simulate(options, process.stderr, stopSignal())
  if (options.report !== null) writeFileSync(options.report, `${JSON.stringify(report, null, 2)}\n`)
  process.stdout.write(describeReport(report))
  return report.holds ? EXIT.well : EXIT.wrong
}

async function verify ({ server, journal, report }: VerifyOptions): Promise<number> {
  const check = await verifyJournal(server, readJournal(journal))
  if (report !== null) writeFileSync(report, `${JSON.stringify(check, null, 2)}\n`)
  process.stdout.write(`${check.claims} claims were said to be persisted; ${check.active} of them run or are yet to come; ${check.broken.length} are not as they were.\n`)
  for (const broken of check.broken) process.stdout.write(`WRONG ${broken}\n`)
  return check.broken.length === 0 ? EXIT.well : EXIT.wrong
}

async function main (): Promise<number> {
  try {
    const options = readOptions(process.argv.slice(2), new Date())
    if (options.do !== 'help') options.server = await asAdmin({ ...options.server, token: options.server.token ?? process.env['PERCH_TOKEN'] ?? null })
    switch (options.do) {
      case 'help':
        process.stdout.write(USAGE)
        return EXIT.well
      case 'verify': return await verify(options)
      case 'run': return await run(options)
    }
  } catch (error) {
    if (error instanceof UsageError || error instanceof JournalMissing) {
      process.stderr.write(`${error.message}\n\n${USAGE}`)
      return EXIT.usage
    }
    if (!(error instanceof Unreachable || error instanceof ApiRefusal)) throw error
    process.stderr.write(`${error.message}\n`)
    return EXIT.unreachable
  }
}

process.exitCode = await main()
