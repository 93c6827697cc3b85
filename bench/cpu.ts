import { readdirSync, readFileSync } from 'node:fs'

/** Linux counts in hundredths of a second, whatever the kernel's own tick. */
const TICK_MICROS = 10_000

/**
 * Microseconds of CPU that these processes and all their children have used so far. Unlike a rate it hardly changes with what else the machine does, so it says what a
 * rate would be elsewhere.
 */
export function cpuMicros (pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + (ofThreads(pid) ?? ofProcess(pid)) + cpuMicros(children(pid)), 0)
}

/** As the scheduler counts, in nanoseconds, of the threads that live: none of these servers ends one. Null: this kernel does not tell. */
function ofThreads (pid: number): number | null {
  const times = threads(pid).map(thread => read(`/proc/${pid}/task/${thread}/schedstat`).split(' ', 1)[0] ?? '')
  return times.length === 0 || times.includes('') ? null : times.reduce((sum, nanos) => sum + Number(nanos) / 1000, 0)
}

function threads (pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    // Ended, or not Linux.
    return []
  }
}

function ofProcess (pid: number): number {
  const stat = read(`/proc/${pid}/stat`)
  // The name stands in brackets and may hold anything; user and system time are the 14th and 15th field.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MICROS
}

function children (pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(word => word !== '').map(Number)
}

/** Empty when the process has ended in the meantime. */
function read (path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Ended, or not Linux: either way it used nothing that could be counted.
    return ''
  }
}
