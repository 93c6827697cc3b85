import { copyFile, cp, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Cleanup } from '../harness/cleanup.ts'
import { temporaryFolder } from '../harness/folder.ts'
import { runBench } from './bench.ts'
import type { Setting } from './live-store.ts'

/** Something that is taken out of the built Perch, and where it has to matter. */
export interface Mutation {
  /** Files of dist/; in each a text that stands there exactly once, and what stands there instead. */
  edits: ReadonlyArray<readonly [file: string, wanted: string, instead: string]>
  setting: Setting
  /** Faults in order, again and again; several at once with ` + `. Empty: load alone. */
  script: readonly string[]
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const COMMIT = 'adapters/redis/lua/commit.lua'
const RECORDER = 'application/recorder.js'
/** The first lines of every script that recovery writes by: they look whether the freeze is still its own. */
const FROZEN = 'if e ~= frozen or by ~= keeper or not string.find(redis.call(\'INFO\', \'replication\'), \'master_replid:\' .. replid, 1, true) then return 0 end'

/** Each breaks one of the rules that the promises rest on, and has to be found out. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'commit.lua compares no versions': {
    edits: [[COMMIT, 'if not same then return found, behind end', '']],
    setting: 'single',
    script: ['lock nodes are killed']
  },
  'commit.lua compares no epoch': {
    edits: [[COMMIT, 'if sub(value, 1, #known) ~= known or', 'if not find(value, \':\', 1, true) or find(value, \'frozen\', 1, true) or']],
    setting: 'single',
    script: ['a node is paused + Redis is emptied', 'Redis is emptied']
  },
  'commit.lua does not look whose epoch it is': {
    edits: [[COMMIT, 'not find(info, \'master_replid:\' .. sub(value, #known + 1), 1, true)', 'false']],
    setting: 'sentinel',
    script: ['a replica that stalled is promoted + a node is paused']
  },
  'the ledger has no fence': {
    edits: [['adapters/postgres/record-batch.js', 'where shard = $1 and epoch = $2 and stream = $3 and n = $4', 'where shard = $1 and ($2::int8, $3::int8, $4::int8) is not null']],
    setting: 'single',
    script: ['replies of Postgres are lost', 'a node is paused for long']
  },
  'recovery writes whatever the freeze says': {
    edits: ['clear', 'load'].map(script => [`adapters/redis/lua/${script}.lua`, FROZEN, ''] as const),
    setting: 'single',
    script: ['a keeper is paused while it recovers']
  },
  'recovery keeps a store that lost its newest commits': {
    edits: [['application/recovery.js', 'if (was !== null && was >= cursor.stream && refused === 0 && behind === 0) {', 'if (was !== null) {']],
    setting: 'single',
    script: ['Redis loses power', 'Redis is emptied']
  },
  'the recorder trims past the cursor': {
    edits: [[RECORDER, 'await store.trimOutbox(this.#shard, from.stream, last.n)', 'await store.trimOutbox(this.#shard, from.stream, last.n + 3)']],
    setting: 'single',
    script: []
  },
  'the recorder says persisted before the ledger has it': {
    edits: [[RECORDER, 'const recorded = await ledger.record(this.#shard, from, entries);', 'this.#cursor = { ...from, n: last.n }; await this.#announce(); this.#cursor = from; const recorded = await ledger.record(this.#shard, from, entries);']],
    setting: 'single',
    script: ['Postgres is killed + Redis is emptied']
  }
}

/** Files of dist/ as the mutation leaves them. @throws Error when the text to be changed is not there */
export async function mutated (name: string, { edits }: Mutation): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const [file, wanted, instead] of edits) {
    const text = files.get(file) ?? await readFile(join(root, 'dist', file), 'utf8')
    if (text.split(wanted).length !== 2) throw new Error(`${name}: ${file} does not have this exactly once: ${wanted}`)
    files.set(file, text.replace(wanted, () => instead))
  }
  return files
}

/** A copy of dist/ with the mutation in it, for as long as `t` lives; what to start. */
async function mutate (t: Cleanup, name: string, mutation: Mutation): Promise<string> {
  const folder = await temporaryFolder(t, 'mutant')
  await cp(join(root, 'dist'), join(folder, 'dist'), { recursive: true })
  await copyFile(join(root, 'package.json'), join(folder, 'package.json'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  for (const [file, text] of await mutated(name, mutation)) await writeFile(join(folder, 'dist', file), text)
  return join(folder, 'dist/main.js')
}

/** How long a mutation may hide, once everything runs. */
const HIDES_MS = 60_000
const RAGE_MS = 8_000
/** Three times what is promised: a mutant that does not heal is found out by that, and a machine that has other things to do is not. */
const HEAL_MS = 30_000

/** Runs the mutant until something is found. `failure`: what; null: nothing was. `tookMs`: from the first command on. */
export async function hunt (t: Cleanup, name: string, mutation: Mutation, healMs = HEAL_MS): Promise<{ failure: string | null, tookMs: number }> {
  const { setting, script } = mutation
  const [main, out] = [await mutate(t, name, mutation), await temporaryFolder(t, 'mutant-histories')]
  let began = performance.now()
  const { failure } = await runBench(t, {
    minutes: HIDES_MS / 60_000, seed: 1, setting, rounds: 100, nodes: 2, clients: 12, rageMs: RAGE_MS, healMs, fsync: 'everysec', script: script.length === 0 ? ['Redis forgets its scripts'] : script, main, out
  }, () => {}, () => { began = performance.now() })
  return { failure, tookMs: performance.now() - began }
}
