import type { DirectoryAdmin } from '../../application/directory-admin.ts'
import type { Org } from '../../application/directory.ts'
import { OrgBody, OrgView } from '../../protocol/site.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const tags = ['org']

export function org (v1: Http, directory: DirectoryAdmin): void {
  v1.get('/org', {
    schema: { tags, summary: 'The organisation of these credentials', response: { 200: OrgView, ...refusals } }
  }, async request => orgView(await directory.org(principalOf(request))))

  v1.put('/org', {
    schema: { tags, summary: 'Create or change the organisation', body: OrgBody, response: { 200: OrgView, ...refusals } }
  }, async request => orgView(await directory.putOrg(principalOf(request), request.body)))
}

function orgView ({ id, name, policy }: Org): OrgView {
  return { id, name, policy }
}
