import { Compile } from 'typebox/compile'
import { Watch, Unwatch, ClaimFrame, CheckInFrame, ReleaseFrame, ChangeFrame, ArriveFrame, LeaveFrame, Renew, clientFrames, type ClientFrame } from '../protocol/frames.ts'

/** `refused`: it can be answered. `broken`: it cannot even be told what to answer to. */
export type ReceivedFrame =
  | { state: 'frame', frame: ClientFrame }
  | { state: 'refused', id: string, field: string, reason: string }
  | { state: 'broken' }

type Type = keyof typeof clientFrames

/** A compiled schema. */
interface Check {
  Check (value: unknown): value is ClientFrame
  Errors (value: unknown): ReadonlyArray<{ instancePath: string, message: string }>
}

/**
 * Every schema is closed: `__proto__` or `constructor` as a member is one member too many, whether it came as text or was parsed by the transport's library.
 * Nothing of a frame is touched before that is checked.
 */
const compiled = {
  watch: Compile(Watch),
  unwatch: Compile(Unwatch),
  claim: Compile(ClaimFrame),
  checkIn: Compile(CheckInFrame),
  release: Compile(ReleaseFrame),
  change: Compile(ChangeFrame),
  arrive: Compile(ArriveFrame),
  leave: Compile(LeaveFrame),
  renew: Compile(Renew)
}
const checks: Readonly<Record<Type, Check>> = compiled

const ID_LENGTH = 64

/** A client's frame: JSON, or the object that a transport made of it. */
export function readClientFrame (received: unknown): ReceivedFrame {
  const value = typeof received === 'string' ? parsed(received) : received
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { state: 'broken' }
  const id = own(value, 'id')
  if (typeof id !== 'string' || id.length === 0 || id.length > ID_LENGTH) return { state: 'broken' }
  const type = own(value, 'type')
  if (!isType(type)) return { state: 'refused', id, field: 'type', reason: `one of ${Object.keys(checks).join(', ')}` }
  const check = checks[type]
  if (check.Check(value)) return { state: 'frame', frame: value }
  const [error] = check.Errors(value)
  return { state: 'refused', id, field: error?.instancePath.slice(1).replaceAll('/', '.') ?? '', reason: error?.message ?? 'not well formed' }
}

function isType (type: unknown): type is Type {
  return typeof type === 'string' && Object.hasOwn(checks, type)
}

function own (value: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

function parsed (text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller cannot tell what to answer to.
    return null
  }
}
