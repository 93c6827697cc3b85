import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { cp, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'tap'
import type { Cleanup } from '../harness/cleanup.ts'
import { temporaryFolder } from '../harness/folder.ts'
import { examples } from './examples.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const run = promisify(execFile)

/** What the examples take for granted. */
const SCENE = `
declare function fetchToken (): Promise<string>
declare function kioskToken (): string
declare function draw (space: Space): void
declare function show (space: Space | undefined): void
declare function erase (id: string): void
declare function list (claims: readonly Claim[]): void
declare function sorry (ids: readonly string[]): void
declare function banner (text: string | null): void
declare function tell (command: Command, error: PerchError): void
`

/** An application that has the SDK as npm would put it there, and the page's examples as its sources. */
async function application (t: Cleanup): Promise<string> {
  const folder = await temporaryFolder(t, 'application')
  const perch = join(folder, 'node_modules/perch')
  await mkdir(join(folder, 'node_modules/@types'), { recursive: true })
  await mkdir(perch)
  await cp(join(root, 'package.json'), join(perch, 'package.json'))
  for (const name of ['typebox', 'react', '@types/react']) await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name))
  await writeJson(join(folder, 'tsconfig.build.json'), {
    extends: join(root, 'tsconfig.build.json'),
    compilerOptions: { rootDir: join(root, 'src'), outDir: join(perch, 'dist'), typeRoots: [join(root, 'node_modules/@types')] },
    include: [join(root, 'src/client')]
  })
  await compile(join(folder, 'tsconfig.build.json'))
  await writeJson(join(folder, 'package.json'), { type: 'module' })
  const code = await examples('ts')
  await writeFile(join(folder, 'page.ts'), `import type { Claim, Command, Space } from 'perch/client'\n${code}\n${SCENE}`)
  await writeFile(join(folder, 'page.tsx'), `import { connect } from 'perch/client'\nconst perch = connect({ url: '' })\nconst report = console.error\n${await examples('tsx')}`)
  return folder
}

async function writeJson (path: string, content: object): Promise<void> {
  await writeFile(path, JSON.stringify(content))
}

/** @throws Error with what the compiler says */
async function compile (project: string): Promise<void> {
  await run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]).catch(error => {
    throw new Error(`${project}: ${(error as { stdout: string }).stdout}`)
  })
}

test('an application gets types and programs of the three entries', async t => {
  const folder = await application(t)
  for (const [module, moduleResolution] of [['nodenext', 'nodenext'], ['esnext', 'bundler']]) {
    await t.test(`with the module resolution ${moduleResolution}`, async () => {
      const project = join(folder, `tsconfig.${moduleResolution}.json`)
      await writeJson(project, {
        compilerOptions: { module, moduleResolution, target: 'es2022', lib: ['es2023', 'dom'], jsx: 'react-jsx', strict: true, noEmit: true, skipLibCheck: true, types: [] },
        include: ['page.ts', 'page.tsx']
      })
      await compile(project)
    })
  }

  await t.test('and Node finds them', async () => {
    const program = "console.log([...Object.keys(await import('perch/client')), ...Object.keys(await import('perch/offline')), ...Object.keys(await import('perch/react'))].join())"
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { cwd: folder })
    const names = ['PerchError', 'connect', 'openOfflineQueue', 'PerchProvider', 'useConnection', 'useCounts', 'useFloor', 'useFreshness', 'useMine', 'usePerch', 'useSpace']
    assert.deepEqual(stdout.trim().split(',').sort(), names.sort())
  })
})
