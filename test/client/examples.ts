import { readFile } from 'node:fs/promises'

/** The fenced blocks of docs/sdk.md in that language, one after another as they stand there. */
export async function examples (language: 'ts' | 'tsx'): Promise<string> {
  const page = await readFile(new URL('../../docs/sdk.md', import.meta.url), 'utf8')
  const blocks = [...page.matchAll(/^```(\w+)\n(.*?)^```$/gms)].flatMap(([, name, code = '']) => name === language ? [code] : [])
  return blocks.join('\n')
}
