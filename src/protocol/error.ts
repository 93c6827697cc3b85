import Type from 'typebox'
import { errors, PerchError, type ErrorCode, type ErrorDetail } from '../domain/errors.ts'
import { toMoment } from './time.ts'

export const ErrorView = Type.Object({
  code: Type.Enum(Object.keys(errors) as ErrorCode[]),
  message: Type.String({ description: 'A sentence for people; its words may change' }),
  retry: Type.Boolean({ description: 'The same request may succeed later' })
}, { additionalProperties: true })

export interface ErrorView {
  code: ErrorCode
  message: string
  retry: boolean
  [detail: string]: unknown
}

/** Members of a detail that are moments: the rules give them as Unix milliseconds, the wire has them like all others. */
const MOMENTS = new Set(['from', 'to', 'until', 'at', 'opensAt', 'latest', 'opens', 'closes'])

/** The fixed members stand first, for the eye; and they are put again after the details, which can hide none of them. */
export function errorView ({ code, detail }: PerchError): ErrorView {
  const { message, retry } = errors[code]
  const fixed = { code, message, retry }
  return { ...fixed, ...detailView(detail), ...fixed }
}

function detailView (detail: ErrorDetail): Record<string, unknown> {
  return Object.fromEntries(Object.entries(detail).map(([name, value]) => {
    if (typeof value === 'number' && MOMENTS.has(name)) return [name, toMoment(value)]
    return [name, isRecord(value) ? detailView(value) : value]
  }))
}

function isRecord (value: unknown): value is ErrorDetail {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
