const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin'
}

const SECURE = { ...ALWAYS, 'strict-transport-security': 'max-age=31536000' }

/** What a browser is told with every answer, whatever it is. `secure`: it goes over TLS. */
export function securityHeaders ({ secure }: { secure: boolean }): Readonly<Record<string, string>> {
  return secure ? SECURE : ALWAYS
}
