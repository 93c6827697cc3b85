import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { makeFolder, removeFolder } from './folder.ts'
import { until } from './wait.ts'

export interface ProcessOptions {
  /** The whole environment but for PATH, HOME and TMPDIR: nothing of the developer's own leaks in. PORT is 0 unless it says else. */
  env?: Record<string, string>
  /** Words after the script. */
  args?: string[]
  /** From the repository's root; `src/main.ts` by default. */
  script?: string
  /** Further flags of node itself, such as `--inspect`. */
  nodeArgs?: string[]
  /** `ready`: GET /readyz gives 200 (the default). `listening`: the line in the log. */
  awaits?: 'ready' | 'listening'
  /** Milliseconds until that; 30,000 by default, since an embedded Postgres takes 9 s for its first start. */
  withinMs?: number
}

export interface PerchProcess {
  /** Where it listens, as its log says, without a slash at the end. */
  readonly url: string
  readonly pid: number
  readonly running: boolean
  readonly exited: Child['exited']
  /** SIGTERM, which drains; gives the exit code, or the signal that ended it. Safe to repeat. */
  stop (): Promise<number | NodeJS.Signals>
  /** SIGKILL. Safe to repeat. */
  kill (): Promise<void>
  /** The end of what it has printed: at most 64 KB. */
  output (): Promise<string>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
/** Benchmarks are compiled, and so then is what they start; tests run from the sources. */
const isCompiled = import.meta.url.endsWith('.js')

/** Perch as a process of its own, run from its sources, or compiled like its caller; gone when `t` ends. */
export async function startPerch (t: Cleanup, options: ProcessOptions = {}): Promise<PerchProcess> {
  const { script = 'src/main.ts', args = [], nodeArgs = [], env = {}, awaits = 'ready', withinMs = 30_000 } = options
  const folder = await makeFolder('process')
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name)))
  const child = await startChild(process.execPath, [...nodeArgs, ...program(script), ...args], {
    logFile: join(folder, 'process.log'), cwd: root, env: { PORT: '0', LIMITS: 'off', ...kept, ...env }
  })
  t.after(async () => {
    await child.end('SIGKILL')
    await removeFolder(folder)
  })
  const url = await starts(child, awaits, withinMs)
  return {
    url,
    pid: child.pid,
    get running () { return child.running },
    exited: child.exited,
    async stop () {
      await child.end('SIGTERM')
      return await child.exited
    },
    kill: () => child.end('SIGKILL'),
    output: child.output
  }
}

/** For node: how to run a script that is named by its source. */
function program (script: string): string[] {
  return isCompiled ? [join(root, script.replace(/\.ts$/, '.js'))] : ['--import', 'tsx', join(root, script)]
}

/** @throws Error with its output when it ended, or did not get there in time */
async function starts (child: Child, awaits: 'ready' | 'listening', withinMs: number): Promise<string> {
  let url: string | undefined
  const look = async () => {
    if (!child.running) return 'ended'
    url ??= listeningAt(await child.output())
    if (url === undefined || awaits === 'listening') return url
    const answer = await fetch(`${url}/readyz`)
    await answer.body?.cancel()
    return answer.status === 200 ? url : undefined
  }
  const end = await until(look, { what: `the process is ${awaits}`, withinMs, everyMs: 20 }).catch(async error => {
    throw new Error(`${error.message}; it printed:\n${await child.output()}`, { cause: error })
  })
  if (end === 'ended') throw new Error(`the process ended at its start; it printed:\n${await child.output()}`)
  return end
}

/** Perch prints one JSON line per event of its life; the one of its listening carries its URL. */
function listeningAt (output: string): string | undefined {
  for (const line of output.split('\n')) {
    if (!line.includes('"listening"')) continue
    const entry: { msg?: unknown, url?: unknown } = JSON.parse(line)
    if (entry.msg === 'listening' && typeof entry.url === 'string') return entry.url.replace(/\/$/, '')
  }
  return undefined
}
