/** One picture of a report. Units stand in the names of the axes. */
export type Plot =
  | { type: 'bars', title: string, axis: string, bars: ReadonlyArray<{ name: string, value: number, low?: number, high?: number, ours?: boolean }>, mark?: { name: string, value: number } }
  | { type: 'lines', title: string, x: string, y: string, lines: ReadonlyArray<{ name: string, points: ReadonlyArray<{ x: number, y: number }> }> }

const WIDTH = 860
const PAD = 24
const NAMES = 300
const VALUES = 70
const BAR = 22
const BAR_GAP = 10
const TITLE = 50
const AXIS = 46
const LINES_HEIGHT = 340
const TICKS = 5

const INK = '#1f2933'
const FAINT = '#6b7785'
const GRID = '#e4e8ec'
const OURS = '#0b7285'
const OTHER = '#a8b4c0'
/** Told apart also by those who see no red or green. */
const COLORS = ['#0b7285', '#d9480f', '#5f3dc4', '#a8b4c0', '#2b8a3e', '#c2255c']

/** All of a report's pictures in one file, one below the other; SVG without anything from elsewhere. */
export function plotsSvg (plots: readonly Plot[]): string {
  let top = PAD
  const parts = plots.map(plot => {
    const { height, text } = plot.type === 'bars' ? bars(plot) : lines(plot)
    const part = `<g transform="translate(0 ${top})">${text}</g>`
    top += height + PAD
    return part
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${top}" viewBox="0 0 ${WIDTH} ${top}" font-family="system-ui, sans-serif" font-size="13" fill="${INK}">\n` +
    `<rect width="${WIDTH}" height="${top}" fill="#ffffff"/>\n${parts.join('\n')}\n</svg>\n`
}

function bars ({ title, axis, bars, mark }: Extract<Plot, { type: 'bars' }>): { height: number, text: string } {
  const rows = bars.length * (BAR + BAR_GAP)
  const left = PAD + NAMES
  const scale = linear(Math.max(...bars.map(({ value, high }) => Math.max(value, high ?? 0)), mark?.value ?? 0), left, WIDTH - PAD - VALUES)
  const text = [heading(title)]
  for (const tick of scale.ticks) text.push(vertical(scale.at(tick), TITLE, rows, GRID), label(scale.at(tick), TITLE + rows + 18, short(tick), 'middle', FAINT))
  for (const [i, { name, value, low, high, ours }] of bars.entries()) {
    const y = TITLE + i * (BAR + BAR_GAP) + BAR_GAP / 2
    const end = scale.at(value)
    text.push(label(left - 10, y + BAR - 6, name, 'end'), `<rect x="${left}" y="${y}" width="${round(end - left)}" height="${BAR}" rx="2" fill="${ours === true ? OURS : OTHER}"/>`)
    if (low !== undefined && high !== undefined && high > low) text.push(`<line x1="${round(scale.at(low))}" x2="${round(scale.at(high))}" y1="${y + BAR / 2}" y2="${y + BAR / 2}" stroke="${INK}" stroke-width="1.5"/>`)
    text.push(label(Math.max(end, scale.at(high ?? 0)) + 8, y + BAR - 6, short(value), 'start'))
  }
  if (mark !== undefined) text.push(vertical(scale.at(mark.value), TITLE - 4, rows + 4, '#d9480f', '4 3'), label(scale.at(mark.value), TITLE - 8, mark.name, 'middle', '#d9480f'))
  text.push(label((left + WIDTH - PAD - VALUES) / 2, TITLE + rows + 38, axis, 'middle', FAINT))
  return { height: TITLE + rows + AXIS, text: text.join('') }
}

function lines ({ title, x, y, lines }: Extract<Plot, { type: 'lines' }>): { height: number, text: string } {
  const points = lines.flatMap(line => line.points)
  const [left, right, bottom] = [PAD + 50, WIDTH - PAD - 210, TITLE + LINES_HEIGHT]
  const across = logarithmic(points.map(point => point.x), left, right)
  const up = linear(Math.max(...points.map(point => point.y)), bottom, TITLE)
  const text = [heading(title), label(PAD, TITLE - 14, y, 'start', FAINT)]
  for (const tick of up.ticks) text.push(`<line x1="${left}" x2="${right}" y1="${round(up.at(tick))}" y2="${round(up.at(tick))}" stroke="${GRID}"/>`, label(left - 8, up.at(tick) + 4, short(tick), 'end', FAINT))
  for (const tick of across.ticks) text.push(vertical(across.at(tick), bottom, 5, FAINT), label(across.at(tick), bottom + 20, short(tick), 'middle', FAINT))
  for (const [i, line] of lines.entries()) {
    const color = COLORS[i % COLORS.length] ?? INK
    const places = line.points.map(point => ({ x: round(across.at(point.x)), y: round(up.at(point.y)) }))
    text.push(`<polyline fill="none" stroke="${color}" stroke-width="2" points="${places.map(place => `${place.x},${place.y}`).join(' ')}"/>`)
    for (const place of places) text.push(`<circle cx="${place.x}" cy="${place.y}" r="3.5" fill="${color}"/>`)
    text.push(`<rect x="${right + 16}" y="${TITLE + i * 22}" width="12" height="12" rx="2" fill="${color}"/>`, label(right + 34, TITLE + i * 22 + 11, line.name, 'start'))
  }
  text.push(label((left + right) / 2, bottom + 40, x, 'middle', FAINT))
  return { height: bottom + AXIS, text: text.join('') }
}

interface Scale {
  at (value: number): number
  ticks: number[]
}

/** From nought, so that lengths compare. */
function linear (most: number, from: number, to: number): Scale {
  const rough = (most || 1) / TICKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = [1, 2, 2.5, 5, 10].map(times => times * power).find(size => size >= rough) ?? rough
  const end = step * Math.ceil((most || 1) / step)
  return { at: value => from + (to - from) * value / end, ticks: Array.from({ length: Math.round(end / step) + 1 }, (_, i) => i * step) }
}

/** Only what was measured stands on the axis. */
function logarithmic (values: readonly number[], from: number, to: number): Scale {
  const ticks = [...new Set(values)].sort((a, b) => a - b)
  const [least = 1, most = 1] = [ticks[0], ticks.at(-1)]
  return { at: value => most === least ? (from + to) / 2 : from + (to - from) * Math.log(value / least) / Math.log(most / least), ticks }
}

const heading = (title: string): string => `<text x="${PAD}" y="18" font-size="15" font-weight="600">${escaped(title)}</text>`

function label (x: number, y: number, text: string, anchor: 'start' | 'middle' | 'end', color = INK): string {
  return `<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" fill="${color}">${escaped(text)}</text>`
}

function vertical (x: number, top: number, length: number, color: string, dashes = ''): string {
  return `<line x1="${round(x)}" x2="${round(x)}" y1="${top}" y2="${top + length}" stroke="${color}"${dashes === '' ? '' : ` stroke-dasharray="${dashes}"`}/>`
}

function short (value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US')
  return value.toFixed(Math.abs(value) < 10 ? 2 : 1)
}

const round = (value: number): number => Math.round(value * 10) / 10

function escaped (text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
