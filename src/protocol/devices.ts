import Type, { type Static } from 'typebox'
import { DEVICE_HEALTH, DEVICE_ROLES } from '../domain/device.ts'
import { Id } from './ids.ts'
import { Name } from './site.ts'
import { Moment } from './time.ts'

/** Metres from a floor's origin. No floor is larger. */
const FARTHEST_M = 100_000

const Coordinate = Type.Number({ minimum: -FARTHEST_M, maximum: FARTHEST_M })
const Point = Type.Unsafe<readonly [x: number, y: number] | null>(Type.Union([Type.Array(Coordinate, { minItems: 2, maxItems: 2 }), Type.Null()], {
  description: '[x, y] in metres on the floor\'s plan; null: not known'
}))
const Floor = Type.Union([Id, Type.Null()], { description: 'Where it stands, which restricts nothing; null: not known' })
const DeviceRole = Type.Enum([...DEVICE_ROLES])
const closed = { additionalProperties: false }

/** What a device is to be. */
export const DeviceBody = Type.Object({ name: Name, role: DeviceRole, site: Id, floor: Type.Optional(Floor), point: Type.Optional(Point) }, closed)
export type DeviceBody = Static<typeof DeviceBody>

export const DeviceChangeBody = Type.Object({ name: Type.Optional(Name), floor: Type.Optional(Floor), point: Type.Optional(Point) }, { ...closed, minProperties: 1 })
export type DeviceChangeBody = Static<typeof DeviceChangeBody>

export const DeviceReportBody = Type.Object({
  version: Type.String({ minLength: 1, maxLength: 64, pattern: '^[\\x21-\\x7e]+$', description: 'Of what runs on it', examples: ['1.4.2'] }),
  health: Type.Enum([...DEVICE_HEALTH])
}, closed)
export type DeviceReportBody = Static<typeof DeviceReportBody>

const own = { id: Id, name: Type.String(), role: DeviceRole, site: Id, floor: Floor, point: Point }

/** What a device is told of itself. */
export const DeviceSelfView = Type.Object(own)
export type DeviceSelfView = Static<typeof DeviceSelfView>

export const DeviceView = Type.Object({
  ...own,
  createdAt: Moment,
  createdBy: Type.String({ description: 'Who approved it or made its code, as in the audit' }),
  lastSeenAt: Type.Union([Moment, Type.Null()], { description: 'To the minute; null: never' }),
  state: Type.Enum(['online', 'silent'], { description: '`silent`: not seen for three minutes' }),
  version: Type.Union([Type.String(), Type.Null()], { description: 'Null: it has not said' }),
  health: Type.Union([Type.Enum([...DEVICE_HEALTH]), Type.Null()])
})
export type DeviceView = Static<typeof DeviceView>

export const DevicesReply = Type.Object({ devices: Type.Array(DeviceView) })

const Code = Type.String({ description: 'Eight letters and figures in two groups, none of which looks like another', examples: ['ACDE-FGHJ'] })
export const CodeGiven = Type.String({ minLength: 1, maxLength: 32, description: 'In upper or lower case, with or without the hyphen' })
export const PairingBegun = Type.Object({
  code: Code,
  secret: Type.String({ description: 'The device\'s own, to ask how it stands: not to be shown' }),
  expiresAt: Type.Unsafe<string>({ ...Moment, description: 'When both end' }),
  pollMs: Type.Integer({ description: 'How long to wait between two questions' })
})
export const CodeMade = Type.Object({ device: Id, code: Code, expiresAt: Moment })
export const Approved = Type.Object({ device: Id, expiresAt: Type.Unsafe<string>({ ...Moment, description: 'Until then the device may fetch its token' }) })

export const Paired = Type.Object({ state: Type.Literal('paired'), device: DeviceSelfView, token: Type.String({ description: 'Told this once: Perch keeps nothing that it could be made of' }) })
export const PairingView = Type.Union([Type.Object({ state: Type.Literal('waiting'), expiresAt: Moment }), Type.Object({ state: Type.Literal('refused') }), Paired])
export type PairingView = Static<typeof PairingView>
