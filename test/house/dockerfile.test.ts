import { before, after, test } from 'tap'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startChild } from '../harness/child.ts'
import { makeFolder, removeFolder } from '../harness/folder.ts'
import { buildImages } from '../harness/image.ts'
import type { Image } from '../harness/image.ts'
import { freePort } from '../harness/ports.ts'
import { freshDatabase } from '../harness/postgres.ts'
import { startRedis } from '../harness/redis.ts'
import { sharedPostgres } from '../harness/shared-postgres.ts'
import { until } from '../harness/wait.ts'

/*
 * There need not be a Docker engine where this runs: every step of the Dockerfile is run in a clean folder, with this machine's node
 * in place of the base image's. What that cannot show is the base image and the user.
 */
const root = fileURLToPath(new URL('../..', import.meta.url))
let folder = ''
let runtime: Image

before(async () => {
  folder = await makeFolder('image')
  const image = (await buildImages(root, folder)).get('runtime')
  assert.ok(image)
  runtime = image
})
after(() => removeFolder(folder))

test('the image holds what runs, and neither sources, tests, compilers nor settings', async () => {
  assert.deepEqual((await readdir(runtime.folder)).sort(), ['LICENSE', 'dist', 'node_modules', 'package.json'])
  const manifest: { dependencies: object, devDependencies: object } = JSON.parse(await readFile(join(runtime.folder, 'package.json'), 'utf8'))
  for (const name of Object.keys(manifest.dependencies)) assert.ok(existsSync(join(runtime.folder, 'node_modules', name)), name)
  for (const name of ['typescript', 'tap', 'eslint', 'tsx']) assert.equal(existsSync(join(runtime.folder, 'node_modules', name)), false, name)
})

test('every file of the sources is in the image, as it was compiled, and the pages', async () => {
  const sources = (await readdir(join(root, 'src'), { recursive: true, withFileTypes: true })).filter(entry => entry.isFile())
  const paths = sources.map(entry => join(entry.parentPath, entry.name).slice(join(root, 'src').length))
  for (const path of paths) {
    if (path.startsWith('/web/')) continue
    const built = path.endsWith('.d.ts') ? undefined : path.replace(/\.ts$/, '.js')
    if (built !== undefined) assert.ok(existsSync(join(runtime.folder, 'dist', built)), built)
  }
  for (const page of ['.', 'map', 'display', 'kiosk', 'admin']) assert.ok(existsSync(join(runtime.folder, 'dist/web', page, 'index.html')), page)
})

test('the image does not run as root', async () => {
  assert.equal(runtime.user, 'node')
})

test('the command line of the image tells its version', async () => {
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'))
  const { code, output } = await ask(['node', 'dist/cli.js', '--version'], {})
  assert.equal(code, 0, output)
  assert.match(output, new RegExp(`\\b${version.replaceAll('.', '\\.')}\\b`))
})

test('the image migrates, starts as compose.yaml starts it, and becomes healthy', async t => {
  const [redis, lock, url] = await Promise.all([startRedis(t), startRedis(t), sharedPostgres().then(server => freshDatabase(t, server))])
  const port = String(await freePort())
  const env = {
    HOST: '127.0.0.1', PORT: port, REDIS_URL: redis.url, LOCK_REDIS_URLS: lock.url, DATABASE_URL: url, SECRET: 's'.repeat(64), ORG: 'demo'
  }
  const migrated = await ask(['node', 'dist/cli.js', 'migrate'], env)
  assert.equal(migrated.code, 0, migrated.output)
  assert.notEqual((await ask(runtime.healthcheck, env)).code, 0)

  const [file = '', ...words] = runtime.command
  const node = await startChild(file, words, { cwd: runtime.folder, env: environment(env), logFile: join(folder, 'node.log') })
  t.after(() => node.end('SIGKILL'))
  await until(async () => {
    assert.ok(node.running, await node.output())
    return (await ask(runtime.healthcheck, env)).code === 0
  }, { what: 'the health check passes', withinMs: 60_000, everyMs: 100 })
  await node.end('SIGTERM')
  assert.equal(await node.exited, 0, await node.output())
})

function environment (env: Record<string, string>): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], ...runtime.env, ...env }
}

/** Runs a command as the image would. */
async function ask ([file = '', ...words]: string[], env: Record<string, string>): Promise<{ code: number, output: string }> {
  return await new Promise(resolve => {
    execFile(file, words, { cwd: runtime.folder, env: environment(env) }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, output: stdout + stderr })
    })
  })
}
