/**
 * When a JWT ends, in Unix milliseconds; null where the token is none, or ends never. Nothing is verified: the server does that, and this is only about when to ask for the
 * next one.
 */
export function expiryOf (token: string): number | null {
  const [, payload = ''] = token.split('.')
  try {
    const { exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { exp?: unknown }
    return typeof exp === 'number' ? exp * 1_000 : null
  } catch {
    // A key, or something that its issuer alone can read.
    return null
  }
}
