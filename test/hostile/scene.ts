import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { setPriority } from 'node:os'
import { setTimeout as rest } from 'node:timers/promises'
import { askApi, type ApiAddress } from '../../src/cli/seed/api.ts'
import { AUDIENCE, Issuer } from '../adapters/auth/issuer.ts'
import { apiOf, openBackends, putOffice, startNodes } from '../e2e/installation.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import type { RunningPerch } from '../harness/perch.ts'
import { Attacker } from './attacker.ts'
import { whatIsKept } from './kept.ts'
import { p99, Witness } from './witness.ts'

/** What a node may have grown by when an attack is over; one that keeps what it is sent grows by far more. */
const MOST_GROWTH_BYTES = 250 * 1024 * 1024
/** How long nobody disturbs the witness, for comparison: first the node gets warm. */
const UNDISTURBED_MS = 2_000
/** HOSTILE_TURNS=20: each attack so many times, with as long a time before each in which nobody attacks, and the ratio says more. */
const TURNS = Number(process.env['HOSTILE_TURNS'] ?? 1)

/** Wrong credentials from one address, few enough to be reached in a test. */
export const FAILURES = 20

export interface Scene {
  node: RunningPerch
  admin: ApiAddress
  issuer: Issuer
  /** Of a member who may watch and claim. */
  member: string
  attacker (t: Cleanup, address: string): Attacker
  /** Of another key. */
  makeKey (name: string, role: string): Promise<string>
  /**
   * Runs an attack beside a client that does nothing wrong and goes on being served. Afterwards nothing is written, the node runs and has not grown by more than it may; says what the
   * client's p99 was beside that of the undisturbed run, and how much of that time the node itself worked: what is more is the machine's, which the attacker shares.
   */
  endures (t: Cleanup & { comment (text: string): void }, attack: () => Promise<unknown>): Promise<void>
}

/** A node with the limits as they are by default, on a Redis and a Postgres of its own, and an issuer of tokens. */
export async function openScene (t: Cleanup, env: Record<string, string> = {}): Promise<Scene> {
  const [issuer, backends] = [await Issuer.start(t), await openBackends(t)]
  const [node] = await startNodes(t, 1, { ...backends.env, AUTH: 'oidc', OIDC_ISSUER: issuer.url, OIDC_AUDIENCE: AUDIENCE, LIMITS: 'on', IP_FAILURES: String(FAILURES), ...env })
  assert.ok(node)
  const admin = apiOf(node)
  await putOffice(admin, { floors: { f1: 20 }, people: 30 })
  const witness = await Witness.open(t, admin, 'f1')
  await rest(UNDISTURBED_MS)
  const early = await witness.during(async () => await rest(UNDISTURBED_MS))
  // An attacker is somewhere else. This one has of the machine what the node, its servers and the witness leave.
  setPriority(19)
  const kept = async (): Promise<string> => await whatIsKept(backends.redis.port, String(backends.env['DATABASE_URL']))
  return {
    node,
    admin,
    issuer,
    member: await issuer.token(Date.now(), { sub: 'p0', exp: Math.floor(Date.now() / 1_000) + 3_600 }),
    attacker: (t, address) => new Attacker(t, node.url, address),
    makeKey: async (name, role) => (await askApi(admin, 'POST', '/v1/keys', { name, role, ...role === 'manager' ? { site: 'hq' } : {} }) as { token: string }).token,
    async endures (t, attack) {
      const [before, bytes, worked, begun] = [await kept(), await residentBytes(node.pid), await cpuMs(node.pid), performance.now()]
      const [took, untroubled]: [number[], number[]] = [[], []]
      let lastMs = 0
      for (let turn = 0; turn < TURNS; turn++) {
        if (turn > 0) untroubled.push(...await witness.during(async () => await rest(lastMs)))
        const since = performance.now()
        took.push(...await witness.during(attack))
        lastMs = performance.now() - since
      }
      const [busyMs, lastedMs] = [await cpuMs(node.pid) - worked, performance.now() - begun]
      assert.ok(node.running, await node.output())
      assert.equal(await kept(), before, 'nothing is written')
      const growth = await residentBytes(node.pid) - bytes
      assert.ok(growth < MOST_GROWTH_BYTES, `the node has grown by ${growth} bytes`)
      const calm = p99(untroubled.length === 0 ? early : untroubled)
      t.comment(`p99 of ${took.length} requests beside it: ${p99(took).toFixed(1)} ms, undisturbed ${calm.toFixed(1)} ms, ratio ${(p99(took) / calm).toFixed(2)}; worked ${busyMs.toFixed(0)} of ${lastedMs.toFixed(0)} ms; grown by ${(growth / 1e6).toFixed(0)} MB`)
    }
  }
}

/** Time on a core so far, of all its threads; in hundredths of a second. */
async function cpuMs (pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * 10
}

async function residentBytes (pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
}
