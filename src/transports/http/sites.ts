import Type from 'typebox'
import type { DirectoryAdmin } from '../../application/directory-admin.ts'
import type { Site } from '../../application/directory.ts'
import { SitesReply } from '../../protocol/answers.ts'
import { Id } from '../../protocol/ids.ts'
import { SiteBody, SiteView } from '../../protocol/site.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const tags = ['sites']

export function sites (v1: Http, directory: DirectoryAdmin): void {
  v1.get('/sites', {
    schema: { tags, summary: 'All sites', response: { 200: SitesReply, ...refusals } }
  }, async request => ({ sites: (await directory.sites(principalOf(request))).map(siteView) }))

  v1.put('/sites/:site', {
    schema: {
      tags,
      summary: 'Create or change a site',
      description: 'With other hours or another policy, what holds on its floors follows before the answer comes.',
      params: Type.Object({ site: Id }),
      body: SiteBody,
      response: { 200: SiteView, ...refusals }
    }
  }, async request => siteView(await directory.putSite(principalOf(request), request.params.site, request.body)))
}

function siteView ({ id, name, hours: { zone, hours }, policy }: Site): SiteView {
  return { id, name, zone, hours, policy }
}
