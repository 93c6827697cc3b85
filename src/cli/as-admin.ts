import { ApiRefusal, askApi, type ApiAddress } from './seed/api.ts'

/**
 * A server's API with an admin's rights: by the token that was given, else by the development issuer of a server on this machine that has one. Waits out a server that is starting.
 * @throws Unreachable, ApiRefusal
 */
export async function asAdmin ({ url, token }: ApiAddress): Promise<ApiAddress> {
  if (token !== null) return { url, token }
  try {
    const { token } = await askApi({ url, token: null }, 'POST', '/dev/sign-in', { person: 'admin' }) as { token: string }
    return { url, token }
  } catch (error) {
    // It has none, or not for us: whatever is asked next says that credentials are needed.
    if (error instanceof ApiRefusal && (error.code === 'NOT_FOUND' || error.code === 'FORBIDDEN')) return { url, token: null }
    throw error
  }
}
