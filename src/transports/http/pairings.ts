import Type from 'typebox'
import { POLL_MS, type Pairing, type PairingState } from '../../application/pairing.ts'
import { Approved, CodeGiven, DeviceBody, Paired, PairingBegun, PairingView } from '../../protocol/devices.ts'
import { toMoment } from '../../protocol/time.ts'
import { deviceSelfView } from './devices.ts'
import { principalOf, refusals, type Http } from './instance.ts'
import type { Peers } from './peers.ts'

const OneCode = Type.Object({ code: CodeGiven })
const SECRET_LENGTH = 43
const tags = ['devices']
/** Whoever asks has no credentials yet: that is what it asks for. */
const open = { config: { open: true } } as const
const security: [] = []

export function pairings (v1: Http, pairing: Pairing, peers: Pick<Peers, 'addressOf'>): void {
  v1.post('/pairings', {
    ...open,
    schema: {
      tags,
      security,
      summary: 'A device asks to be paired',
      description: 'Without credentials. It shows the code, and asks with the secret how it stands until somebody has approved or refused it.',
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 201: PairingBegun, ...refusals }
    }
  }, async (request, reply) => {
    const { code, secret, expiresAt } = await pairing.begin(peers.addressOf(request.raw))
    reply.code(201)
    return { code, secret, expiresAt: toMoment(expiresAt), pollMs: POLL_MS }
  })

  v1.post('/pairings/poll', {
    ...open,
    schema: {
      tags,
      security,
      summary: 'How a device\'s pairing stands',
      description: 'Without credentials. Once it is `paired` that is told once, with the token; from then on, and after ten minutes, it is PAIRING_UNKNOWN: begin anew.',
      body: Type.Object({ secret: Type.String({ minLength: SECRET_LENGTH, maxLength: SECRET_LENGTH }) }, { additionalProperties: false }),
      response: { 200: PairingView, ...refusals }
    }
  }, async request => viewOf(await pairing.poll(request.body.secret)))

  v1.post('/pairings/redeem', {
    ...open,
    schema: {
      tags,
      security,
      summary: 'A device was told a code',
      description: 'Without credentials. A code works once; wrong ones are counted.',
      body: Type.Object({ code: CodeGiven }, { additionalProperties: false }),
      response: { 201: Paired, ...refusals }
    }
  }, async (request, reply) => {
    const { device, token } = await pairing.redeem(peers.addressOf(request.raw), request.body.code)
    reply.code(201)
    return { state: 'paired' as const, device: deviceSelfView(device), token }
  })

  v1.post('/pairings/:code/approve', {
    schema: {
      tags,
      summary: 'Approve a device by the code that it shows',
      description: 'It fetches its token with its next question. A code works once; wrong ones are counted.',
      params: OneCode,
      body: DeviceBody,
      response: { 200: Approved, ...refusals }
    }
  }, async request => {
    const { device, expiresAt } = await pairing.approve(principalOf(request), request.params.code, request.body)
    return { device, expiresAt: toMoment(expiresAt) }
  })

  v1.post('/pairings/:code/refuse', {
    schema: {
      tags,
      summary: 'Refuse a device by the code that it shows',
      params: OneCode,
      body: Type.Union([Type.Object({}, { additionalProperties: false }), Type.Null()]),
      response: { 204: Type.Null(), ...refusals }
    }
  }, async (request, reply) => {
    await pairing.refuse(principalOf(request), request.params.code)
    return await reply.code(204).send(null)
  })
}

function viewOf (pairing: PairingState): PairingView {
  switch (pairing.state) {
    case 'waiting': return { state: 'waiting', expiresAt: toMoment(pairing.expiresAt) }
    case 'refused': return { state: 'refused' }
    case 'paired': return { state: 'paired', device: deviceSelfView(pairing.device), token: pairing.token }
  }
}
