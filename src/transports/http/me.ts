import type { DirectoryAdmin } from '../../application/directory-admin.ts'
import { MeBody, PersonView, WhoView } from '../../protocol/people.ts'
import { toMoment } from '../../protocol/time.ts'
import { principalOf, refusals, type Http } from './instance.ts'
import { personView } from './people.ts'

const tags = ['people']

/** What somebody may see and say of themselves. */
export function me (v1: Http, directory: DirectoryAdmin): void {
  v1.get('/whoami', {
    schema: { tags, summary: 'As whom one came in', description: 'Of whatever credentials: who, as what, for which site and until when.', response: { 200: WhoView, ...refusals } }
  }, async request => {
    const { id, role, site, person, expiresAt } = principalOf(request)
    return { id, role, site, person, name: await directory.ownName(principalOf(request)), expiresAt: expiresAt === null ? null : toMoment(expiresAt) }
  })

  v1.get('/me', {
    schema: { tags, summary: 'Who asks', response: { 200: PersonView, ...refusals } }
  }, async request => personView(await directory.me(principalOf(request))))

  v1.put('/me', {
    schema: {
      tags,
      summary: 'Choose who sees one\'s name',
      description: 'It is so on every screen when the answer comes.',
      body: MeBody,
      response: { 200: PersonView, ...refusals }
    }
  }, async request => personView(await directory.putMe(principalOf(request), request.body)))
}
