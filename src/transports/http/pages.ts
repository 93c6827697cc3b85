import fastifyStatic from '@fastify/static'
import type { FastifyReply } from 'fastify'
import { join } from 'node:path'
import type { Http } from './instance.ts'
import { pageHeaders } from './security-headers.ts'

export interface PagesParts {
  /** Where they were built to. */
  folder: string
  /** How people sign in to them: as one of the demo's, or not at all. */
  signIn: 'development' | 'none'
  /** Whose pages may frame the map. */
  embedOrigins: readonly string[]
}

/** Each is one document, whatever stands behind its name in the address: the floor, the space. */
const PAGES = ['map', 'display', 'kiosk', 'admin'] as const

/** The pages, with all that belongs to them. They come from this server alone and talk to it alone. */
export async function pages (app: Http, { folder, signIn, embedOrigins }: PagesParts): Promise<void> {
  const own = pageHeaders({ ownFiles: true })
  const framed = pageHeaders({ ownFiles: true, embedOrigins })
  // Their names have a hash of what is in them.
  await app.register(fastifyStatic, { root: join(folder, 'assets'), prefix: '/assets/', immutable: true, maxAge: '365d', preCompressed: true, index: false, schemaHide: true })

  const page = (name: string) => async (_: unknown, reply: FastifyReply) => await reply
    .headers(name === 'map/index.html' ? framed : own)
    .header('cache-control', 'no-cache')
    .sendFile(name, folder, { immutable: false, maxAge: 0, cacheControl: false })
  const hidden = { schema: { hide: true } }
  app.get('/', hidden, page('index.html'))
  for (const name of PAGES) {
    app.get(`/${name}`, hidden, async (_, reply) => await reply.redirect(`/${name}/`))
    app.get(`/${name}/*`, hidden, page(`${name}/index.html`))
  }
  // Of pages that begin without a server; what it fetches for them is held to its own policy.
  app.get('/offline.js', hidden, page('offline.js'))
  app.get('/pages.json', hidden, async (_, reply) => await reply.header('cache-control', 'no-cache').send({ signIn }))
}
