import { test } from 'tap'
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'

interface Package {
  version: string
  integrity?: string
  license?: string
  dev?: boolean
  hasInstallScript?: boolean
}

interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
}

const read = async <T>(name: string): Promise<T> => JSON.parse(await readFile(new URL(`../../${name}`, import.meta.url), 'utf8')) as T

/** Everything that is installed, by its path in node_modules. */
async function installed (): Promise<Array<[path: string, found: Package]>> {
  const { packages } = await read<{ packages: Record<string, Package> }>('package-lock.json')
  return Object.entries(packages).filter(([path]) => path !== '')
}

/** What a work under Apache-2.0 may be shipped with: they ask for no more than their notices. */
const COMPATIBLE = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', '0BSD', 'CC0-1.0'])
/** Of tools, which are not shipped; MPL-2.0 asks nothing of what is made with it, and what is made with the type (OFL-1.1) may be shipped beside it. */
const OF_TOOLS = new Set([...COMPATIBLE, 'MPL-2.0', 'OFL-1.1', '(MIT OR Apache-2.0)', 'Python-2.0', 'CC-BY-3.0', '(WTFPL OR MIT)', '(MIT OR CC0-1.0)'])
/** Tools that say their licence in another place than the lock file: both are MIT. */
const MIT_ELSEWHERE = new Set(['node_modules/jsonc-simple-parser', 'node_modules/xmlhttprequest-ssl'])
/** Its script only looks whether the binary that npm has put there works, and makes its start faster. */
const SCRIPT_NOT_NEEDED = new Set(['node_modules/esbuild'])
/** The lowest that have the fixes that are known, wherever in the tree they are. */
const LEAST: Readonly<Record<string, string>> = { ws: '8.21.0', fastify: '5.12.2', ioredis: '6.0.0' }

test('the lock file names each package that is asked for, in the very version, and has a hash of everything', async () => {
  const { dependencies, devDependencies } = await read<Manifest>('package.json')
  const found = new Map(await installed())
  for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
    assert.match(version, /^\d+\.\d+\.\d+(?:-[\w.]+)?$/, `${name} is pinned`)
    assert.equal(found.get(`node_modules/${name}`)?.version, version, name)
  }
  assert.deepEqual([...found].filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? '')).map(([path]) => path), [])
})

test('no package needs a script to be installed', async () => {
  const scripted = (await installed()).filter(([, { hasInstallScript }]) => hasInstallScript === true)
  assert.deepEqual(scripted.filter(([path, { dev }]) => dev !== true || !SCRIPT_NOT_NEEDED.has(path)).map(([path]) => path), [])
})

test('every package may be used in a work under Apache-2.0', async () => {
  const others = (await installed()).filter(([path, { license = '', dev }]) => !(dev === true ? OF_TOOLS : COMPATIBLE).has(license) && !(dev === true && MIT_ELSEWHERE.has(path)))
  assert.deepEqual(others.map(([path, { license }]) => [path, license]), [])
})

test('no package is older than the fixes that are known for it', async () => {
  const old = (await installed()).filter(([path, { version }]) => {
    const least = LEAST[path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)]
    return least !== undefined && version.localeCompare(least, 'en', { numeric: true }) < 0
  })
  assert.deepEqual(old.map(([path, { version }]) => [path, version]), [])
})
