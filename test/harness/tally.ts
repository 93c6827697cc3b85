/** A test that failed, or a file that failed without a test of it to blame: it crashed, was killed, timed out or holds no test. */
export interface Failure {
  /** The file and the names down to the test. */
  name: string
  /** What went wrong, in lines ready to print. */
  lines: string[]
}

export interface FileResult {
  name: string
  passed: number
  failed: number
  skipped: number
  ms: number
}

export interface Result {
  passed: number
  failures: Failure[]
  /** Tests marked skip or todo, by name: neither passed nor failed. */
  skipped: string[]
}

/** A point of the stream as `tap --reporter=jsonstream` writes it; of level 0 is the run, of 1 a file, of 2 and more a test. */
interface Point {
  name: string
  level: number
  ok?: boolean
  fullname?: string
  time?: number
  skip?: string | true
  diag?: Record<string, unknown>
}

interface Open {
  name: string
  tests: number
  passed: number
  failed: number
  skipped: number
  /** What its own assertions said. */
  lines: string[]
}

/**
 * Counts tests in what tap reports. A test is one call of `test()` or `t.test()` without further tests in it; one that has some, or
 * a file, counts only when it failed and none of its tests did. A test that was begun and never ended has failed, and so has each
 * of `files` that is not told of: after a time-out tap may forget one that waits.
 */
export class Tally {
  readonly #missing: Set<string>
  /** The run, a file in it, a test in that, and so on down to what runs now. */
  readonly #path: Open[] = []
  readonly #result: Result = { passed: 0, failures: [], skipped: [] }

  constructor (files: string[]) {
    this.#missing = new Set(files)
  }

  /** One line of the stream, in order. Gives a file's result when the line ends it, and `noise` for a line that is none of tap's. */
  take (line: string): FileResult | 'noise' | undefined {
    const event = parse(line)
    if (event === undefined) return 'noise'
    const [kind, point] = event
    const open = this.#path.at(-1)
    if (kind === 'start') this.#path.push({ name: point.name, tests: 0, passed: 0, failed: 0, skipped: 0, lines: [] })
    else if (kind === 'end') return this.#end(point)
    else if (kind === 'fail') open?.lines.push(...explain(point))
    else if ((kind === 'skip' || kind === 'todo') && open) {
      open.skipped++
      this.#result.skipped.push(point.fullname ?? point.name)
    }
    return undefined
  }

  /** After the last line. */
  result (): Result {
    // What is still open was cut off: tap itself ended early.
    if (this.#path.length > 0) this.#end({ name: 'the run', level: 0, ok: false })
    for (const name of this.#missing) this.#result.failures.push({ name, lines: ['was not run, or tap lost its report'] })
    this.#missing.clear()
    return this.#result
  }

  #end (point: Point): FileResult | undefined {
    while (this.#path.length > point.level + 1) this.#close({ name: 'unfinished', level: this.#path.length - 1, ok: false })
    return this.#close(point)
  }

  #close (point: Point): FileResult | undefined {
    const name = this.#path.slice(1).map(open => open.name).join(' > ') || 'the run'
    const open = this.#path.pop()
    const outer = this.#path.at(-1)
    if (open === undefined) return undefined
    const isTest = point.level > 1
    const isFile = point.level === 1
    const nothingIn = open.tests === 0 && open.skipped === 0
    const emptyFile = isFile && nothingIn && point.skip !== undefined
    if ((point.ok === false || emptyFile) && open.failed === 0) {
      open.failed = 1
      this.#result.failures.push({ name, lines: emptyFile ? ['holds no test'] : [...open.lines, ...exit(point)] })
    } else if (point.ok !== false && isTest && nothingIn) {
      open.passed = 1
      this.#result.passed++
    }
    if (outer) add(outer, open, isTest)
    if (!isFile) return undefined
    this.#missing.delete(open.name)
    return { name: open.name, passed: open.passed, failed: open.failed, skipped: open.skipped, ms: point.time ?? 0 }
  }
}

function add (outer: Open, open: Open, isTest: boolean): void {
  if (isTest) outer.tests++
  outer.passed += open.passed
  outer.failed += open.failed
  outer.skipped += open.skipped
}

function parse (line: string): [string, Point] | undefined {
  if (!line.startsWith('["')) return undefined
  try {
    const event: unknown = JSON.parse(line)
    return Array.isArray(event) && typeof event[0] === 'string' && typeof event[1]?.name === 'string' ? [event[0], event[1]] : undefined
  } catch {
    return undefined
  }
}

const longest = 600

/** A failed assertion: its message, where, and the two values when it compared some. */
function explain ({ name, diag = {} }: Point): string[] {
  const stack = typeof diag['stack'] === 'string' ? diag['stack'].trimEnd().split('\n').map(line => `    at ${line}`) : []
  const values = ['actual', 'expected'].filter(key => key in diag).map(key => `  ${key}: ${JSON.stringify(diag[key])}`.slice(0, longest))
  return [...name.split('\n'), ...values, ...stack]
}

function exit ({ diag = {} }: Point): string[] {
  return ['exitCode', 'signal', 'expired'].filter(key => diag[key] !== undefined && diag[key] !== null).map(key => `${key}: ${String(diag[key])}`)
}
