import { parseArgs } from 'node:util'
import { readVersion } from '../app/version.ts'
import { ConfigError, readConfig, type Config } from '../config.ts'
import type { Terminal } from './terminal.ts'
import { SERVER_OPTIONS, serverOf } from './server-options.ts'
import { UsageError } from './usage-error.ts'

export interface CliParts {
  terminal: Terminal
  /** Runs a node until it is told to end; the exit code. `demo`: with the demo office, where there is no office yet. */
  serve (config: Config, options: { demo: boolean }): Promise<number>
}

interface Command {
  usage: string
  about: string
  run (args: string[], parts: CliParts): Promise<number>
}

const SERVER_USAGE = '[--url http://host:port] [--key KEY]'

const COMMANDS: Readonly<Record<string, Command>> = {
  serve: {
    usage: 'serve [--demo]',
    about: 'run a node; --demo makes the demo office where there is none yet',
    async run (args, { serve, terminal }) {
      const { values } = parse(args, { demo: { type: 'boolean', default: false } })
      return await serve(readConfig(terminal.environment), { demo: values.demo })
    }
  },
  migrate: {
    usage: 'migrate',
    about: 'bring the tables of DATABASE_URL up to date',
    async run (args, { terminal }) {
      parse(args, {})
      const { migrateDatabase } = await import('./migrate.ts')
      await migrateDatabase(terminal)
      return 0
    }
  },
  seed: {
    usage: `seed ${SERVER_USAGE}`,
    about: 'make the demo office on a running server; what is there already stays',
    async run (args, { terminal }) {
      const { values } = parse(args, SERVER_OPTIONS)
      const { seedDirectory } = await import('./seed.ts')
      await seedDirectory(await serverOf(values, terminal), ({ step, done, total }) => terminal.err(`${step} ${done}/${total}`))
      return 0
    }
  },
  import: {
    usage: `import FILE|- [--release] ${SERVER_USAGE}`,
    about: 'bring an org, sites, groups, people and floors in one JSON document to a running server; --release ends the claims of spaces that go',
    async run (args, { terminal }) {
      const { values, positionals } = parse(args, { ...SERVER_OPTIONS, release: { type: 'boolean', default: false } }, 1)
      const { importDocument } = await import('./import.ts')
      await importDocument(terminal, { from: positionals[0] ?? '-', server: await serverOf(values, terminal), release: values.release })
      return 0
    }
  },
  token: {
    usage: 'token --role ROLE --name NAME [--org ORG] [--site SITE] [--expires DAYS] | token --list [--org ORG] | token --revoke NAME [--org ORG]',
    about: 'make an API key in DATABASE_URL, list those that work, or revoke one; the token goes to the standard output',
    async run (args, { terminal }) {
      const text = { type: 'string' } as const
      const { values } = parse(args, { org: text, role: text, name: text, site: text, expires: text, list: { type: 'boolean', default: false }, revoke: text })
      const { token } = await import('./token.ts')
      await token(terminal, values)
      return 0
    }
  },
  erase: {
    usage: `erase ORG PERSON ${SERVER_USAGE}`,
    about: 'take a person out of everything that a running server keeps, and report; figures stay',
    async run (args, { terminal }) {
      const { values, positionals } = parse(args, SERVER_OPTIONS, 2, 'the organisation and the person are needed')
      const { erasePerson } = await import('./records.ts')
      await erasePerson(terminal, await serverOf(values, terminal), positionals)
      return 0
    }
  },
  export: {
    usage: `export ORG PERSON ${SERVER_USAGE}`,
    about: 'write all that a running server knows of a person to the standard output, as JSON',
    async run (args, { terminal }) {
      const { values, positionals } = parse(args, SERVER_OPTIONS, 2, 'the organisation and the person are needed')
      const { exportPerson } = await import('./records.ts')
      await exportPerson(terminal, await serverOf(values, terminal), positionals)
      return 0
    }
  },
  retain: {
    usage: `retain --now ${SERVER_USAGE}`,
    about: 'have a running server make history anonymous that is older than the policy says; keepers do so once a day',
    async run (args, { terminal }) {
      const { values } = parse(args, { ...SERVER_OPTIONS, now: { type: 'boolean', default: false } })
      if (!values.now) throw new UsageError('keepers do it once a day: --now does it now')
      const { retainNow } = await import('./records.ts')
      await retainNow(terminal, await serverOf(values, terminal))
      return 0
    }
  },
  doctor: {
    usage: 'doctor [--json]',
    about: 'check the configuration, Redis, the lock nodes and Postgres, and say what to mend',
    async run (args, { terminal }) {
      const { values } = parse(args, { json: { type: 'boolean', default: false } })
      const { doctor } = await import('./doctor.ts')
      return await doctor(terminal, { json: values.json })
    }
  }
}

/** Runs the command line; the exit code: 0 done, 1 failed, 2 not understood. */
export async function runCli (args: readonly string[], parts: CliParts): Promise<number> {
  const { terminal } = parts
  const [name = '--help', ...rest] = args
  if (name === '--help' || name === 'help' || rest.includes('--help')) return help(terminal)
  if (name === '--version') {
    terminal.out(await readVersion())
    return 0
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (command === undefined) {
    terminal.err(`perch: there is no command ${name}; see perch --help`)
    return 2
  }
  try {
    return await command.run(rest, parts)
  } catch (error) {
    return explain(error, command, terminal)
  }
}

function help (terminal: Terminal): number {
  terminal.out('perch: the live occupancy of offices\n')
  for (const { usage, about } of Object.values(COMMANDS)) terminal.out(`  perch ${usage}\n      ${about}`)
  terminal.out('\nVariables of the environment: see .env.example')
  return 0
}

type Options = NonNullable<Parameters<typeof parseArgs>[0]>['options']

/** @throws UsageError for an option that is not known, and for more or fewer words than there should be */
function parse<T extends NonNullable<Options>> (args: string[], options: T, words = 0, wanted = 'a file is needed, or - for the standard input') {
  try {
    const parsed = parseArgs({ args, options, strict: true, allowPositionals: words > 0 })
    if (parsed.positionals.length !== words) throw new UsageError(wanted)
    return parsed
  } catch (error) {
    throw error instanceof TypeError ? new UsageError(error.message) : error
  }
}

/** What is the user's to mend is said in a line; what is ours comes with its stack. */
function explain (error: unknown, { usage }: Command, terminal: Terminal): number {
  if (error instanceof UsageError) {
    terminal.err(`perch: ${error.message}\nusage: perch ${usage}`)
    return 2
  }
  if (error instanceof ConfigError) {
    for (const { variable, problem } of error.problems) terminal.err(`perch: ${variable} ${problem}`)
    return 1
  }
  terminal.err(`perch: ${error instanceof Error && isExpected(error) ? error.message : error instanceof Error ? error.stack ?? error.message : String(error)}`)
  return 1
}

/** Errors with a message for people: the server's refusals, servers that cannot be reached, and the system's own. */
function isExpected (error: Error): boolean {
  return error.constructor !== TypeError && error.constructor !== RangeError && error.constructor !== ReferenceError
}
