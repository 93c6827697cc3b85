import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { postgresBinaries } from '../test/harness/postgres-binaries.ts'

/** Where figures come from: without it they say nothing. */
export interface Machine {
  cpu: string
  cores: number
  /** The last minute's load before the benchmark: well under one, or others were at work too. */
  load: number
  memoryGb: number
  os: string
  node: string
  redis: string
  postgres: string
  /** Median milliseconds to write 8 KB and have them on the disk that the servers use. */
  fsyncMs: number
}

const FSYNCS = 101

export function describeMachine (): Machine {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown CPU',
    cores: cpus().length,
    load: loadavg()[0] ?? 0,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${release()}`,
    node: process.versions.node,
    redis: version('redis-server', /v=([\d.]+)/),
    postgres: version(join(postgresBinaries(), 'postgres'), /([\d.]+)/),
    fsyncMs: fsyncMs()
  }
}

function version (program: string, pattern: RegExp): string {
  return pattern.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }))?.[1] ?? 'unknown'
}

function fsyncMs (): number {
  const path = join(tmpdir(), `perch-bench-fsync-${process.pid}`)
  const file = openSync(path, 'w')
  try {
    const page = Buffer.alloc(8192, 1)
    const took = Array.from({ length: FSYNCS }, () => {
      const startedAt = performance.now()
      writeSync(file, page)
      fdatasyncSync(file)
      return performance.now() - startedAt
    })
    return took.sort((a, b) => a - b)[FSYNCS >> 1] ?? 0
  } finally {
    closeSync(file)
    rmSync(path)
  }
}
