/*
  Runs inside the page, before it: time goes as fast as it can, and the server is in here. `week` is what the command has put down beforehand:
  { startAt, floors: [{ summary, floor }], site, device, changesADay, dayMs }. Everything random comes from one seed, so that a week is the same each time.
*/
/* global week, AbortController, MessageChannel */
{
  const { startAt, floors, site, device, changesADay, dayMs } = week
  const RealDate = Date
  let now = 0
  let nextId = 1
  /** A heap by time, then by number. */
  const queue = []
  const cancelled = new Set()

  const sooner = (a, b) => a.at < b.at || (a.at === b.at && a.id < b.id)
  function put (timer) {
    queue.push(timer)
    for (let i = queue.length - 1; i > 0;) {
      const up = (i - 1) >> 1
      if (!sooner(queue[i], queue[up])) break
      ;[queue[i], queue[up]] = [queue[up], queue[i]]
      i = up
    }
  }
  function take () {
    const first = queue[0]
    const last = queue.pop()
    if (queue.length > 0) {
      queue[0] = last
      for (let i = 0; ;) {
        let least = i
        for (const child of [2 * i + 1, 2 * i + 2]) if (child < queue.length && sooner(queue[child], queue[least])) least = child
        if (least === i) break
        ;[queue[i], queue[least]] = [queue[least], queue[i]]
        i = least
      }
    }
    return first
  }
  function after (ms, run, everyMs = null, id = nextId++) {
    put({ at: now + Math.max(0, Number(ms) || 0), id, run, everyMs })
    return id
  }
  const cancel = id => { if (id !== undefined && id !== null) cancelled.add(id) }

  globalThis.setTimeout = (run, ms, ...given) => after(ms, () => run(...given))
  globalThis.setInterval = (run, ms, ...given) => after(ms, () => run(...given), Math.max(1, ms))
  globalThis.clearTimeout = globalThis.clearInterval = globalThis.cancelAnimationFrame = cancel
  globalThis.requestAnimationFrame = run => after(16, () => run(now))
  performance.now = () => now
  globalThis.Date = class Date extends RealDate {
    constructor (...given) { if (given.length === 0) super(startAt + now); else super(...given) }
    static now () { return startAt + now }
  }
  AbortSignal.timeout = ms => {
    const controller = new AbortController()
    after(ms, () => controller.abort(new Error('timed out')))
    return controller.signal
  }

  /** Promises have no time of their own. No chain of the page's is longer. */
  const CHAIN = 30
  async function settle () {
    for (let i = 0; i < CHAIN; i++) await null
  }
  /** A turn of the real event loop, in which a picture may be painted. */
  const channel = new MessageChannel()
  let turned = () => {}
  channel.port1.onmessage = () => turned()
  const turn = () => new Promise(resolve => { turned = resolve; channel.port2.postMessage(0) })

  async function run (ms) {
    const until = now + ms
    let turnedAt = now
    while (queue.length > 0 && queue[0].at <= until) {
      const timer = take()
      if (cancelled.delete(timer.id)) continue
      if (timer.at > now) await settle()
      if (timer.at - turnedAt > 20_000) {
        turnedAt = timer.at
        await turn()
      }
      now = Math.max(now, timer.at)
      timer.run()
      if (timer.everyMs !== null) put({ ...timer, at: timer.at + timer.everyMs })
    }
    now = until
    await turn()
    // Those that were cancelled after they had run.
    if (cancelled.size > 10_000) {
      const waiting = new Set(queue.map(({ id }) => id))
      for (const id of cancelled) if (!waiting.has(id)) cancelled.delete(id)
    }
  }

  let seed = 20260302
  function random () {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  Math.random = random

  // The server.
  const figures = { changes: 0, frames: 0, connections: 0, outages: 0, plans: 0, calls: 0 }
  const STATUSES = ['free', 'free', 'reserved', 'occupied', 'occupied', 'occupied', 'blocked']
  const moment = () => new RealDate(startAt + now).toISOString().slice(0, 19) + 'Z'
  const live = new Map(floors.map(({ floor }) => [floor.id, {
    floor: { ...floor },
    seq: 1,
    spaces: new Map(floor.spaces.map(({ id }) => [id, { id, status: 'free', since: moment() }]))
  }]))
  const sockets = new Set()
  let away = false

  const countsOf = ({ spaces }) => {
    const counts = { free: 0, freeBriefly: 0, reserved: 0, occupied: 0, blocked: 0, unknown: 0, zones: {} }
    for (const { status, brief } of spaces.values()) counts[status === 'free' && brief ? 'freeBriefly' : status]++
    return counts
  }
  const snapshotOf = state => ({ type: 'snapshot', floor: state.floor.id, epoch: 1, seq: state.seq, plan: state.floor.revision, audience: 'anonymous', spaces: [...state.spaces.values()], counts: countsOf(state) })

  globalThis.WebSocket = class {
    listeners = { open: [], message: [], error: [], close: [] }
    watched = new Set()
    over = false
    constructor () {
      after(30, () => {
        if (this.over) return
        if (away) return this.end(1006)
        figures.connections++
        sockets.add(this)
        this.tell('open', {})
        this.say({ type: 'welcome', now: moment(), pulseMs: 5_000, retry: { minMs: 250, maxMs: 3_000 } })
        this.pulse()
      })
    }

    addEventListener (type, listener) { this.listeners[type].push(listener) }
    tell (type, event) { if (!this.over) for (const listener of this.listeners[type]) listener(event) }
    say (frame) {
      figures.frames++
      this.tell('message', { data: JSON.stringify(frame) })
    }

    pulse () {
      after(5_000, () => {
        if (this.over) return
        this.say({ type: 'pulse', now: moment(), floors: Object.fromEntries([...this.watched].map(id => [id, { epoch: 1, seq: live.get(id).seq, checkedAt: moment() }])) })
        this.pulse()
      })
    }

    send (text) {
      const frame = JSON.parse(text)
      after(5, () => {
        if (this.over) return
        const state = live.get(frame.floor)
        if (frame.type === 'unwatch') {
          this.watched.delete(frame.floor)
          return this.say({ type: 'reply', id: frame.id, ok: true })
        }
        if (frame.type !== 'watch' || state === undefined) return
        this.watched.add(frame.floor)
        this.say({ type: 'reply', id: frame.id, ok: true, audience: 'anonymous', epoch: 1, seq: state.seq })
        if (frame.seq !== state.seq) this.say(snapshotOf(state))
      })
    }

    end (code) {
      sockets.delete(this)
      this.tell('close', { code, reason: '' })
      this.over = true
    }

    close () {
      this.over = true
      sockets.delete(this)
    }
  }

  const html = document.documentElement?.outerHTML ?? ''
  const answer = (status, body) => Promise.resolve({ ok: status < 300, status, json: () => Promise.resolve(structuredClone(body)), text: () => Promise.resolve(String(body)) })
  globalThis.fetch = path => {
    figures.calls++
    if (away) return Promise.reject(new TypeError('no connection'))
    if (path === '/v1/sites') return answer(200, { sites: [site] })
    if (path === '/v1/floors') return answer(200, { floors: floors.map(({ summary }) => summary) })
    if (path === '/v1/devices/self') return answer(200, device)
    const floor = live.get(path.replace('/v1/floors/', ''))?.floor
    return floor === undefined ? answer(200, html) : answer(200, floor)
  }

  /** How busy the house is at that hour of the day: nobody comes at night, most come and go around nine, noon and five. */
  function busyness (hour) {
    if (hour < 6 || hour > 20) return 0.02
    return [9, 12, 13, 17].includes(Math.floor(hour)) ? 3 : 1
  }
  function change () {
    const hour = new RealDate(startAt + now).getUTCHours()
    after(dayMs / changesADay / busyness(hour) * 1.02 * -Math.log(1 - random()), change)
    const states = [...live.values()]
    const state = states[Math.floor(random() * states.length)]
    const ids = [...state.spaces.keys()]
    const id = ids[Math.floor(random() * ids.length)]
    const view = { id, status: STATUSES[Math.floor(random() * STATUSES.length)], since: moment() }
    if (view.status === 'free' && random() < 0.1) view.brief = true
    state.spaces.set(id, view)
    figures.changes++
    const from = state.seq++
    const { zones, ...recount } = countsOf(state)
    for (const socket of sockets) if (socket.watched.has(state.floor.id)) socket.say({ type: 'diff', floor: state.floor.id, epoch: 1, from, to: state.seq, spaces: [view], recount })
  }
  after(1_000, change)

  /** Twice a day a connection ends as networks do; once the server is away for half an hour. */
  const cut = () => { for (const socket of [...sockets]) socket.end(1006) }
  globalThis.setInterval(cut, dayMs / 2 + 7_000)
  globalThis.setInterval(() => {
    figures.outages++
    away = true
    cut()
    after(1_800_000, () => { away = false })
  }, dayMs)
  /** Once a day somebody draws a floor anew. */
  globalThis.setInterval(() => {
    const states = [...live.values()]
    const state = states[Math.floor(random() * states.length)]
    state.floor = { ...state.floor, revision: state.floor.revision + 1 }
    state.seq++
    figures.plans++
    for (const socket of sockets) if (socket.watched.has(state.floor.id)) socket.say(snapshotOf(state))
  }, dayMs + 3_600_000)

  globalThis.perchWeek = { run, figures: () => ({ ...figures, timers: queue.length }) }
}
