import { readdirSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from './child.ts'
import type { Child } from './child.ts'
import type { Cleanup } from './cleanup.ts'
import { makeFolder, removeFolder } from './folder.ts'
import { until } from './wait.ts'

/** A line of the log. */
export interface LogLine {
  level: string
  msg: string
  [field: string]: unknown
}

/** The built program as a process of its own. */
export interface RunningPerch {
  /** Where it listens, without a slash at the end. */
  readonly url: string
  readonly pid: number
  readonly running: boolean
  /** Sends the signal and waits for the end: the exit code, or the signal that ended it. Safe to repeat. */
  kill (signal: NodeJS.Signals): Promise<number | NodeJS.Signals>
  /** Until GET /readyz says 200. */
  ready (withinMs?: number): Promise<void>
  /** Everything it has printed so far, to stdout and stderr. */
  output (): Promise<string>
  /** The log in it. */
  logs (): Promise<LogLine[]>
}

/** The first start of an embedded Postgres takes 9 s on an idle machine. */
const START_MS = 60_000

const root = fileURLToPath(new URL('../..', import.meta.url))
const MAIN = join(root, 'dist/main.js')

/**
 * `node dist/main.js` with that environment and none of the developer's own, listening at a free port; gone when `t` ends. It listens when this resolves, and may not be
 * ready yet. `main`: another build than dist/. @throws Error with what it printed when it ended instead, or when dist/ is not what src/ says
 */
export async function startPerch (t: Cleanup, env: Record<string, string> = {}, main = MAIN): Promise<RunningPerch> {
  const { child, output } = await spawnPerch(t, env, main)
  const url = await listens(child, output)
  return {
    url,
    pid: child.pid,
    get running () { return child.running },
    async kill (signal) {
      await child.end(signal)
      return await child.exited
    },
    ready: async (withinMs = START_MS) => { await isReady(child, url, output, withinMs) },
    output,
    logs: async () => linesOf(await output())
  }
}

/** The same for one that is not meant to start: how it ended, and what it printed. */
export async function runPerch (t: Cleanup, env: Record<string, string>): Promise<{ code: number | NodeJS.Signals, output: string }> {
  const { child, output } = await spawnPerch(t, env)
  return { code: await child.exited, output: await output() }
}

async function spawnPerch (t: Cleanup, env: Record<string, string>, main = MAIN): Promise<{ child: Child, output (): Promise<string> }> {
  assertBuilt()
  const folder = await makeFolder('node')
  const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => ['PATH', 'HOME', 'TMPDIR'].includes(name)))
  const logFile = join(folder, 'output.log')
  const child = await startChild(process.execPath, [main], { logFile, cwd: folder, env: { PORT: '0', LIMITS: 'off', ...kept, ...env } })
  t.after(async () => {
    await child.end('SIGKILL')
    await removeFolder(folder)
  })
  return { child, output: async () => await readFile(logFile, 'utf8') }
}

async function listens (child: Child, output: () => Promise<string>): Promise<string> {
  const look = async () => {
    const url = linesOf(await output()).find(({ msg }) => msg === 'listening')?.['url']
    if (typeof url === 'string') return url
    return child.running ? undefined : 'ended'
  }
  const end = await until(look, { what: 'the node listens', withinMs: START_MS, everyMs: 20 }).catch(withOutput(output))
  if (end === 'ended') throw new Error(`the node ended at its start; it printed:\n${await output()}`)
  return end
}

async function isReady (child: Child, url: string, output: () => Promise<string>, withinMs: number): Promise<void> {
  const look = async () => {
    if (!child.running) return 'ended'
    const answer = await fetch(`${url}/readyz`)
    await answer.body?.cancel()
    return answer.status === 200 && 'ready'
  }
  const end = await until(look, { what: 'the node is ready', withinMs, everyMs: 50 }).catch(withOutput(output))
  if (end === 'ended') throw new Error(`the node ended before it was ready; it printed:\n${await output()}`)
}

function withOutput (output: () => Promise<string>): (error: unknown) => Promise<never> {
  return async error => { throw new Error(`${error instanceof Error ? error.message : String(error)}; the node printed:\n${(await output()).slice(-20_000)}`, { cause: error }) }
}

/** Whole lines only: the last may still be under way. What is not JSON is no line of the log. */
function linesOf (output: string): LogLine[] {
  return output.split('\n').slice(0, -1).flatMap(line => {
    try {
      return [JSON.parse(line) as LogLine]
    } catch {
      return []
    }
  })
}

let built = false

/** A test of yesterday's program proves nothing. Looked at once per process. Pages are built all together. */
function assertBuilt (): void {
  if (built) return
  for (const path of readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })) {
    const source = statSync(join(root, 'src', path))
    if (!source.isFile() || path.endsWith('.d.ts')) continue
    const result = path.startsWith('web/') ? 'web/index.html' : path.replace(/\.ts$/, '.js')
    const made = statSync(join(root, 'dist', result), { throwIfNoEntry: false })
    if (made === undefined || made.mtimeMs < source.mtimeMs) {
      throw new Error(`dist/ is ${made === undefined ? 'missing' : 'older than'} src/${path}: run \`npm run build\` first`)
    }
  }
  built = true
}
