import Type, { type Static } from 'typebox'
import { AUDIENCES } from '../domain/audience.ts'
import { ClaimView } from './claim.ts'
import { ErrorView } from './error.ts'
import { ClaimIdText, Id } from './ids.ts'
import { AgeMs, ClaimChange, ClaimRequest, visit } from './requests.ts'
import { Moment } from './time.ts'
import { CountsView, RecountView, View } from './view.ts'

/** Frames are JSON text over the WebSocket subprotocol of this name; Socket.IO and SSE carry the same objects. */
export const SUBPROTOCOL = 'perch.v1'

/** When to come back: a client waits a random time in this window, from its first attempt on. */
export const RetryWindow = Type.Object({ minMs: Type.Integer(), maxMs: Type.Integer() })
export type RetryWindow = Static<typeof RetryWindow>

const Seq = Type.Integer({ minimum: 0 })
const Epoch = Type.Integer({ minimum: 0 })

/** Of the server: pages that stay open for long load themselves anew when it is another. */
const Version = Type.String()

/** `expiresAt`: when the credentials end, if they do. */
export const Welcome = Type.Object({ type: Type.Literal('welcome'), now: Moment, pulseMs: Type.Integer(), retry: RetryWindow, version: Version, expiresAt: Type.Optional(Moment) })

export const SnapshotFrame = Type.Object({
  type: Type.Literal('snapshot'),
  floor: Id,
  epoch: Epoch,
  seq: Seq,
  plan: Type.Integer(),
  audience: Type.Enum([...AUDIENCES]),
  spaces: Type.Array(View),
  counts: CountsView
})

/** `recount` has the counts that changed, `counts` all of them in their place; neither: none has changed. */
export const DiffFrame = Type.Object({
  type: Type.Literal('diff'),
  floor: Id,
  epoch: Epoch,
  from: Seq,
  to: Seq,
  spaces: Type.Array(View),
  gone: Type.Optional(Type.Array(Id)),
  recount: Type.Optional(RecountView),
  counts: Type.Optional(CountsView)
})

/** `checkedAt`: when this node last confirmed with the store that nothing newer exists. */
export const Pulse = Type.Object({
  type: Type.Literal('pulse'),
  now: Moment,
  floors: Type.Record(Id, Type.Object({ epoch: Epoch, seq: Seq, checkedAt: Moment }))
})

export const Mine = Type.Object({ type: Type.Literal('mine'), claims: Type.Array(ClaimView), lost: Type.Optional(Type.Array(ClaimIdText)) })

export const Reply = Type.Union([
  Type.Object({ type: Type.Literal('reply'), id: Type.String(), ok: Type.Literal(true) }, { additionalProperties: true }),
  Type.Object({ type: Type.Literal('reply'), id: Type.String(), ok: Type.Literal(false), error: ErrorView })
])

export const Bye = Type.Object({ type: Type.Literal('bye'), retry: RetryWindow })

export const ServerFrame = Type.Union([Welcome, SnapshotFrame, DiffFrame, Pulse, Mine, Reply, Bye])
export type SnapshotFrame = Static<typeof SnapshotFrame>
export type DiffFrame = Static<typeof DiffFrame>
export type Pulse = Static<typeof Pulse>
export type ServerFrame = Static<typeof ServerFrame>

/** What a client calls its request: comes back in the reply. */
const RequestId = Type.String({ minLength: 1, maxLength: 64 })

export const Watch = Type.Object({
  type: Type.Literal('watch'),
  id: RequestId,
  floor: Id,
  audience: Type.Optional(Type.Enum([...AUDIENCES])),
  epoch: Type.Optional(Epoch),
  seq: Type.Optional(Seq)
}, { additionalProperties: false })
export const Unwatch = Type.Object({ type: Type.Literal('unwatch'), id: RequestId, floor: Id }, { additionalProperties: false })

/** The members of the HTTP body beside the request's own; the claim's id is `claim`. */
export const ClaimFrame = Type.Object({ type: Type.Literal('claim'), id: RequestId, claim: ClaimRequest }, { additionalProperties: false })
export const CheckInFrame = Type.Object({ type: Type.Literal('checkIn'), id: RequestId, claim: ClaimIdText, ageMs: Type.Optional(AgeMs) }, { additionalProperties: false })
export const ReleaseFrame = Type.Object({ type: Type.Literal('release'), id: RequestId, claim: ClaimIdText, ageMs: Type.Optional(AgeMs) }, { additionalProperties: false })
export const ChangeFrame = Type.Object({ type: Type.Literal('change'), id: RequestId, claim: ClaimIdText, change: ClaimChange }, { additionalProperties: false })
export const ArriveFrame = Type.Object({ type: Type.Literal('arrive'), id: RequestId, ...visit }, { additionalProperties: false })
export const LeaveFrame = Type.Object({ type: Type.Literal('leave'), id: RequestId, ...visit }, { additionalProperties: false })
/** A fresh token before the old one expires. */
export const Renew = Type.Object({ type: Type.Literal('renew'), id: RequestId, token: Type.String({ maxLength: 8192 }) }, { additionalProperties: false })

export const clientFrames = { watch: Watch, unwatch: Unwatch, claim: ClaimFrame, checkIn: CheckInFrame, release: ReleaseFrame, change: ChangeFrame, arrive: ArriveFrame, leave: LeaveFrame, renew: Renew } as const
export type ClientFrame = Static<typeof clientFrames[keyof typeof clientFrames]>
