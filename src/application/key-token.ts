import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { ApiKey, KeyId } from './keys.ts'

const ID_BYTES = 8
/** So many that nobody tries them all, and that a plain hash keeps them. */
const SECRET_BYTES = 32

/** By it a key is told from a JWT, and found by whoever looks for secrets in places where none should be. */
const BEGINNING = 'perch_'
/** `perch_<id>_<secret>`: 16 hex digits, 43 characters of base64url. */
const FORM = /^perch_([0-9a-f]{16})_([\w-]{43})$/

/** The text is for the service, id and hash are kept. */
export interface NewKeyToken {
  token: string
  id: KeyId
  hash: string
}

export function newKeyId (): KeyId {
  return randomBytes(ID_BYTES).toString('hex')
}

/** `id`: one that was told before there is a token. */
export function newKeyToken (id = newKeyId()): NewKeyToken {
  const secret = randomBytes(SECRET_BYTES).toString('base64url')
  return { token: `${BEGINNING}${id}_${secret}`, id, hash: digest(secret).toString('hex') }
}

/** It means to be a key, well formed or not: nobody else needs to look at it. */
export function isKeyToken (token: string): boolean {
  return token.startsWith(BEGINNING)
}

/** Null: no key has that form. */
export function readKeyToken (token: string): { id: KeyId, secret: string } | null {
  const [, id, secret] = FORM.exec(token) ?? []
  return id === undefined || secret === undefined ? null : { id, secret }
}

/** In the same time for every guess: digests are of one length. */
export function isSecretOf ({ hash }: Pick<ApiKey, 'hash'>, secret: string): boolean {
  const expected = Buffer.from(hash, 'hex')
  const given = digest(secret)
  return expected.length === given.length && timingSafeEqual(expected, given)
}

function digest (secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
