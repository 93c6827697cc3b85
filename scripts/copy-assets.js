/** What tsc leaves behind: everything in src/ that is not TypeScript (Lua, SQL, pages) goes to the same place in dist/, or in the folder that is named. */
import { cp, lstat } from 'node:fs/promises'

await cp(new URL('../src', import.meta.url), process.argv[2] ?? new URL('../dist', import.meta.url), {
  recursive: true,
  filter: async source => !source.endsWith('.ts') || (await lstat(source)).isDirectory()
})
