import type { Page } from 'playwright-core'

/** Who looks: a paired screen, or somebody who is signed in. */
export type Viewer = { device: 'display' | 'kiosk' } | { person: string } | null

/** One thing to look at; it is taken in light and in dark, at each of its sizes. */
export interface Subject {
  name: string
  path: string
  viewer: Viewer
  sizes: readonly Size[]
  /** Default: English. */
  locale?: string
  /** Brings the page to what is to be seen. */
  prepare?: (page: Page) => Promise<void>
}

export interface Size {
  name: string
  width: number
  height: number
  /** Device pixels for one of CSS. */
  ratio?: number
}

const UHD: Size = { name: '4k', width: 3840, height: 2160 }
const FULL_HD: Size = { name: '1080p', width: 1920, height: 1080 }
const PORTRAIT: Size = { name: 'portrait', width: 1080, height: 1920 }
const TABLET: Size = { name: 'tablet', width: 1280, height: 800 }
const TABLET_UPRIGHT: Size = { name: 'tablet-upright', width: 800, height: 1280 }
const PHONE: Size = { name: 'phone', width: 390, height: 844, ratio: 2 }
const DESKTOP: Size = { name: 'desktop', width: 1440, height: 900 }

/** What stands on a picture once it has come to rest. */
const there = async (page: Page, selector: string): Promise<void> => { await page.locator(selector).first().waitFor() }

export const SUBJECTS: readonly Subject[] = [
  { name: 'home', path: '/', viewer: null, sizes: [DESKTOP, PHONE] },
  { name: 'pairing', path: '/display/', viewer: null, sizes: [UHD, TABLET] },
  { name: 'display', path: '/display/', viewer: { device: 'display' }, sizes: [UHD, FULL_HD, PORTRAIT], prepare: async page => await there(page, 'canvas') },
  { name: 'display-de', path: '/display/', viewer: { device: 'display' }, sizes: [FULL_HD, PORTRAIT], locale: 'de-CH', prepare: async page => await there(page, 'canvas') },
  { name: 'map', path: '/map/hq-3', viewer: { person: 'p0001' }, sizes: [PHONE, TABLET, DESKTOP], prepare: async page => await there(page, 'canvas') },
  { name: 'map-desk', path: '/map/hq-3/hq-3-d11', viewer: { person: 'p0001' }, sizes: [PHONE, DESKTOP], prepare: async page => await there(page, 'canvas') },
  { name: 'map-fr', path: '/map/hq-3/hq-3-d15', viewer: { person: 'p0001' }, sizes: [PHONE], locale: 'fr-FR', prepare: async page => await there(page, 'canvas') },
  { name: 'kiosk', path: '/kiosk/', viewer: { device: 'kiosk' }, sizes: [TABLET, TABLET_UPRIGHT], prepare: async page => await there(page, 'canvas') },
  { name: 'kiosk-de', path: '/kiosk/', viewer: { device: 'kiosk' }, sizes: [TABLET], locale: 'de-DE', prepare: async page => await there(page, 'canvas') },
  { name: 'admin-devices', path: '/admin/devices', viewer: { person: 'admin' }, sizes: [DESKTOP, PHONE] },
  { name: 'admin-plans', path: '/admin/plans', viewer: { person: 'admin' }, sizes: [DESKTOP] },
  { name: 'admin-spaces', path: '/admin/spaces', viewer: { person: 'admin' }, sizes: [DESKTOP] },
  { name: 'admin-labels', path: '/admin/labels', viewer: { person: 'admin' }, sizes: [DESKTOP] },
  { name: 'admin-health', path: '/admin/health', viewer: { person: 'admin' }, sizes: [DESKTOP, TABLET] }
]
