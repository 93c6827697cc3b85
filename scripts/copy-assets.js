/** What tsc leaves behind: everything in src/ that is not TypeScript (Lua, SQL) goes to the same place in dist/, or in the folder that is named. The pages in src/web are built by Vite. */
import { cp, lstat } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const pages = fileURLToPath(new URL('../src/web', import.meta.url))

await cp(new URL('../src', import.meta.url), process.argv[2] ?? new URL('../dist', import.meta.url), {
  recursive: true,
  filter: async source => source !== pages && (!source.endsWith('.ts') || (await lstat(source)).isDirectory())
})
