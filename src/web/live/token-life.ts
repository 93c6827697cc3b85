/** Milliseconds from when a JWT was made to its end, by its issuer's clock alone; null where it does not say. Nothing is verified: the server does that. */
export function lifeMsOf (token: string): number | null {
  const [, payload = ''] = token.split('.')
  try {
    const { iat, exp } = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as { iat?: unknown, exp?: unknown }
    return typeof iat === 'number' && typeof exp === 'number' ? (exp - iat) * 1_000 : null
  } catch {
    return null
  }
}

/** A token is to be replaced once this share of its life is over: before the SDK asks for another, which it does after 0.7 of what is left. */
const OLD_AT = 0.65

/** `ageMs`: since it came here. Ages and lives are told by one clock each, so a device whose clock is wrong is not misled. */
export function tokenAge (token: string, ageMs: number): 'fresh' | 'old' | 'over' {
  const lifeMs = lifeMsOf(token)
  if (lifeMs === null || ageMs < lifeMs * OLD_AT) return 'fresh'
  return ageMs < lifeMs ? 'old' : 'over'
}
