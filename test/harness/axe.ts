import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

/** What axe-core finds on an element, as far as it is told here. */
interface Violation {
  id: string
  nodes: Array<{ html: string, failureSummary?: string }>
}

/** In the page, once SOURCE has run there. */
declare const axe: { run (options: object): Promise<{ violations: Violation[] }> }

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What is wrong on a page for people who see, hear or move differently, a line for each rule. `tags`: of the rules; default axe's own choice. */
export async function violationsOn (page: Page, tags?: readonly string[]): Promise<string[]> {
  await page.evaluate(`${SOURCE}; undefined`)
  const found = await page.evaluate(async options => {
    return (await axe.run(options)).violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html, failureSummary = '' }) => ({ html, failureSummary })) }))
  }, tags === undefined ? {} : { runOnly: [...tags] })
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`)
}
