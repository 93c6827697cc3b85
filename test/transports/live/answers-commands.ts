import assert from 'node:assert/strict'
import type { Heard } from './heard.ts'
import type { LiveServer } from './open-live.ts'

/** What a connection of member:ada makes of every command, whatever it runs over. */
export async function answersCommands (server: LiveServer, client: Heard & { send (frame: unknown): void }): Promise<void> {
  const [claim, other] = [server.building.newId(), server.building.newId()]
  const ask = async (id: string, frame: Record<string, unknown>) => await server.ask(client, { id, ...frame })
  const granted = await ask('a', { type: 'claim', claim: { id: claim, space: 'd1', await: 'accepted' } })
  assert.deepEqual([granted['ok'], typeof granted['claim'], typeof granted['position'], granted['persisted']], [true, 'object', 'object', false])
  assert.equal((await ask('b', { type: 'checkIn', claim }))['ok'], true)
  assert.equal((await ask('c', { type: 'change', claim, change: { space: 'd2', await: 'accepted' } }))['ok'], true)
  assert.equal((await ask('y', { type: 'renew', token: 'member:ada' }))['ok'], true)
  for (const [id, frame, code] of [
    ['d', { type: 'claim', claim: { id: other, space: 'nowhere' } }, 'SPACE_UNKNOWN'],
    ['e', { type: 'claim', claim: { id: other, space: 'd3', await: 'accepted' } }, 'PERSON_BUSY'],
    ['f', { type: 'claim', claim: { id: claim, space: 'd3' } }, 'CLAIM_ID_REUSED'],
    ['g', { type: 'release', claim: server.building.newId() }, 'CLAIM_UNKNOWN'],
    ['h', { type: 'watch', floor: 'nowhere' }, 'FLOOR_UNKNOWN'],
    ['i', { type: 'claim', claim: { space: 'd3', from: 5 } }, 'BAD_REQUEST'],
    ['j', { type: 'shout' }, 'BAD_REQUEST'],
    ['k', { type: 'renew', token: 'forged' }, 'UNAUTHENTICATED'],
    ['l', { type: 'renew', token: 'member:ben' }, 'FORBIDDEN']
  ] as const) {
    await ask(id, frame)
    assert.equal(client.refusal(id), code)
  }
  assert.equal((await ask('z', { type: 'release', claim }))['ok'], true)
  await server.until('its own claims', () => client.of('mine').some(({ claims }) => claims.some(({ id }) => id === claim)))
}
