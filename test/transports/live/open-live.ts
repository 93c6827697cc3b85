import type { AddressInfo, Socket } from 'node:net'
import { STREAM_LIMITS, type StreamLimits } from '../../../src/application/stream-limits.ts'
import type { Limits } from '../../../src/application/limits.ts'
import type { Authenticator, Principal } from '../../../src/application/principal.ts'
import { Peers } from '../../../src/transports/http/peers.ts'
import { httpServer } from '../../../src/transports/http/server.ts'
import { live } from '../../../src/transports/live/live.ts'
import type { Socket as PeerSocket } from '../../../src/application/watcher.ts'
import { openDesk } from '../../harness/access.ts'
import type { Cleanup } from '../../harness/cleanup.ts'
import { StreamNode } from '../../harness/stream-node.ts'
import { until } from '../../harness/wait.ts'
import { ADMIN, openBuilding, rowOfDesks, withSite, type Building } from '../../stand-ins/building.ts'
import type { KeysInMemory } from '../../stand-ins/keys.ts'
import type { DeviceDesk } from '../../../src/transports/http/devices.ts'
import { byRole, Lines } from '../http/open-server.ts'
import type { Heard } from './heard.ts'

export interface LiveOptions {
  limits?: Partial<StreamLimits>
  authenticator?: Authenticator
  origins?: readonly string[]
  /** New connections per second; 0, the default: all. */
  acceptRate?: number
  /** Connections of the live stream; by default all. */
  mostSessions?: number
  /** What addresses and principals may; by default as much as they like. */
  rates?: Limits
  trustedProxies?: readonly string[]
  /** Of floor f1: d1, d2 … */
  desks?: number
}

export interface LiveServer {
  building: Building
  /** Those that were made over HTTP. */
  keys: KeysInMemory
  /** Those that are paired here, and how they are. Nobody is let in by their tokens: that is the authenticator's. */
  devices: DeviceDesk
  /** A ticket of theirs. */
  ticket (principal: Principal): Promise<string>
  stream: StreamNode
  app: Awaited<ReturnType<typeof httpServer>>
  lines: Lines
  port: number
  /** The server's ends of all connections that are open. */
  sockets: ReadonlySet<Socket>
  /** What each session writes to, in the order they came. */
  opened: readonly PeerSocket[]
  /** Why each newcomer who was sent away was. */
  turnedAway: readonly string[]
  /** A claim of ada's over HTTP, by token of byRole; its id. */
  claim (space: string, as?: string): Promise<string>
  /** Sends a request and gives its reply. */
  ask (client: Heard & { send (frame: unknown): void }, frame: Record<string, unknown> & { id: string }): Promise<Record<string, unknown>>
  /** Looks until it holds, while the stream's clock goes on as the machine's does. */
  until<T> (what: string, condition: () => T | Promise<T>): Promise<unknown>
}

/** One node with all its transports on 127.0.0.1, over the memory store and on the building's clock: floor f1, and ada and ben. */
export async function openLive (t: Cleanup, { limits = {}, authenticator = byRole, origins = [], acceptRate = 0, mostSessions, rates, trustedProxies, desks = 3 }: LiveOptions = {}): Promise<LiveServer> {
  const building = await withSite(await openBuilding(t))
  await building.admin.putFloor(ADMIN, 'f1', rowOfDesks(Array.from({ length: desks }, (_, i) => `d${i + 1}`)), { release: false })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'ada', name: 'Ada' }, { id: 'ben', name: 'Ben' }] })
  const { store, clock, commands } = building
  const stream = new StreamNode(t, { store, clock, commands, authenticator, limits, ...(rates === undefined ? {} : { rates }) })
  const peers = new Peers({ trustedProxies, limits: rates })
  const opened: PeerSocket[] = []
  const open = stream.sessions.open.bind(stream.sessions)
  stream.sessions.open = (start, options) => {
    opened.push(start.socket)
    return open(start, options)
  }
  const lines = new Lines()
  const { keys, ticketing, devices, kept } = openDesk(building)
  const turnedAway: string[] = []
  const transports = live({
    sessions: stream.sessions,
    hub: stream.hub,
    authenticator,
    clock: stream.clock,
    limits: { ...STREAM_LIMITS, ...limits },
    metrics: { turnedAway: why => { turnedAway.push(why) } },
    acceptRate,
    mostSessions,
    rates,
    peers,
    origins,
    ticketing,
    onError: error => { stream.errors.push(error) }
  })
  const app = await httpServer({
    edge: { commands, directory: building.admin, records: building.records, keys, ticketing, devices, live: transports.routes, admit: transports.admit },
    authenticator,
    log: lines.logger(),
    metrics: { contentType: 'text/plain; version=0.0.4', text: async () => 'perch_up 1\n', answered () {} },
    readiness: async () => ({ ready: true, checks: {} }),
    version: '0.0.0',
    tls: null,
    limits: rates,
    peers,
    origins
  })
  transports.attach(app)
  const sockets = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  t.after(async () => { await app.close() })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const soon: LiveServer['until'] = async (what, condition) => await until(async () => {
    const held = await condition()
    if (!held) clock.pass(5)
    return held
  }, { what })
  return {
    building,
    keys: kept,
    devices,
    ticket: async principal => (await ticketing.issue(principal)).ticket,
    stream,
    app,
    lines,
    port: (app.server.address() as AddressInfo).port,
    sockets,
    opened,
    turnedAway,
    async claim (space, as = 'member:ada') {
      const { statusCode, body } = await app.inject({
        method: 'POST', url: '/v1/claims', headers: { authorization: `Bearer ${as}`, host: '127.0.0.1' }, payload: { id: building.newId(), space, await: 'accepted' }
      })
      if (statusCode !== 201) throw new Error(`claim refused: ${body}`)
      return (JSON.parse(body) as { claim: { id: string } }).claim.id
    },
    until: soon,
    async ask (client, frame) {
      client.send(frame)
      await soon(`a reply to ${frame.id}`, () => client.reply(frame.id) !== undefined)
      return { ...client.reply(frame.id) }
    }
  }
}
