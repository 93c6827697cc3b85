import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'

export interface ChildOptions {
  /** A file that gets all the child prints, appended. A pipe would stall the child whenever this process is busy. */
  logFile: string
  env?: NodeJS.ProcessEnv
  cwd?: string
  /** Run as another user, which only root may ask for. */
  user?: { uid: number, gid: number }
  /** What the kernel sends the child should this process die without cleaning up; SIGKILL by default. */
  orphanSignal?: NodeJS.Signals
}

export interface Child {
  readonly pid: number
  readonly running: boolean
  /** Settles when the process is gone: its exit code, or the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>
  /** Sends the signal and waits until the process is gone. Safe to repeat. */
  end (signal: NodeJS.Signals): Promise<void>
  /** Let this process end while the child runs; the kernel then sends the orphan signal. */
  unref (): void
  /** The end of what it has printed: at most 64 KB. */
  output (): Promise<string>
}

const outputBytes = 64 * 1024

/** From util-linux: a test process that is killed takes its servers with it. Other systems have to do without. */
const setpriv = '/usr/bin/setpriv'

/** @throws when the command cannot be run at all */
export async function startChild (command: string, args: string[], options: ChildOptions): Promise<Child> {
  const log = await open(options.logFile, 'a')
  const orphan = (options.orphanSignal ?? 'SIGKILL').slice('SIG'.length)
  const [file = command, ...words] = existsSync(setpriv) ? [setpriv, '--pdeathsig', orphan, '--', command, ...args] : [command, ...args]
  const child = spawn(file, words, {
    stdio: ['ignore', log.fd, log.fd],
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
    ...options.user
  })
  try {
    await once(child, 'spawn')
  } finally {
    await log.close()
  }
  const running = () => child.exitCode === null && child.signalCode === null
  const exited = new Promise<number | NodeJS.Signals>(resolve => {
    child.once('exit', (code, signal) => resolve(signal ?? code ?? 0))
  })
  return {
    pid: child.pid ?? 0,
    get running () { return running() },
    exited,
    async end (signal) {
      child.ref()
      if (running()) child.kill(signal)
      await exited
    },
    unref: () => child.unref(),
    output: () => tail(options.logFile)
  }
}

async function tail (path: string): Promise<string> {
  const file = await open(path)
  try {
    const { size } = await file.stat()
    const from = Math.max(0, size - outputBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
