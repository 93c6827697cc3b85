import assert from 'node:assert/strict'
import { runInThisContext } from 'node:vm'
import { transform } from 'esbuild'
import { createElement, type ComponentType } from 'react'
import { act, create, type ReactTestRenderer } from 'react-test-renderer'
import { test } from 'tap'
import { WebSocket } from 'ws'
import type { Authenticator } from '../../src/application/principal.ts'
import { systemClock, type Clock } from '../../src/client/clock.ts'
import * as client from '../../src/client/index.ts'
import * as offline from '../../src/client/offline-queue.ts'
import * as hooks from '../../src/client/react.ts'
import type { Cleanup } from '../harness/cleanup.ts'
import { until } from '../harness/wait.ts'
import { ADMIN, rowOfDesks } from '../stand-ins/building.ts'
import { byRole } from '../transports/http/open-server.ts'
import { openLive } from '../transports/live/open-live.ts'
import { examples } from './examples.ts'

const modules = { 'perch/client': client, 'perch/offline': offline, 'perch/react': hooks }

/** Node 20 has none: what a page has. */
Object.assign(globalThis, { WebSocket, IS_REACT_ACT_ENVIRONMENT: true })

/** The office that the page tells of: floor hq-3 with desks d12 to d15, of which ben has d14. */
async function office (t: Cleanup): Promise<{ url: string, clock: Clock }> {
  const authenticator: Authenticator = {
    async authenticate (token, address) {
      const principal = await byRole.authenticate(token?.replace('.', ':') ?? null, address)
      // One that was paired is of a site.
      return principal.role === 'kiosk' ? { ...principal, site: 'hq' } : principal
    }
  }
  const { building, claim, port } = await openLive(t, { authenticator })
  await building.admin.putFloor(ADMIN, 'hq-3', rowOfDesks(['hq-3-d12', 'hq-3-d13', 'hq-3-d14', 'hq-3-d15']), { release: false })
  await building.admin.putPeople(ADMIN, { people: [{ id: 'cleo', name: 'Cleo', badges: ['04A2C9'] }] })
  await claim('hq-3-d14', 'member:ben')
  // The building's clock goes on only when somebody winds it.
  const winding = setInterval(() => building.clock.pass(5), 5)
  t.after(() => clearInterval(winding))
  // A device whose clock is right; the building's stands in another year.
  return { url: `http://127.0.0.1:${port}`, clock: { ...systemClock(), now: () => building.clock.now() } }
}

/** Runs an example with what it takes for granted; gives what it exports. */
async function run (code: string, url: string, scene: Record<string, unknown>): Promise<Record<string, unknown>> {
  const checked = code.replace(/^(\S.*?) +\/\/ → (.+)$/gm, 'assert.deepEqual($1, $2)').replaceAll('https://perch.example.com', url)
  const { code: plain } = await transform(checked, { loader: 'tsx', format: 'esm', target: 'es2022' })
  const exported: string[] = []
  const body = plain
    .replace(/^import (\{[^}]*\}) from "([^"]+)";$/gm, 'const $1 = modules["$2"];')
    .replace(/^export \{([^}]*)\};?$/gm, (_, names: string) => {
      exported.push(...names.split(',').map(name => name.trim()))
      return ''
    })
  const given = { modules, assert, React: { createElement }, ...scene }
  const program: (...given: unknown[]) => Promise<Record<string, unknown>> = runInThisContext(`(async (${Object.keys(given).join()}) => {\n${body}\nreturn { ${exported.join()} }\n})`)
  return await program(...Object.values(given))
}

test('the examples of the page do what it says', async t => {
  const { url, clock } = await office(t)
  const clients: client.Perch[] = []
  const kept = new Map<string, string>()
  const nothing = (): void => {}
  await run(await examples('ts'), url, {
    fetchToken: async () => 'member.ada',
    kioskToken: () => 'kiosk',
    localStorage: { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => { kept.set(key, value) } },
    draw: nothing,
    show: nothing,
    erase: nothing,
    list: nothing,
    sorry: nothing,
    banner: nothing,
    tell: nothing,
    modules: {
      ...modules,
      'perch/client': {
        ...client,
        connect: (options: client.ConnectOptions) => {
          const made = client.connect({ ...options, clock })
          clients.push(made)
          t.after(() => made.close())
          return made
        }
      }
    }
  })
  assert.equal(clients.length, 2)
  assert.deepEqual(JSON.parse(kept.get('perch.queue') ?? ''), [])
})

test('the components of the page show a floor, and claim on it', async t => {
  const perch = client.connect({ ...await office(t), token: () => 'member.ada' })
  t.after(() => perch.close())
  const { App } = await run(await examples('tsx'), '', { perch, report: (error: unknown) => { throw error } }) as { App: ComponentType }
  let page: ReactTestRenderer | undefined
  await act(async () => { page = create(createElement(App)) })
  t.after(async () => { await act(async () => page?.unmount()) })
  const shows = async (text: RegExp) => {
    await until(async () => {
      await act(async () => {})
      return text.test(JSON.stringify(page?.toJSON()))
    }, { what: `the page shows ${text}` })
  }
  await shows(/"3"," desks are free/)
  await act(async () => { page?.root.findByType('button').props['onClick']() })
  // Without the mark of what is pending.
  await shows(/"reserved"\]/)
  await shows(/"2"," desks are free/)
})
