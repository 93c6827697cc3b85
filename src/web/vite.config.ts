import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompress, gzip } from 'node:zlib'
import { promisify } from 'node:util'
import { defineConfig, type Plugin } from 'vite'
import { offlineFiles } from './offline-files.ts'

const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** Bytes. Less gains nothing. */
const WORTH_COMPRESSING = 1_024

/** Writes each text once more, deflated as well as can be: once here, and never while somebody waits. */
function compressed (): Plugin {
  return {
    name: 'compressed',
    apply: 'build',
    async writeBundle ({ dir = '' }) {
      const files = (await readdir(dir, { recursive: true, withFileTypes: true })).filter(entry => entry.isFile() && /\.(?:js|css|html|svg|json|webmanifest)$/.test(entry.name))
      await Promise.all(files.map(async ({ parentPath, name }) => {
        const path = join(parentPath, name)
        const content = await readFile(path)
        if (content.length < WORTH_COMPRESSING) return
        await Promise.all([
          promisify(brotliCompress)(content).then(async bytes => await writeFile(`${path}.br`, bytes)),
          promisify(gzip)(content, { level: 9 }).then(async bytes => await writeFile(`${path}.gz`, bytes))
        ])
      }))
    }
  }
}

const PRELOADS = /^[ \t]*<link rel="modulepreload".*\n/gm

/** What pages share stands before their own script: it is the largest, and the first to be asked for goes over the connection that the document came by, while all others wait for one. */
function largestFirst (): Plugin {
  return {
    name: 'largest-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: html => html.replace(PRELOADS, '').replace(/^[ \t]*<script type="module"/m, script => (html.match(PRELOADS) ?? []).join('') + script)
    }
  }
}

/** Pages. What fewer of them use goes with each. */
const SHARED_BY = 2
/** Loaded by whoever signs in at an issuer, and by nobody else. */
const SELDOM = /oauth4webapi|live\/oidc/

/** The pages. Each is a document of its own, and shares what it has in common with the others. */
export default defineConfig({
  root: here('.'),
  // No .env file may reach into what browsers get.
  envDir: false,
  define: { PERCH_VERSION: JSON.stringify(version) },
  plugins: [offlineFiles(['kiosk', 'display']), largestFirst(), compressed()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    outDir: here('../../dist/web'),
    emptyOutDir: true,
    // Tablets on walls are not replaced every year; `light-dark()` in the tokens is what is youngest.
    target: ['chrome123', 'safari17.5', 'firefox120'],
    cssTarget: ['chrome123', 'safari17.5', 'firefox120'],
    assetsInlineLimit: 0,
    sourcemap: true,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        home: here('index.html'),
        map: here('map/index.html'),
        display: here('display/index.html'),
        kiosk: here('kiosk/index.html'),
        admin: here('admin/index.html'),
        'signed-in': here('signed-in/index.html'),
        offline: here('offline/worker.ts')
      },
      // A service worker is for the folder it is in and those below, by a name that stays.
      output: {
        entryFileNames: ({ name }) => name === 'offline' ? 'offline.js' : 'assets/[name]-[hash].js',
        // What pages have in common is one file: on a slow line each further one waits for a connection of its own (`npm run bench -- map`).
        codeSplitting: { groups: [{ name: 'shared', minShareCount: SHARED_BY, test: id => !SELDOM.test(id) }] }
      }
    }
  }
})
