import { test } from 'tap'
import assert from 'node:assert/strict'
import { Supervisor, type WorkerEvents } from '../../src/app/supervisor.ts'
import type { FromWorker, ToWorker } from '../../src/app/worker-messages.ts'
import { ConfigError } from '../../src/config.ts'
import { HandClock } from '../stand-ins/clock.ts'

const PROBLEMS = [{ variable: 'DATABASE_URL' as const, problem: 'cannot be used' }]
const LONG_MS = 60_000

/** A process that does what a test says. */
class FakeProcess {
  readonly pid: number
  readonly #events: WorkerEvents
  readonly told: ToWorker[] = []
  killed = false
  running = true

  constructor (pid: number, events: WorkerEvents) {
    this.pid = pid
    this.#events = events
  }

  tell (message: ToWorker): void {
    this.told.push(message)
  }

  kill (): void {
    this.killed = true
    this.ends('SIGKILL')
  }

  says (...messages: FromWorker[]): this {
    for (const message of messages) this.#events.said(message)
    return this
  }

  ends (how: number | string): void {
    if (!this.running) return
    this.running = false
    this.#events.gone(how)
  }

  get worker (): number | undefined {
    return this.told.flatMap(message => message.say === 'begin' ? [message.worker] : [])[0]
  }

  get drains (): boolean {
    return this.told.some(({ say }) => say === 'drain')
  }
}

function scene (workers = 3) {
  const clock = new HandClock()
  const forked: FakeProcess[] = []
  const lines: string[] = []
  const listening: string[] = []
  const said: Array<[number, FromWorker]> = []
  const counted = { serving: 0, deaths: 0 }
  const log = { info () {}, warn () {}, error: (_: object, message: string) => { lines.push(message) } }
  const supervisor = new Supervisor({
    workers,
    fork (events) {
      const process = new FakeProcess(100 + forked.length, events)
      forked.push(process)
      return process
    },
    clock,
    log,
    metrics: { serving: count => { counted.serving = count }, died: () => { counted.deaths++ } },
    onListening: url => { listening.push(url) },
    onSaid: (worker, message) => { said.push([worker, message]) }
  })
  const over = supervisor.run()
  // Whoever waits for it is told.
  over.catch(() => {})
  const listens = (process: FakeProcess | undefined) => process?.says({ say: 'here' }, { say: 'listening', url: 'http://127.0.0.1:1' })
  /** All workers listen, for a while. */
  const serving = () => {
    for (let i = 0; i < workers; i++) listens(forked[i])
    clock.pass(LONG_MS)
    return forked.slice()
  }
  const last = (): FakeProcess => {
    const process = forked.at(-1)
    assert.ok(process)
    return process
  }
  return { clock, forked, last, lines, listening, said, counted, supervisor, over, listens, serving }
}

test('the first worker starts alone, the others when it listens, and each is told which it is', async () => {
  const { forked, listening, listens, counted } = scene()
  assert.equal(forked.length, 1)
  listens(forked[0])
  assert.equal(forked.length, 3)
  for (const process of forked.slice(1)) listens(process)
  assert.deepEqual([forked.map(({ worker }) => worker), listening, counted.serving], [[1, 2, 3], ['http://127.0.0.1:1'], 3])
})

test('told to end, every worker drains, and the exit code is 0 when all of theirs are', async () => {
  for (const [codes, expected] of [[[0, 0, 0], 0], [[0, 1, 0], 1], [[0, 0, 'SIGSEGV'], 1]] as const) {
    const { serving, supervisor, over } = scene()
    const processes = serving()
    supervisor.end('SIGTERM')
    supervisor.end('SIGINT')
    for (const { told } of processes) assert.deepEqual(told.slice(1), [{ say: 'drain', why: 'SIGTERM' }])
    for (const [i, process] of processes.entries()) process.ends(codes[i] ?? 0)
    assert.equal(await over, expected)
  }
})

test('a worker that does not end is killed in the end', async () => {
  const { serving, supervisor, over, clock } = scene()
  const [first, second, third] = serving()
  supervisor.end('SIGTERM')
  for (const process of [first, second]) process?.ends(0)
  clock.pass(30_000)
  assert.deepEqual([third?.killed, await over], [true, 1])
})

test('one that is told to end while it starts is told again when it listens to us', async () => {
  const { forked, listens, supervisor, over } = scene()
  supervisor.end('SIGTERM')
  listens(forked[0])
  assert.equal(forked.length, 1, 'no other is started')
  assert.deepEqual(forked[0]?.told.map(({ say }) => say), ['drain', 'begin', 'drain'])
  forked[0]?.ends(0)
  assert.equal(await over, 0)
})

