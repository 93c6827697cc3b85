import type { PageFiles } from './page-files.ts'

/** What it needs of the browser's `caches`. */
export interface Drawers {
  open (name: string): Promise<{ match (address: string): Promise<Response | undefined>, put (address: string, answer: Response): Promise<void> }>
  delete (name: string): Promise<boolean>
  keys (): Promise<string[]>
}

/** What a store needs of the worker it is in. */
export interface PageStoreParts {
  caches: Drawers
  fetch: (address: string | Request, options?: { cache: 'reload' }) => Promise<Response>
  /** SHA-256, in hex. */
  hash: (content: ArrayBuffer) => Promise<string>
  /** Resolves after so many milliseconds. */
  rest: (ms: number) => Promise<void>
}

/** Milliseconds until a page begins with what is stored: longer than a slow line takes, and short enough to wait for. */
const DOCUMENT_MS = 3_000

/**
 * One version of a page on the device, whole or not at all. The document comes from the server where there is one, and from here otherwise; its files from here, by names that
 * say what is in them: so no page is ever made of two versions. Nothing of `/v1` is kept, and nothing else that is not of the page.
 */
export class PageStore {
  readonly #prefix: string
  readonly #name: string
  readonly #page: PageFiles
  readonly #parts: PageStoreParts
  readonly #known: ReadonlySet<string>

  constructor (page: PageFiles, parts: PageStoreParts) {
    this.#page = page
    this.#parts = parts
    this.#prefix = `perch ${page.document} `
    this.#name = this.#prefix + page.version
    this.#known = new Set(page.files)
  }

  /** Stores all of it. @throws when one file is missing, or the server has another version by now: then nothing is kept, and what was there before goes on */
  async fill (): Promise<void> {
    const { caches, fetch } = this.#parts
    const { document, files } = this.#page
    const cache = await caches.open(this.#name)
    try {
      await Promise.all([
        this.#document().then(async answer => await cache.put(document, answer)),
        ...files.map(async file => await cache.put(file, good(await fetch(file))))
      ])
    } catch (error) {
      await caches.delete(this.#name)
      throw error
    }
  }

  /** Takes away what earlier versions of this page have left. Other pages have their own. */
  async tidy (): Promise<void> {
    const { caches } = this.#parts
    const old = (await caches.keys()).filter(name => name.startsWith(this.#prefix) && name !== this.#name)
    await Promise.all(old.map(async name => await caches.delete(name)))
  }

  /** What is answered to a request of the page; null: none of our business, it goes its way. */
  answer (request: Request, origin: string): Promise<Response> | null {
    const { origin: of, pathname } = new URL(request.url)
    if (request.method !== 'GET' || of !== origin) return null
    if (request.mode === 'navigate') return pathname.startsWith(this.#page.document) ? this.#navigate(request) : null
    return this.#known.has(pathname) ? this.#file(pathname, request) : null
  }

  async #navigate (request: Request): Promise<Response> {
    const { fetch, rest } = this.#parts
    const stored = async (): Promise<Response | undefined> => await this.#stored(this.#page.document)
    // A proxy before a server that is away says so by itself. Where one leads elsewhere, to sign in, say, somebody has to follow.
    const asked = fetch(request).then(answer => answer.ok || answer.type === 'opaqueredirect' ? answer : null, () => null)
    const first = await Promise.race([asked, rest(DOCUMENT_MS).then(() => null)])
    return first ?? await stored() ?? await asked ?? Response.error()
  }

  async #file (pathname: string, request: Request): Promise<Response> {
    return await this.#stored(pathname) ?? await this.#parts.fetch(request)
  }

  async #stored (address: string): Promise<Response | undefined> {
    return await (await this.#parts.caches.open(this.#name)).match(address)
  }

  async #document (): Promise<Response> {
    const { document, documentHash } = this.#page
    const answer = good(await this.#parts.fetch(document, { cache: 'reload' }))
    const hash = await this.#parts.hash(await answer.clone().arrayBuffer())
    if (hash !== documentHash) throw new Error('the server has another version by now')
    return answer
  }
}

function good (answer: Response): Response {
  if (!answer.ok || answer.redirected) throw new Error(`${answer.url}: ${answer.status}`)
  return answer
}
