import swagger from '@fastify/swagger'
import { createHash } from 'node:crypto'
import { asyncApi } from '../../protocol/asyncapi.ts'
import { docsPage, STYLE, type ApiDocument } from './docs-page.ts'
import type { Http } from './instance.ts'
import { pageHeaders } from './security-headers.ts'

const ABOUT = 'Live occupancy of offices: claims that never overlap, and floors that change on every screen at once. ' +
  'Moments are RFC 3339, written in UTC and whole seconds. Every call may be repeated without harm.'

/** Collects the routes from here on: call it before they are added. */
export async function collectRoutes (app: Http, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Perch', version, description: ABOUT, license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' } },
      servers: [{ url: '/' }],
      tags: ['claims', 'floors', 'spaces', 'readings', 'people', 'sites', 'org', 'records', 'keys', 'tickets', 'devices', 'operations'].map(name => ({ name })),
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }]
    }
  })
}

/** Nothing but the page itself and its own style. */
const PAGE_HEADERS = pageHeaders({ styleHashes: [`sha256-${createHash('sha256').update(STYLE).digest('base64')}`] })

export function docs (app: Http, version: string): void {
  const hide = { schema: { hide: true } }
  const stream = asyncApi(version)
  let page: string | null = null
  app.get('/openapi.json', hide, async () => app.swagger())
  app.get('/asyncapi.json', hide, async () => stream)
  app.get('/docs', hide, async (_, reply) => {
    page ??= docsPage(app.swagger() as unknown as ApiDocument)
    return await reply.headers({ ...PAGE_HEADERS, 'content-type': 'text/html; charset=utf-8' }).send(page)
  })
}