test('a worker that died after a long life is started again at once, in its place, and no other notices', async () => {
  const { serving, clock, last, listens, counted, forked } = scene()
  const [, second, third] = serving()
  second?.ends('SIGKILL')
  assert.deepEqual([counted.serving, counted.deaths], [2, 1])
  clock.pass(0)
  listens(last())
  assert.deepEqual([forked.length, last().worker, counted.serving, third?.told.length], [4, 2, 3, 1])
})

test('quick deaths are followed by longer and longer pauses, and by giving up', async () => {
  const { serving, clock, last, forked, lines, over } = scene()
  const [first, second, third] = serving()
  third?.ends(1)
  const pauses: number[] = []
  for (clock.pass(0); last().running; pauses.push(wait())) last().ends(1)
  function wait (): number {
    const { length } = forked
    for (let ms = 0; ms <= 10_000; ms += 100) {
      if (forked.length > length || first?.drains === true) return ms
      clock.pass(100)
    }
    return Infinity
  }
  assert.deepEqual(pauses, [200, 400, 800, 1_600, 0])
  assert.equal(lines.at(-1), 'a worker dies as soon as it is started: giving up')
  assert.ok(second?.drains)
  for (const process of [first, second]) process?.ends(0)
  assert.equal(await over, 1)
})

test('a worker that lives long in between may die quickly as often as before', async () => {
  const { serving, clock, last, listens, lines } = scene()
  serving()[2]?.ends(1)
  for (let round = 0; round < 3; round++) {
    for (let i = 0; i < 4; i++) {
      clock.pass(5_000)
      last().ends(1)
    }
    clock.pass(5_000)
    listens(last())
    clock.pass(LONG_MS)
    last().ends(1)
  }
  assert.ok(lines.every(line => line === 'a worker died'), lines.at(-1))
})

test('a configuration that cannot be used ends the whole start with what is wrong with it', async () => {
  const { forked, over } = scene()
  forked[0]?.says({ say: 'here' }, { say: 'refused', problems: PROBLEMS }).ends(1)
  await assert.rejects(over, (error: unknown) => error instanceof ConfigError && error.problems === PROBLEMS)
  assert.equal(forked.length, 1)
})

test('so does one that only a later worker meets', async () => {
  const { forked, listens, over } = scene()
  listens(forked[0])
  listens(forked[1])
  forked[2]?.says({ say: 'here' }, { say: 'refused', problems: PROBLEMS }).ends(1)
  for (const process of forked.slice(0, 2)) {
    assert.ok(process.drains)
    process.ends(0)
  }
  await assert.rejects(over, ConfigError)
})

test('a first worker that crashes at its start ends the start', async () => {
  const { forked, over } = scene()
  forked[0]?.says({ say: 'here' }).ends(1)
  assert.deepEqual([await over, forked.length], [1, 1])
})

test('a worker that cannot start again, since something it needs is away, is tried for as long as others serve', async () => {
  const { serving, clock, last, listens, forked, counted, over } = scene()
  const [first, second, third] = serving()
  third?.ends('SIGKILL')
  for (let i = 0; i < 20; i++) {
    clock.pass(5_000)
    last().says({ say: 'here' }, { say: 'refused', problems: PROBLEMS }).ends(1)
  }
  assert.ok(first?.running && !first.drains)
  clock.pass(5_000)
  listens(last())
  assert.deepEqual([counted.serving, forked.length], [3, 24])
  for (const process of [first, second, last()]) process?.ends('SIGKILL')
  for (let i = 0; i < 3; i++) {
    clock.pass(0)
    const waiting = forked.find(process => process.running)
    waiting?.says({ say: 'here' }, { say: 'refused', problems: PROBLEMS }).ends(1)
  }
  await assert.rejects(over, ConfigError)
})

test('what else a worker says is passed on with its number, and all that serve can be asked', async () => {
  const { serving, said, supervisor, forked } = scene()
  const [, second] = serving()
  second?.says({ say: 'scrape', id: 7 })
  assert.deepEqual(said, [[2, { say: 'scrape', id: 7 }]])
  second?.ends('SIGKILL')
  assert.deepEqual(supervisor.ask({ say: 'sample', id: 1 }), [1, 3])
  assert.deepEqual([forked[0], forked[2]].map(process => process?.told.at(-1)), [{ say: 'sample', id: 1 }, { say: 'sample', id: 1 }])
})
