import type { ClientFrame, ServerFrame } from '../protocol/frames.ts'

export type { ServerFrame }

/** The subprotocol. Written here again, for the protocol's own module brings its schemas along; a test holds the two together. */
export const PROTOCOL = 'perch.v1'

/** A frame without the id of the request: that is given when it is sent. */
export type Request = WithoutId<ClientFrame>
type WithoutId<Frame> = Frame extends unknown ? Omit<Frame, 'id'> : never

export type ReplyFrame = Extract<ServerFrame, { type: 'reply' }>
export type WelcomeFrame = Extract<ServerFrame, { type: 'welcome' }>
export type MineFrame = Extract<ServerFrame, { type: 'mine' }>
