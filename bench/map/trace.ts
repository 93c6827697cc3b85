/** An event of Chromium's tracing, as far as it is looked at. Times in microseconds. */
interface TraceEvent {
  name: string
  ph: string
  pid: number
  tid: number
  ts: number
  dur?: number
}

/** What the main thread of the page did, frame by frame; milliseconds as the throttled page felt them. */
export interface MainThread {
  /** Script in each frame, with the messages that came before it. */
  script: number[]
  /** From one frame to the next. */
  frames: number[]
  /** Of everything that held the thread up. */
  longestTask: number
  tasksOver50: number
}

const SCRIPT = new Set(['FunctionCall', 'EvaluateScript', 'FireAnimationFrame', 'TimerFire', 'RunMicrotasks', 'v8.run', 'WebSocketReceive', 'EventDispatch', 'MinorGC', 'MajorGC'])
/** The frame is made there: script that ran since the last one belongs to it. */
const FRAME = 'FireAnimationFrame'

export function mainThreadOf (json: Buffer): MainThread {
  const { traceEvents } = JSON.parse(json.toString()) as { traceEvents: TraceEvent[] }
  const drawing = traceEvents.filter(({ name }) => name === FRAME)
  const thread = mostFrequent(drawing.map(({ pid, tid }) => `${pid} ${tid}`))
  const own = traceEvents.filter(({ pid, tid, ph }) => `${pid} ${tid}` === thread && ph === 'X').sort((a, b) => a.ts - b.ts)
  const tasks = own.filter(({ name }) => name === 'RunTask' || name === 'ThreadControllerImpl::RunTask').map(({ dur = 0 }) => dur / 1_000)
  const frames = own.filter(({ name }) => name === FRAME)
  const script: number[] = []
  const outermost = outermostOf(own.filter(({ name }) => SCRIPT.has(name)))
  let at = 0
  for (const { ts, dur = 0 } of frames) {
    let sum = 0
    for (; at < outermost.length && (outermost[at]?.ts ?? 0) <= ts + dur; at++) sum += (outermost[at]?.dur ?? 0) / 1_000
    script.push(sum)
  }
  return {
    script,
    frames: frames.slice(1).map(({ ts }, i) => (ts - (frames[i]?.ts ?? ts)) / 1_000),
    longestTask: Math.max(0, ...tasks),
    tasksOver50: tasks.filter(ms => ms > 50).length
  }
}

/** Script that was called by script counts once. `events` by their beginning. */
function outermostOf (events: readonly TraceEvent[]): TraceEvent[] {
  const outermost: TraceEvent[] = []
  let end = 0
  for (const event of events) {
    if (event.ts < end) continue
    outermost.push(event)
    end = event.ts + (event.dur ?? 0)
  }
  return outermost
}

function mostFrequent (items: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0] ?? ''
}

/** The value that a share of them do not exceed. */
export function quantile (values: readonly number[], share: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0
}
