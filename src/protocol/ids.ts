import Type from 'typebox'
import { ID_PATTERN } from '../domain/ids.ts'

export const Id = Type.String({ pattern: ID_PATTERN, maxLength: 64, description: 'An id within the org', examples: ['hq-3-d12'] })

export const ClaimIdText = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$',
  maxLength: 36,
  description: 'UUIDv7 in lower case, chosen by the caller or by Perch',
  examples: ['019aa1c2-7c00-7abc-8def-0123456789ab']
})
