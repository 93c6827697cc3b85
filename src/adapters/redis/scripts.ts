import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

/** How many keys each script names. The headers in lua/ say which. */
const KEY_COUNTS = [
  ['clear', 9],
  ['commit', 9],
  ['drain', 2],
  ['due', 3],
  ['end-lease', 1],
  ['freeze', 1],
  ['gap', 2],
  ['heartbeat', 1],
  ['lease', 1],
  ['load', 8],
  ['now', 1],
  ['outbox', 2],
  ['peek', 2],
  ['positions', 2],
  ['read', 7],
  ['scan', 2],
  ['serve', 3],
  ['state', 1],
  ['thaw', 10]
] as const

export type ScriptName = typeof KEY_COUNTS[number][0]

export interface Script {
  keys: number
  lua: string
  /** What EVALSHA calls it. The text never changes at run time: arguments travel apart. */
  sha: string
}

/** Reads lua/, which stands beside this file in src/ and in dist/. */
export function readScripts (): ReadonlyMap<ScriptName, Script> {
  return new Map(KEY_COUNTS.map(([name, keys]) => {
    const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8')
    return [name, { keys, lua, sha: createHash('sha1').update(lua).digest('hex') }]
  }))
}
