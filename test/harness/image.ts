import { execFile } from 'node:child_process'
import { cp, mkdir, readFile, stat } from 'node:fs/promises'
import { basename, join, normalize, resolve } from 'node:path'
import { promisify } from 'node:util'
import { parseDockerfile } from './dockerfile.ts'
import type { Stage, Step } from './dockerfile.ts'

const run = promisify(execFile)

/** What an image would be: a folder in place of a file system, and what it says of its start. */
export interface Image {
  /** Stands for `/`. */
  root: string
  /** Where steps run and commands start, within `root`. */
  folder: string
  env: Record<string, string>
  user: string
  command: string[]
  healthcheck: string[]
}

/**
 * Builds the Dockerfile of a context without Docker: a folder per stage, its COPY and RUN steps in their order. Base images are not
 * there, so the steps use this machine's node and npm, and its user; nothing outside the folder is kept from them.
 * Gives the images by the names of their stages.
 */
export async function buildImages (context: string, into: string): Promise<Map<string, Image>> {
  const allowed = parseIgnore(await readFile(join(context, '.dockerignore'), 'utf8'))
  const images = new Map<string, Image>()
  for (const stage of parseDockerfile(await readFile(join(context, 'Dockerfile'), 'utf8'))) {
    images.set(stage.name, await build(stage, { context, allowed, images, root: join(into, stage.name) }))
  }
  return images
}

interface Site {
  context: string
  /** Paths of the context that may be copied. */
  allowed: string[]
  /** The stages built so far. */
  images: Map<string, Image>
  root: string
}

async function build (stage: Stage, site: Site): Promise<Image> {
  const image: Image = { root: site.root, folder: site.root, env: {}, user: 'root', command: [], healthcheck: [] }
  await mkdir(site.root, { recursive: true })
  const base = site.images.get(stage.base)
  if (base) {
    await run('cp', ['-a', '--reflink=auto', `${base.root}/.`, site.root])
    Object.assign(image, base, { root: site.root, folder: base.folder.replace(base.root, site.root) })
  }
  for (const step of stage.steps) await perform(step, image, site)
  return image
}

async function perform (step: Step, image: Image, site: Site): Promise<void> {
  switch (step.kind) {
    case 'workdir':
      image.folder = within(image, step.path)
      await mkdir(image.folder, { recursive: true })
      break
    case 'copy':
      await copy(step, image, site)
      break
    case 'run':
      await run('sh', ['-c', step.command], { cwd: image.folder, env: { ...outside(), ...image.env }, maxBuffer: 16 * 1024 * 1024 })
      break
    case 'env':
      image.env = { ...image.env, ...step.values }
      break
    case 'user':
      image.user = step.name
      break
    case 'healthcheck':
      image.healthcheck = step.command
      break
    case 'cmd':
      image.command = step.command
      break
    case 'expose':
      // A remark to people: it changes nothing.
  }
}

/** As Docker does: of a folder its contents; into a folder when the target ends in a slash or there are several sources. */
async function copy ({ from, sources, target }: Extract<Step, { kind: 'copy' }>, image: Image, { context, allowed, images }: Site): Promise<void> {
  for (const source of sources) {
    const path = from === undefined ? fromContext(context, allowed, source) : within(built(images, from), source)
    const isFolder = (await stat(path)).isDirectory()
    const intoFolder = !isFolder && (target.endsWith('/') || sources.length > 1)
    const destination = within(image, intoFolder ? join(target, basename(source)) : target)
    await mkdir(join(destination, '..'), { recursive: true })
    await cp(path, destination, { recursive: true, verbatimSymlinks: true })
  }
}

function built (images: Map<string, Image>, name: string): Image {
  const image = images.get(name)
  if (image === undefined) throw new Error(`COPY --from=${name}: no such stage before this one`)
  return image
}

function fromContext (context: string, allowed: string[], source: string): string {
  const path = normalize(source).replace(/\/$/, '')
  if (!allowed.some(entry => path === entry || path.startsWith(`${entry}/`))) throw new Error(`COPY ${source}: .dockerignore keeps it out`)
  return join(context, path)
}

/** A path of the image: absolute ones from its root, others from where it works. */
function within (image: Image, path: string): string {
  return path.startsWith('/') ? join(image.root, path) : resolve(image.folder, path)
}

/** A list of what may go in, the only form that forgets nothing: `*` first, then exceptions. @throws Error for any other */
function parseIgnore (text: string): string[] {
  const [first, ...entries] = text.split('\n').map(line => line.trim()).filter(line => line !== '' && !line.startsWith('#'))
  const plain = entries.every(entry => /^![\w./-]+$/.test(entry))
  if (first !== '*' || !plain) throw new Error('.dockerignore wants `*`, and then `!path` for each that may go in')
  return entries.map(entry => entry.slice(1))
}

/** What a step sees of this machine: where programs and npm's settings are, but not that this is a test or an npm script. */
function outside (): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(TAP|NODE_ENV$|NODE_OPTIONS$|npm_(package|lifecycle|command|execpath|node_execpath))/.test(name)))
}
