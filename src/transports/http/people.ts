import Type from 'typebox'
import type { DirectoryAdmin, KnownPerson } from '../../application/directory-admin.ts'
import { FoundReply, GroupsReply, PeoplePutReply, PeopleReply } from '../../protocol/answers.ts'
import { SEARCH_LETTERS } from '../../domain/name-words.ts'
import { Id } from '../../protocol/ids.ts'
import { GroupsBody, PeopleBody, PersonBody, PersonView, PinBody } from '../../protocol/people.ts'
import { LARGE_BODY_LIMIT, principalOf, refusals, type Http } from './instance.ts'

const PEOPLE_PER_PAGE = 100

const OnePerson = Type.Object({ person: Id })
const Query = Type.Object({
  after: Type.Optional(Id),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: `Default ${PEOPLE_PER_PAGE}` })),
  group: Type.Optional(Id),
  search: Type.Optional(Type.String({ minLength: SEARCH_LETTERS, maxLength: 64, description: 'By name instead, from three letters on: at most 5, and nobody who is hidden' }))
}, { additionalProperties: false })

const tags = ['people']

export function people (v1: Http, directory: DirectoryAdmin): void {
  v1.get('/people', {
    schema: {
      tags,
      summary: 'People, by id in pages, or by name',
      description: 'With `search` the answer is `found`: who is visible and has words in their name that begin so. Kiosks and members may do that and no more. Who may watch floors with names is told where they are now: `floor` and `space` of the claim that they have; kiosks are not.',
      querystring: Query,
      response: { 200: Type.Union([PeopleReply, FoundReply]), ...refusals }
    }
  }, async request => {
    const { after, limit, group, search } = request.query
    if (search !== undefined) return { found: await directory.findPeople(principalOf(request), search) }
    const page = await directory.people(principalOf(request), { after: after ?? null, limit: limit ?? PEOPLE_PER_PAGE, group })
    return { people: page.people.map(personView), next: page.next }
  })

  v1.put('/people', {
    bodyLimit: LARGE_BODY_LIMIT,
    schema: {
      tags,
      summary: 'Create or change up to 1,000 people',
      description: 'All of them or none. Whoever is not named stays as they are. Groups that are not there yet are made.',
      body: PeopleBody,
      response: { 200: PeoplePutReply, ...refusals }
    }
  }, async request => await directory.putPeople(principalOf(request), request.body))

  v1.get('/people/:person', {
    schema: { tags, summary: 'One person', params: OnePerson, response: { 200: PersonView, ...refusals } }
  }, async request => personView(await directory.person(principalOf(request), request.params.person)))

  v1.put('/people/:person', {
    schema: {
      tags,
      summary: 'Create or change a person',
      description: 'A new name or visibility is on every screen when the answer comes.',
      params: OnePerson,
      body: PersonBody,
      response: { 200: PersonView, 201: PersonView, ...refusals }
    }
  }, async (request, reply) => {
    const { person, created } = await directory.putPerson(principalOf(request), request.params.person, request.body)
    reply.code(created ? 201 : 200)
    return personView(person)
  })

  v1.delete('/people/:person', {
    schema: { tags, summary: 'End a person\'s claims and take them off the directory', params: OnePerson, response: { 204: Type.Null(), ...refusals } }
  }, async (request, reply) => {
    await directory.removePerson(principalOf(request), request.params.person)
    return await reply.code(204).send(null)
  })

  v1.put('/people/:person/pin', {
    schema: {
      tags,
      summary: 'Set a person\'s PIN for kiosks, or unlock it',
      description: 'One\'s own, or as an admin anybody\'s. After five wrong tries a PIN is locked for 15 minutes or until it is set again.',
      params: OnePerson,
      body: PinBody,
      response: { 204: Type.Null(), ...refusals }
    }
  }, async (request, reply) => {
    await directory.putPin(principalOf(request), request.params.person, request.body.pin)
    return await reply.code(204).send(null)
  })

  v1.delete('/people/:person/pin', {
    schema: { tags, summary: 'Take a person\'s PIN away', params: OnePerson, response: { 204: Type.Null(), ...refusals } }
  }, async (request, reply) => {
    await directory.putPin(principalOf(request), request.params.person, null)
    return await reply.code(204).send(null)
  })

  v1.get('/groups', {
    schema: { tags, summary: 'All groups', response: { 200: GroupsReply, ...refusals } }
  }, async request => ({ groups: await directory.groups(principalOf(request)) }))

  v1.put('/groups', {
    bodyLimit: LARGE_BODY_LIMIT,
    schema: { tags, summary: 'Create groups, or name them', body: GroupsBody, response: { 200: GroupsReply, ...refusals } }
  }, async request => {
    await directory.putGroups(principalOf(request), request.body.groups)
    return { groups: request.body.groups }
  })
}

export function personView ({ id, name, visibility, groups, badges }: KnownPerson): PersonView {
  return { id, name, visibility, groups: [...groups], badges }
}
