import { createHash } from 'node:crypto'
import type { Plugin } from 'vite'
import type { PageFiles } from './offline/page-files.ts'

/** What a bundle has of a script: the rest of it is of no interest here. */
interface Chunk {
  type: 'chunk'
  code: string
  facadeModuleId: string | null
  imports: string[]
  dynamicImports: string[]
  viteMetadata?: { importedCss: Set<string>, importedAssets: Set<string> }
}

const WORKER = 'offline.js'
const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex')

/** Tells the service worker which files the pages have that must begin without a server. `pages`: names of their folders. */
export function offlineFiles (pages: readonly string[]): Plugin {
  return {
    name: 'offline-files',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler (_, bundle) {
        const chunks = Object.values(bundle).filter(output => output.type === 'chunk') as Chunk[]
        const sourceOf = (name: string): string | Uint8Array | undefined => {
          const output = bundle[name]
          return output?.type === 'asset' ? output.source : undefined
        }
        const byAddress: Record<string, PageFiles> = {}
        for (const page of pages) {
          const html = sourceOf(`${page}/index.html`)
          const entry = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(`/${page}/index.html`) === true)
          if (html === undefined || entry === undefined) this.error(`there is no page ${page}`)
          const files = [...filesOf(entry, name => bundle[name] as Chunk | undefined, sourceOf), ...addressesIn(String(html))]
          const documentHash = sha256(html)
          const all = [...new Set(files)].sort()
          byAddress[`/${page}/`] = { version: sha256(`${documentHash} ${all.join(' ')}`).slice(0, 16), document: `/${page}/`, documentHash, files: all }
        }
        const worker = bundle[WORKER]
        if (worker?.type !== 'chunk' || worker.imports.length > 0) this.error('the service worker is to be one file, which imports nothing')
        worker.code = worker.code.replace('PERCH_PAGES', () => `(${JSON.stringify(byAddress)})`)
      }
    }
  }
}

/** Everything that a page may ask for, now or later, as addresses. */
function filesOf (entry: Chunk, chunkOf: (name: string) => Chunk | undefined, sourceOf: (name: string) => string | Uint8Array | undefined): string[] {
  const seen = new Set<Chunk>()
  const files: string[] = []
  const add = (chunk: Chunk): void => {
    if (seen.has(chunk)) return
    seen.add(chunk)
    for (const style of chunk.viteMetadata?.importedCss ?? []) files.push(`/${style}`, ...addressesIn(String(sourceOf(style) ?? '')))
    for (const asset of chunk.viteMetadata?.importedAssets ?? []) files.push(`/${asset}`)
    for (const name of [...chunk.imports, ...chunk.dynamicImports]) {
      const other = chunkOf(name)
      if (other === undefined) continue
      files.push(`/${name}`)
      add(other)
    }
  }
  add(entry)
  return files
}

/** Of scripts, styles, fonts and pictures, in a document or style. */
function addressesIn (text: string): string[] {
  return text.match(/\/assets\/[\w.-]+/g) ?? []
}
