/** Takes pictures of every page, at every size it is for, in every state: `scripts/pictures --help`. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openBrowser } from '../../harness/browser.ts'
import { Camera, type Theme } from './camera.ts'
import { fill, lengthenNames, startDemo } from './demo-at-nine.ts'
import { SUBJECTS, type Subject } from './shots.ts'

const USAGE = `Takes pictures of Perch's pages, of a demo office of its own at nine o'clock.

  scripts/pictures [options]

  --out DIR       where to put them (pictures-out)
  --only WORD     of pages whose name begins so
  --theme THEME   light or dark (both)
  --states LIST   of the office: empty, full, stale (the line is cut), error (the server refuses everything), names (the longest German ones); all five
`
const STATES = ['empty', 'full', 'stale', 'error', 'names'] as const
type State = typeof STATES[number]
/** Of the spaces, how many are taken at nine. */
const AT_NINE = { 'hq-5': 0.3, 'hq-4': 0.45, 'hq-3': 0.42, 'hq-2': 0.7, 'hq-1': 0.35, 'hq-0': 0.2, 'hq-p': 0.5 }
/** Nothing was confirmed for 10 s, and the screen has said so. */
const STALE_AFTER_MS = 13_000

const closers: Array<() => unknown> = []
const t = { after: (close: () => unknown) => { closers.unshift(close) } }

async function run (): Promise<void> {
  const { values } = parseArgs({ options: { out: { type: 'string', default: 'pictures-out' }, only: { type: 'string', default: '' }, theme: { type: 'string' }, states: { type: 'string', default: STATES.join() }, help: { type: 'boolean' } } })
  if (values.help === true) {
    process.stdout.write(USAGE)
    return
  }
  const subjects = SUBJECTS.filter(({ name }) => name.startsWith(values.only))
  const themes = (['light', 'dark'] as const).filter(theme => values.theme === undefined || values.theme === theme)
  const states = STATES.filter(state => values.states.split(',').includes(state))
  await mkdir(values.out, { recursive: true })
  const demo = await startDemo(t)
  const camera = new Camera(await openBrowser(t), demo)
  let filled = false
  for (const state of states) {
    if (state !== 'empty' && state !== 'error' && !filled) {
      await fill(demo, AT_NINE)
      filled = true
    }
    if (state === 'names') await lengthenNames(demo)
    for (const subject of subjects) await take(camera, subject, state, themes, values.out)
  }
}

async function take (camera: Camera, subject: Subject, state: State, themes: readonly Theme[], out: string): Promise<void> {
  // Without somebody, or something live, there is nothing that goes stale.
  if (state !== 'full' && subject.viewer === null) return
  for (const size of subject.sizes) {
    for (const theme of themes) {
      const page = await camera.open(subject, size, theme, { refused: state === 'error', ...state === 'names' && { locale: 'de-DE' } })
      if (state === 'stale') {
        await page.context().setOffline(true)
        await page.waitForTimeout(STALE_AFTER_MS)
      }
      const file = `${subject.name}-${size.name}-${state}-${theme}.png`
      await page.screenshot({ path: join(out, file) })
      process.stderr.write(`${file}\n`)
      await page.context().close()
    }
  }
}

await run().finally(async () => { for (const close of closers) await close() })
