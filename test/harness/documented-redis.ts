import { readFile } from 'node:fs/promises'

export type Documented = 'server' | 'replicated' | 'sentinel' | 'users' | 'cluster' | 'lock'

/** The lines of docs/redis.md for such a server, each a line of a configuration file. */
export async function documentedLines (kind: Documented): Promise<string[]> {
  const page = await readFile(new URL('../../docs/redis.md', import.meta.url), 'utf8')
  const block = new RegExp(`^\`\`\`conf ${kind}\\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1]
  if (block === undefined) throw new Error(`docs/redis.md has no lines for ${kind}`)
  return block.split('\n').filter(line => line !== '' && !line.startsWith('#'))
}

/** The same as words of redis-server's command line. */
export async function documentedWords (...kinds: readonly Documented[]): Promise<string[]> {
  const lines = (await Promise.all(kinds.map(documentedLines))).flat()
  return lines.flatMap(line => {
    const [name = '', ...values] = line.split(' ')
    return [`--${name}`, ...values.map(value => value === '""' ? '' : value)]
  })
}
