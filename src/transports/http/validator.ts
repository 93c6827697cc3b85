import { Ajv } from 'ajv'
import type { FastifySchemaCompiler } from 'fastify'
import type { TSchema } from 'typebox'
import addFormats from 'ajv-formats'

/**
 * Bodies are taken as they are: nothing is coerced, filled in or left out, so that what a client got wrong is told, not guessed. Only what stands in an address is text by
 * nature and becomes the number or truth value that its schema asks for. One failure is enough: looking for all of them is work that a hostile body could multiply.
 */
export function validatorCompiler (): FastifySchemaCompiler<TSchema> {
  const options = { allErrors: false, verbose: true, strict: true, strictTypes: false, removeAdditional: false, useDefaults: false } as const
  const ofBody = addFormats.default(new Ajv({ ...options, coerceTypes: false }), ['date-time'])
  const ofAddress = addFormats.default(new Ajv({ ...options, coerceTypes: true }), ['date-time'])
  return ({ schema, httpPart }) => (httpPart === 'body' ? ofBody : ofAddress).compile(schema)
}
