import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../../test/harness/child.ts'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { makeFolder, removeFolder } from '../../test/harness/folder.ts'
import { freePort } from '../../test/harness/ports.ts'
import { until } from '../../test/harness/wait.ts'
import type { Contender, Missing } from './contender.ts'
import type { DialectName } from './dialect.ts'
import { pin, SERVER_CORE } from './pin.ts'

/** Where the peers' own packages are: beside the sources, since they are not compiled. */
export const FOLDER = fileURLToPath(new URL('../../../bench/peers', import.meta.url))
const NGINX = '/usr/sbin/nginx'
const NCHAN = '/usr/lib/nginx/modules/ngx_nchan_module.so'
const HOST = '127.0.0.1'

interface Peer {
  name: string
  dialect: DialectName
  /** Its command line, once what it needs is written to that folder; null: it cannot be had here. */
  command (folder: string, port: number): Promise<[string, ...string[]] | null>
  isNode: boolean
  /** What to say when it cannot be had. */
  why: string
}

const onNode = (name: string, script: string, dialect: DialectName = 'plain'): Peer => ({
  name, dialect, command: async () => [process.execPath, join(FOLDER, script)], isNode: true, why: ''
})

export const BARE = onNode('bare loop, one prebuilt buffer', 'bare.js')
export const WS = onNode('ws, send per client', 'ws.js')
export const PLUGIN = onNode('@fastify/websocket', 'fastify-websocket.js')
export const SOCKETIO = onNode('Socket.IO room', 'socketio.js', 'socketio')

export const BUN: Peer = {
  name: 'Bun publish (uWebSockets)',
  dialect: 'plain',
  command: async () => {
    const binary = bunBinary()
    return binary === null ? null : [binary, join(FOLDER, 'bun.js')]
  },
  isNode: false,
  why: 'there is no binary of Bun for this machine'
}

export const NCHAN_PEER: Peer = {
  name: 'nginx with nchan',
  dialect: 'plain',
  command: async (folder, port) => {
    if (!existsSync(NGINX) || !existsSync(NCHAN)) return null
    const config = await readFile(join(FOLDER, 'nginx.conf'), 'utf8')
    await writeFile(join(folder, 'nginx.conf'), config.replaceAll('PORT', String(port)))
    return [NGINX, '-p', folder, '-c', 'nginx.conf']
  },
  isNode: false,
  why: 'not installed: bench/peers/install-nginx'
}

export const ALL_PEERS: readonly Peer[] = [BARE, WS, PLUGIN, SOCKETIO, BUN, NCHAN_PEER]

interface PeerOptions {
  /** With Node's inspector, those that run on Node. */
  inspected?: boolean
}

export async function startPeers (t: Cleanup, peers: readonly Peer[], frames: { one: string, many: string }, options: PeerOptions = {}): Promise<Array<Contender | Missing>> {
  const started: Array<Contender | Missing> = []
  for (const peer of peers) started.push(await startPeer(t, peer, frames, options))
  return started
}

/** As a process of its own, gone when `t` ends. `frames`: what it sends to everybody when one change is published, and when many are. */
async function startPeer (t: Cleanup, { name, dialect, command, isNode, why }: Peer, frames: { one: string, many: string }, { inspected = false }: PeerOptions): Promise<Contender | Missing> {
  const folder = await makeFolder('peer')
  await mkdir(folder, { recursive: true })
  const port = await freePort()
  const words = await command(folder, port)
  if (words === null) {
    await removeFolder(folder)
    return { name, why }
  }
  const [file, ...args] = words
  const inspector = isNode && inspected ? await freePort() : null
  const inspecting = inspector === null ? [] : [`--inspect=${inspector}`]
  const child = await startChild(file, [...inspecting, ...args], { logFile: join(folder, 'output.log'), cwd: FOLDER, env: { PATH: process.env['PATH'], PORT: String(port) } })
  t.after(async () => {
    await child.end('SIGTERM')
    await removeFolder(folder)
  })
  await until(async () => !child.running || await accepts(port), { what: `${name} listens`, everyMs: 20 })
  if (!child.running) throw new Error(`${name} ended at its start:\n${await child.output()}`)
  pin(child.pid, SERVER_CORE)
  return { name, pid: child.pid, ...(inspector !== null && { inspector }), target: { dialect, host: HOST, port, floors: ['all'] }, source: { type: 'publish', url: `http://${HOST}:${port}`, ...frames } }
}

async function accepts (port: number): Promise<boolean> {
  return await new Promise(resolve => {
    const socket = connect(port, HOST)
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}

/** Of whichever platform's package npm chose. */
function bunBinary (): string | null {
  const packages = join(FOLDER, 'node_modules/@oven')
  if (!existsSync(packages)) return null
  return readdirSync(packages).map(name => join(packages, name, 'bin/bun')).find(path => existsSync(path)) ?? null
}
