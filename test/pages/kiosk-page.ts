import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { violationsOn } from '../harness/axe.ts'

/** What a reader sends for a badge: all its keys in one go, to whatever has the focus, with Enter at their end. */
export async function readBadge (page: Page, badge: string): Promise<void> {
  await page.evaluate(badge => {
    for (const key of [...badge, 'Enter']) (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  }, badge)
}

/** Everything that this page has on its device and shows, but for the bytes of the sealed queue. */
export async function tracesOf (page: Page): Promise<string> {
  const kept = await page.evaluate(async () => {
    const names = (await indexedDB.databases()).flatMap(({ name }) => name ?? [])
    const rows = await Promise.all(names.map(async name => await new Promise<string>((resolve, reject) => {
      const opening = indexedDB.open(name)
      opening.onerror = () => reject(opening.error)
      opening.onsuccess = () => {
        const database = opening.result
        const reading = database.transaction(database.objectStoreNames).objectStore(database.objectStoreNames[0] ?? '').getAll()
        reading.onsuccess = () => {
          database.close()
          resolve(reading.result.map(row => Object.values(row as object).map(value => value instanceof ArrayBuffer ? new TextDecoder().decode(value) : JSON.stringify(value))).join(' '))
        }
      }
    })))
    return { rows, stored: JSON.stringify([localStorage, sessionStorage, document.cookie, location.href, history.length]) }
  })
  return JSON.stringify([kept, await page.content()])
}

/** How many commands the sealed queue keeps on the disk: one row is one queue that is not empty. */
export async function isQueueKept (page: Page): Promise<boolean> {
  return await page.evaluate(async () => await new Promise<boolean>((resolve, reject) => {
    const opening = indexedDB.open('perch.kiosk')
    opening.onerror = () => reject(opening.error)
    opening.onsuccess = () => {
      const counting = opening.result.transaction('sealed').objectStore('sealed').count()
      counting.onsuccess = () => {
        opening.result.close()
        resolve(counting.result > 0)
      }
    }
  }))
}

/** @throws AssertionError with what is wrong, for people who see, hear or move differently */
export async function assertAccessible (page: Page, what: string): Promise<void> {
  const found = await violationsOn(page, ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
  assert.deepEqual(found, [], what)
}

/** Each thing that is touched is as large as a thumb in a hurry. */
export async function assertLargeEnough (page: Page, what: string, leastPx = 64): Promise<void> {
  const small = await page.locator('button:visible, input:visible').evaluateAll((elements, least) => elements.flatMap(element => {
    const { width, height } = element.getBoundingClientRect()
    return Math.round(width) < least || Math.round(height) < least ? [`${element.textContent} ${Math.round(width)}x${Math.round(height)}`] : []
  }), leastPx)
  assert.deepEqual(small, [], what)
}
