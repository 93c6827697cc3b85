import { createRequire } from 'node:module'
import { join } from 'node:path'
import { deflateRawSync, gunzipSync, gzipSync, inflateRawSync } from 'node:zlib'
import { askApi } from '../../src/cli/seed/api.ts'
import type { Audience } from '../../src/domain/audience.ts'
import type { Cleanup } from '../../test/harness/cleanup.ts'
import { ADMIN_KEY } from '../../test/harness/admin-key.ts'
import { median } from '../rate.ts'
import type { Row, Table, Terms } from '../report.ts'
import { FOLDER } from './peers.ts'
import { benchFloor, perchNode, putFloor, type PerchContender } from './perch-node.ts'
import { diffOf, firstOf } from './sample-frames.ts'

const SPACES = 500
/** Of each hundred spaces: claimed, and blocked. */
const CLAIMED = 40
const BLOCKED = 5
const ZONES = ['north', 'south', 'east', 'west']
const AT_ONCE = 16
const TURNS = 5
/** Bytes that each turn encodes and decodes. */
const WORK_BYTES = 20_000_000
const WORK_BYTES_QUICK = 2_000_000

interface Encoding {
  name: string
  encode (frame: unknown): Uint8Array
  decode (bytes: Uint8Array): unknown
}

const json: Encoding = {
  name: 'JSON',
  encode: frame => Buffer.from(JSON.stringify(frame)),
  decode: bytes => JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString())
}

/** One of them is a package of the peers', which other benchmarks do without. */
function encodings (): Encoding[] {
  return [
    json,
    { name: 'MessagePack', ...createRequire(join(FOLDER, 'package.json'))('@msgpack/msgpack') as Pick<Encoding, 'encode' | 'decode'> },
    { name: 'JSON, deflated for all at once', encode: frame => deflateRawSync(json.encode(frame)), decode: bytes => json.decode(inflateRawSync(bytes)) },
    { name: 'JSON, gzipped', encode: frame => gzipSync(json.encode(frame)), decode: bytes => json.decode(gunzipSync(bytes)) }
  ]
}

/** How large are frames, and would another encoding pay? */
export async function benchBytes (t: Cleanup, { quick, turns: asked, progress }: Terms): Promise<Table[]> {
  const turns = asked ?? (quick ? 2 : TURNS)
  const all = encodings()
  progress('fills a floor')
  const perch = await perchNode(t, { floors: 1, spaces: 100 })
  const floor = await busyFloor(perch)
  const frames = [
    { name: 'one change, anonymous, no zones', frame: await changeOf(perch, 'hq-0', 'anonymous'), aims: { JSON: 262 } },
    { name: `one change, anonymous, ${ZONES.length} zones`, frame: await changeOf(perch, floor, 'anonymous'), aims: { JSON: 262 } },
    { name: `one change, named, ${ZONES.length} zones`, frame: await changeOf(perch, floor, 'named'), aims: {} },
    { name: `snapshot of ${SPACES}, anonymous`, frame: await snapshotOf(perch, floor, 'anonymous'), aims: { 'JSON, gzipped': 6 * 1024 } },
    { name: `snapshot of ${SPACES}, named`, frame: await snapshotOf(perch, floor, 'named'), aims: { 'JSON, gzipped': 17 * 1024 } }
  ]
  const rows = frames.flatMap(({ name, frame, aims }) => {
    progress(name)
    const plain = json.encode(frame).byteLength
    return all.map(encoding => rowOf(name, frame, encoding, plain, turns, quick ? WORK_BYTES_QUICK : WORK_BYTES, new Map(Object.entries(aims))))
  })
  return [{
    title: 'Bytes of a frame, and CPU to make and to read it',
    about: [
      `A floor of ${SPACES} spaces in ${ZONES.length} zones, ${CLAIMED} % claimed, ${BLOCKED} % blocked; frames as Perch sends them. A server makes a frame once for all its sockets, each client reads it.`,
      `CPU in Node, medians of ${turns} turn(s); payload alone, without the 2 to 4 bytes of WebSocket.`
    ],
    rows
  }]
}

