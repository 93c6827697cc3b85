/** Films a lobby display while a simulated morning fills the house: `node --import tsx test/pages/pictures/morning.ts FILE.gif`, after a build. */
import { spawn } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import gifenc from 'gifenc'
import { PNG } from 'pngjs'
import { openBrowser } from '../../harness/browser.ts'
import { until } from '../../harness/wait.ts'
import { Camera } from './camera.ts'
import { startDemo } from './demo-at-nine.ts'

const { GIFEncoder, quantize, applyPalette } = gifenc
const SIMULATE = fileURLToPath(new URL('../../../scripts/simulate', import.meta.url))
const BEFORE_NINE = '2026-03-03T07:59:30Z'
/** Minutes of the simulated day for one second. */
const SPEED = 2
const FRAMES = 70
/** Between two of them while they are taken, and while they are shown. */
const TAKEN_EVERY_MS = 700
const SHOWN_MS = 110
const LAST_SHOWN_MS = 2_500
/** The pages have few: flat grounds, and what lies between them and the letters. */
const COLOURS = 63
/** The next frame is painted over this one. */
const LEAVE = 1

const closers: Array<() => unknown> = []
const t = { after: (close: () => unknown) => { closers.unshift(close) } }

async function film (file: string): Promise<void> {
  const demo = await startDemo(t, BEFORE_NINE)
  const camera = new Camera(await openBrowser(t), demo)
  const page = await camera.open(
    { name: 'morning', path: '/display/?floors=hq-3', viewer: { device: 'display' }, sizes: [], prepare: async page => { await page.locator('canvas').waitFor() } },
    { name: 'half', width: 1920, height: 1080, ratio: 0.5 },
    'light'
  )
  const day = spawn(SIMULATE, ['--url', demo.url, '--speed', String(SPEED), '--minutes', '3', '--people', '900', '--watchers', '1', '--report', '/dev/null'], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, ...demo.env } })
  t.after(() => { day.kill('SIGKILL') })
  const taken = async (): Promise<number> => {
    const { counts } = await (await fetch(`${demo.url}/v1/floors/hq-3/state`, { headers: { authorization: `Bearer ${demo.api.token ?? ''}` } })).json() as { counts: { occupied: number, reserved: number } }
    return counts.occupied + counts.reserved
  }
  await until(async () => await taken() > 4, { what: 'the first have come', withinMs: 180_000, everyMs: 500 })
  const frames: Buffer[] = []
  for (let i = 0; i < FRAMES; i++) {
    frames.push(await page.screenshot())
    await page.waitForTimeout(TAKEN_EVERY_MS)
  }
  await writeFile(file, encoded(frames))
  process.stderr.write(`${file}: ${frames.length} frames\n`)
}

/**
 * One palette for all: colours that change from frame to frame would flicker. It is the last one's, which shows the most. Of each frame but the first only what has
 * changed is kept, which is little.
 */
function encoded (frames: readonly Buffer[]): Uint8Array {
  const pictures = frames.map(frame => PNG.sync.read(frame))
  const palette = quantize(new Uint8Array(pictures.at(-1)?.data ?? []), COLOURS)
  const unchanged = palette.length
  const encoder = GIFEncoder()
  let before: Uint8Array | null = null
  for (const [i, { data, width, height }] of pictures.entries()) {
    const now = applyPalette(new Uint8Array(data), palette)
    const delay = i === pictures.length - 1 ? LAST_SHOWN_MS : SHOWN_MS
    if (before === null) encoder.writeFrame(now, width, height, { palette: [...palette, [0, 0, 0]], delay, dispose: LEAVE })
    else encoder.writeFrame(now.map((colour, at) => colour === before?.[at] ? unchanged : colour), width, height, { delay, transparent: true, transparentIndex: unchanged, dispose: LEAVE })
    before = now
  }
  encoder.finish()
  return encoder.bytes()
}

await film(process.argv[2] ?? 'morning.gif').finally(async () => { for (const close of closers) await close() })
