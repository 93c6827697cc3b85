/** Nobody but the page itself gets these, and no page of ours wants them unless it says so. */
const DEVICES = ['camera', 'microphone', 'geolocation', 'display-capture', 'usb', 'serial', 'hid', 'payment']

const permissions = (allowed: readonly string[]): string => DEVICES.map(name => `${name}=(${allowed.includes(name) ? 'self' : ''})`).join(', ')

const ALWAYS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'permissions-policy': permissions([]),
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin'
}

const SECURE = { ...ALWAYS, 'strict-transport-security': 'max-age=31536000' }

/** What a browser is told with every answer, whatever it is. `secure`: it goes over TLS. */
export function securityHeaders ({ secure }: { secure: boolean }): Readonly<Record<string, string>> {
  return secure ? SECURE : ALWAYS
}

/** What a page needs; nothing else is let through. */
export interface PageNeeds {
  /** Scripts, styles, pictures and fonts that are files of Perch's own, and connections to it. */
  ownFiles?: boolean
  /** Of styles that stand in the page: `sha256-…`. There are no scripts that do. */
  styleHashes?: readonly string[]
  camera?: boolean
  /** Origins that it may ask, and show in a frame, beside its own: those of whoever gives people tokens. */
  alsoAsks?: readonly string[]
  /** It is shown in a frame of a page of its own origin. Implied by `embedOrigins`. */
  framedByOwn?: boolean
  /** Origins whose pages may frame it. Default: nobody's. */
  embedOrigins?: readonly string[]
}

/** In place of those of every answer, for a page. */
export function pageHeaders ({ ownFiles = false, styleHashes = [], camera = false, alsoAsks = [], framedByOwn = false, embedOrigins = [] }: PageNeeds): Readonly<Record<string, string>> {
  const styles = [...ownFiles ? ["'self'"] : [], ...styleHashes.map(hash => `'${hash}'`)]
  const others = alsoAsks.map(origin => ` ${origin}`).join('')
  const framers = [...framedByOwn || embedOrigins.length > 0 ? ["'self'"] : [], ...embedOrigins]
  const policy = [
    "default-src 'none'",
    ...ownFiles ? ["script-src 'self'", "img-src 'self' data:", "font-src 'self'", `connect-src 'self'${others}`, "manifest-src 'self'", "worker-src 'self'"] : [],
    ...others === '' ? [] : [`frame-src 'self'${others}`],
    ...styles.length > 0 ? [`style-src ${styles.join(' ')}`] : [],
    "base-uri 'none'",
    "form-action 'none'",
    `frame-ancestors ${framers.length > 0 ? framers.join(' ') : "'none'"}`
  ]
  return { 'content-security-policy': policy.join('; '), 'permissions-policy': permissions(camera ? ['camera'] : []) }
}
