import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { test } from 'tap'
import { PROTOCOL } from '../../src/client/frame.ts'
import { SUBPROTOCOL } from '../../src/protocol/frames.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const CORE_BYTES = 8 * 1024
const QUEUE_BYTES = 2 * 1024

/** As an application's build makes it. `of`: what is imported of the entry. */
async function bundle (of: string, entry: string): Promise<{ bytes: number, files: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export { ${of} } from './src/client/${entry}'`, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    external: ['react'],
    write: false,
    metafile: true
  })
  const [output] = outputFiles
  assert.ok(output)
  // What is imported and not used is not part of it.
  const files = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file))
  return { bytes: gzipSync(output.contents, { level: 9 }).length, files: files.sort() }
}

test(`the core has at most ${CORE_BYTES} bytes`, async t => {
  const { bytes } = await bundle('connect, PerchError', 'index.ts')
  t.comment(`${bytes} bytes, minified and gzipped`)
  assert.ok(bytes <= CORE_BYTES, `${bytes} bytes`)
})

test('the core brings neither hooks nor queue nor packages along', async () => {
  const { files } = await bundle('connect, PerchError', 'index.ts')
  const others = files.filter(file => !/^src\/(?:client|domain)\//.test(file) && file !== '<stdin>')
  assert.deepEqual(others, [])
  assert.ok(files.includes('src/client/line.ts'))
  for (const file of ['react', 'offline-queue']) assert.ok(!files.includes(`src/client/${file}.ts`), file)
})

test('the queue and the hooks do not bring the core along', async t => {
  const queue = await bundle('openOfflineQueue', 'offline-queue.ts')
  const hooks = await bundle('PerchProvider, usePerch, useConnection, useMine, useFloor, useCounts, useFreshness, useSpace', 'react.ts')
  t.comment(`${queue.bytes} and ${hooks.bytes} bytes`)
  for (const { bytes, files } of [queue, hooks]) {
    assert.ok(!files.includes('src/client/connect.ts') && !files.includes('src/client/line.ts'), files.join())
    assert.ok(bytes <= QUEUE_BYTES, `${bytes} bytes`)
  }
})

test('whoever needs errors alone gets errors alone', async () => {
  assert.deepEqual((await bundle('PerchError', 'index.ts')).files.filter(file => file !== '<stdin>'), ['src/client/error.ts'])
})

test('the subprotocol is that of the server', async () => {
  assert.equal(PROTOCOL, SUBPROTOCOL)
})