function rowOf (name: string, frame: unknown, { name: encoding, encode, decode }: Encoding, plain: number, turns: number, work: number, aims: ReadonlyMap<string, number>): Row {
  const encoded = encode(frame)
  const times = Math.ceil(work / plain)
  const aim = aims.get(encoding) ?? null
  return {
    frame: name,
    encoding,
    bytes: encoded.byteLength,
    'of JSON %': Math.round(100 * encoded.byteLength / plain),
    'encode µs': median(Array.from({ length: turns }, () => microsOf(times, () => encode(frame)))),
    'decode µs': median(Array.from({ length: turns }, () => microsOf(times, () => decode(encoded)))),
    'aim at most': aim,
    '': aim === null ? '' : encoded.byteLength <= aim ? 'reached' : 'missed'
  }
}

function microsOf (times: number, work: () => unknown): number {
  for (let i = 0; i < times / 10; i++) work()
  const before = process.cpuUsage()
  for (let i = 0; i < times; i++) work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / times
}

async function busyFloor ({ url }: PerchContender): Promise<string> {
  const floor = benchFloor('hq-3', SPACES)
  const ask = async (method: string, path: string, body: unknown) => await askApi({ url, token: ADMIN_KEY }, method, path, body)
  await putFloor(url, floor, ZONES)
  await ask('PUT', '/v1/people', { people: floor.spaces.map((_, i) => ({ id: `p${String(i).padStart(4, '0')}`, name: nameOf(i) })) })
  const left = floor.spaces.map((space, i) => ({ space, i }))
  const some = async () => {
    for (let next = left.pop(); next !== undefined; next = left.pop()) {
      const { space, i } = next
      if (i % 100 < CLAIMED) await ask('POST', '/v1/claims', { space, person: `p${String(i).padStart(4, '0')}`, to: until(i), checkIn: i % 2 === 0 })
      else if (i % 100 < CLAIMED + BLOCKED) await ask('PUT', `/v1/spaces/${space}/block`, {})
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, some))
  return floor.id
}

const QUARTER_MS = 15 * 60_000

/** People stay from one to nine hours, by the quarter of an hour. */
function until (i: number): string {
  return new Date(QUARTER_MS * (Math.ceil(Date.now() / QUARTER_MS) + 4 + (i * 7) % 33)).toISOString()
}

/** As long and as varied as names are: each of the 154 is another one. */
const FIRST_NAMES = ['Ann', 'Bartholomäus', 'Chidi', 'Dóra', 'Eva', 'Farid', 'Grace', 'Hiroshi', 'Inés', 'Jo', 'Katarzyna', 'Luca', 'Maëlle', 'Thi Thu']
const LAST_NAMES = ['Lee', 'Krämer', 'Okafor', 'Szabó', 'van den Berg', 'Haddad', 'O’Neill', 'Tanaka', 'García Márquez', 'Wiśniewska', 'Dubois']

function nameOf (i: number): string {
  return `${FIRST_NAMES[i % FIRST_NAMES.length]} ${LAST_NAMES[i % LAST_NAMES.length]}`
}

async function snapshotOf (perch: PerchContender, floor: string, audience: Audience): Promise<unknown> {
  return JSON.parse(await firstOf(perch, { type: 'watch', id: '1', floor, audience }, 'snapshot'))
}

/** Of a claim, which is what most changes are. */
async function changeOf (perch: PerchContender, floor: string, audience: Audience): Promise<unknown> {
  const nth = audience === 'named' ? 61 : floor === 'hq-0' ? 62 : 63
  const claim = { space: `${floor}-d${nth}`, person: `p00${nth}`, to: until(1) }
  return JSON.parse(await diffOf(perch, { type: 'watch', id: '1', floor, audience }, async () => await askApi({ url: perch.url, token: ADMIN_KEY }, 'POST', '/v1/claims', claim)))
}
