import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import type { PagesParts, WayToSignIn } from '../transports/http/pages.ts'

const FOLDER = fileURLToPath(new URL('../web', import.meta.url))

/** Undefined where they were not built, as in the sources: all the rest works without them. */
export function pagesOf (parts: Omit<PagesParts, 'folder'>, log: Logger): PagesParts | undefined {
  if (existsSync(join(FOLDER, 'assets'))) return { ...parts, folder: FOLDER }
  log.warn('the pages were not built: there are none at this server')
  return undefined
}

export function wayToSignIn ({ oidc, development }: Pick<Config, 'oidc' | 'development'>): WayToSignIn {
  if (development) return { way: 'development' }
  if (oidc === null || oidc.client === null) return { way: 'none' }
  return { way: 'oidc', issuer: oidc.issuer, client: oidc.client.id, scope: oidc.client.scope, audience: oidc.audience }
}
