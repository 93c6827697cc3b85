import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cpus } from 'node:os'

const TASKSET = '/usr/bin/taskset'

export const SERVER_CORE = 0
export const LOAD_CORE = 1

/** Whether servers and load can have a core each, so that neither takes the other's time. */
export const canPin = existsSync(TASKSET) && cpus().length > 1

/** All threads of the process run on that core from now on, where that can be had. */
export function pin (pid: number, core: number): void {
  if (canPin) execFileSync(TASKSET, ['--all-tasks', '--cpu-list', '--pid', String(core), String(pid)], { stdio: 'ignore' })
}

/** A line for a table's `about`. */
export const pinning = canPin
  ? `The server under test on core ${SERVER_CORE}, the load on core ${LOAD_CORE} (taskset); Redis and Postgres wherever there is room.`
  : 'taskset is not to be had here: server and load share the cores as they come.'
