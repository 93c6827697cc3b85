import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { join } from 'node:path'
import type { Http } from './instance.ts'
import { pageHeaders } from './security-headers.ts'

/** How people come by a token on the pages. */
export type WayToSignIn =
  /** As one of the demo's, as one likes. */
  | { way: 'development' }
  /** By the code flow with PKCE at an OpenID Connect issuer; `client` is the pages' own id there. */
  | { way: 'oidc', issuer: string, client: string, scope: string, audience: string }
  | { way: 'none' }

export interface PagesParts {
  /** Where they were built to. */
  folder: string
  signIn: WayToSignIn
  /** Whose pages may frame the map. */
  embedOrigins: readonly string[]
}

/** Each is one document, whatever stands behind its name in the address: the floor, the space. */
const PAGES = ['map', 'display', 'kiosk', 'admin'] as const
/** People sign in to these, and they ask the issuer for fresh tokens. */
const SIGNED_IN: ReadonlySet<string> = new Set(['map', 'admin'])

/** The pages, with all that belongs to them. They come from this server and talk to it, and those where people sign in to the issuer of their tokens. */
export async function pages (app: Http, { folder, signIn, embedOrigins }: PagesParts): Promise<void> {
  const alsoAsks = signIn.way === 'oidc' ? [new URL(signIn.issuer).origin] : []
  const headersOf = (name: string): Readonly<Record<string, string>> =>
    pageHeaders({ ownFiles: true, alsoAsks: SIGNED_IN.has(name) ? alsoAsks : [], embedOrigins: name === 'map' ? embedOrigins : [] })
  // Their names have a hash of what is in them.
  await app.register(fastifyStatic, { root: join(folder, 'assets'), prefix: '/assets/', immutable: true, maxAge: '365d', preCompressed: true, index: false, schemaHide: true })

  const page = (file: string, headers: Readonly<Record<string, string>>) => async (_: unknown, reply: FastifyReply) => await reply
    .headers(headers)
    .header('cache-control', 'no-cache')
    .sendFile(file, folder, { immutable: false, maxAge: 0, cacheControl: false })
  const hidden = { schema: { hide: true } }
  app.get('/', hidden, page('index.html', headersOf('home')))
  for (const name of PAGES) {
    app.get(`/${name}`, hidden, async (request, reply) => await reply.redirect(`/${name}/${queryOf(request.url)}`))
    app.get(`/${name}/*`, hidden, page(`${name}/index.html`, headersOf(name)))
  }
  // Where the issuer sends people back to; also in a frame of the page whose token is renewed.
  app.get('/signed-in', hidden, page('signed-in/index.html', pageHeaders({ ownFiles: true, alsoAsks, framedByOwn: true })))
  // Of pages that begin without a server; what it fetches for them is held to its own policy.
  app.get('/offline.js', hidden, page('offline.js', pageHeaders({ ownFiles: true })))
  app.get('/pages.json', hidden, async (_, reply) => await reply.header('cache-control', 'no-cache').send({ signIn, embedOrigins }))
}

function queryOf (url: string): string {
  const at = url.indexOf('?')
  return at === -1 ? '' : url.slice(at)
}
