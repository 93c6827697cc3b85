/** What tsc leaves behind: everything in src/ that is not TypeScript (Lua, SQL, pages) goes to the same place in dist/. */
import { cp, lstat } from 'node:fs/promises'

await cp(new URL('../src', import.meta.url), new URL('../dist', import.meta.url), {
  recursive: true,
  filter: async source => !source.endsWith('.ts') || (await lstat(source)).isDirectory()
})
