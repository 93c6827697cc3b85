import type { Terminal } from '../../src/cli/terminal.ts'
import { runCli } from '../../src/cli/run.ts'
import type { Config } from '../../src/config.ts'

/** What a command wrote, and how it ended. */
export interface Run {
  code: number
  out: string
  err: string
  served: Array<{ config: Config, demo: boolean }>
}

/** Runs the command line in this process, with an environment of its own. */
export async function run (args: string[], environment: Record<string, string> = {}, input = ''): Promise<Run> {
  const [out, err]: [string[], string[]] = [[], []]
  const served: Run['served'] = []
  const terminal: Terminal = { out: line => out.push(line), err: line => err.push(line), input: async () => input, environment }
  const code = await runCli(args, {
    terminal,
    serve: async (config, { demo }) => {
      served.push({ config, demo })
      return 0
    }
  })
  return { code, out: out.join('\n'), err: err.join('\n'), served }
}
