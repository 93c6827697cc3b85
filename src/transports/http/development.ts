import Type from 'typebox'
import type { SignIn } from '../../application/sign-in.ts'
import { PerchError } from '../../domain/errors.ts'
import { ROLES } from '../../domain/role.ts'
import { Id } from '../../protocol/ids.ts'
import { Moment, toMoment } from '../../protocol/time.ts'
import { mustBeOwnPage } from './authenticate.ts'
import { refusals, type Http } from './instance.ts'

const Somebody = Type.Object({ id: Id, name: Type.String(), role: Type.Enum([...ROLES]), site: Type.Union([Id, Type.Null()]) })
const SignedIn = Type.Object({ token: Type.String(), expiresAt: Moment, person: Somebody })

/** What a proxy in front adds: whoever it speaks for need not be on this machine. */
const PASSED_ON = ['forwarded', 'x-forwarded-for', 'x-real-ip', 'via'] as const

/** `/dev`, where whoever is on this machine signs in as anybody of the demo. Never part of a server that others can reach. */
export async function development (app: Http, signIn: SignIn): Promise<void> {
  await app.register(async (dev: Http) => {
    dev.addHook('onRequest', (request, reply, done) => {
      reply.header('cache-control', 'no-store')
      mustBeOwnPage(request.headers)
      if (PASSED_ON.some(name => request.headers[name] !== undefined)) throw new PerchError('FORBIDDEN', { reason: 'only whoever is on this machine may sign in here' })
      done()
    })

    dev.get('/people', {
      schema: { hide: true, response: { 200: Type.Object({ people: Type.Array(Somebody) }), ...refusals } }
    }, async () => ({ people: await signIn.people() }))

    dev.post('/sign-in', {
      schema: { hide: true, body: Type.Object({ person: Id }, { additionalProperties: false }), response: { 200: SignedIn, ...refusals } }
    }, async request => {
      const { token, expiresAt, person } = await signIn.signIn(request.body.person)
      return { token, expiresAt: toMoment(expiresAt), person }
    })
  }, { prefix: '/dev' })
}
