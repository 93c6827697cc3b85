import Type from 'typebox'
import type { DeviceAdmin } from '../../application/device-admin.ts'
import { SILENT_AFTER_MS, type Device } from '../../application/devices.ts'
import type { Pairing } from '../../application/pairing.ts'
import type { Clock } from '../../application/ports.ts'
import type { Millis } from '../../domain/time.ts'
import { CodeMade, DeviceBody, DeviceChangeBody, DeviceReportBody, DeviceSelfView, DevicesReply, DeviceView } from '../../protocol/devices.ts'
import { Id } from '../../protocol/ids.ts'
import { toMoment } from '../../protocol/time.ts'
import { principalOf, refusals, type Http } from './instance.ts'

const OneDevice = Type.Object({ device: Id })
const tags = ['devices']

export interface DeviceDesk {
  admin: DeviceAdmin
  pairing: Pairing
  clock: Pick<Clock, 'now'>
}

export function devices (v1: Http, { admin, pairing, clock }: DeviceDesk): void {
  v1.get('/devices', {
    schema: { tags, summary: 'All devices that are paired', response: { 200: DevicesReply, ...refusals } }
  }, async request => ({ devices: (await admin.devices(principalOf(request))).map(device => deviceView(device, clock.now())) }))

  v1.post('/devices', {
    schema: {
      tags,
      summary: 'Make a code that is typed into a device',
      description: 'It works once, within ten minutes. Whichever device it is typed into is the device.',
      body: DeviceBody,
      response: { 201: CodeMade, ...refusals }
    }
  }, async (request, reply) => {
    const { device, code, expiresAt } = await pairing.prepare(principalOf(request), request.body)
    reply.code(201)
    return { device, code, expiresAt: toMoment(expiresAt) }
  })

  v1.get('/devices/self', {
    schema: { tags, summary: 'The device that asks', response: { 200: DeviceSelfView, ...refusals } }
  }, async request => deviceSelfView(await admin.self(principalOf(request))))

  v1.put('/devices/self', {
    schema: {
      tags,
      summary: 'What a device says of itself',
      description: 'Kept once a minute: what comes sooner is passed over, so say it again every few minutes.',
      body: DeviceReportBody,
      response: { 204: Type.Null(), ...refusals }
    }
  }, async (request, reply) => {
    await admin.report(principalOf(request), request.body)
    return await reply.code(204).send(null)
  })

  v1.patch('/devices/:device', {
    schema: {
      tags,
      summary: 'Rename a device, or say where it stands',
      description: 'Its connections are closed with RELOAD, so that it asks anew where it stands. Role and site are what it was paired for: cut it off and pair it anew for others.',
      params: OneDevice,
      body: DeviceChangeBody,
      response: { 200: DeviceView, ...refusals }
    }
  }, async request => deviceView(await admin.changeDevice(principalOf(request), request.params.device, request.body), clock.now()))

  v1.delete('/devices/:device', {
    schema: {
      tags,
      summary: 'Cut a device off',
      description: 'Within a second its requests are refused and its connections closed, on every node.',
      params: OneDevice,
      response: { 204: Type.Null(), ...refusals }
    }
  }, async (request, reply) => {
    await admin.cutOffDevice(principalOf(request), request.params.device)
    return await reply.code(204).send(null)
  })
}

export function deviceSelfView ({ id, name, role, site, floor, point }: Device): DeviceSelfView {
  return { id, name, role, site, floor, point }
}

function deviceView (device: Device, now: Millis): DeviceView {
  const { createdAt, createdBy, lastSeenAt, report } = device
  return {
    ...deviceSelfView(device),
    createdAt: toMoment(createdAt),
    createdBy,
    lastSeenAt: lastSeenAt === null ? null : toMoment(lastSeenAt),
    state: lastSeenAt !== null && lastSeenAt > now - SILENT_AFTER_MS ? 'online' : 'silent',
    version: report?.version ?? null,
    health: report?.health ?? null
  }
}
