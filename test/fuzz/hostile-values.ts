import fc from 'fast-check'

/** What the office of the tests has, so that hostile requests get as far as the rules. */
const KNOWN = ['f1', 'd1', 'd2', 'd3', 'd1', 'd2', 'd3', 'ada', 'ben', 'ada', 'ben', 'hq', 'acme', 'desk']
/** Ids of the office's time. The first three stand for claims. */
export const CLAIMS: readonly string[] = Array.from({ length: 12 }, (_, i) => `019cad8f-ac00-7000-8000-${String(i).padStart(12, '0')}`)

/** Moments that are none, or none that anybody means. */
const MOMENTS = [
  '2026-03-02T08:00:00.999999999Z', '0000-01-01T00:00:00Z', '0001-01-01T00:00:00Z', '1969-12-31T23:59:59Z', '9999-12-31T23:59:59Z', '9999-12-31T23:59:60Z',
  '+275760-09-13T00:00:00Z', '-271821-04-20T00:00:00Z', '2026-02-30T00:00:00Z', '2026-03-02T24:00:00Z', '2026-03-02T25:61:61Z', '2026-03-02T08:00:00+99:99', '2026-03-02 08:00:00Z', '2026-03-02', 'now', '١٢٣٤-٠١-٠١T00:00:00Z'
]

const STRINGS = [
  '', ' ', '.', '..', '../../etc/passwd', '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'null', 'undefined', 'NaN', '\u0000', 'a\u0000b', '\ud800', '\udfff\ud800', '😀'.repeat(20), '\u202e', 'é'.normalize('NFD'),
  '%00', '%ZZ', '*', '-', '_', 'A'.repeat(64), 'A'.repeat(65), 'A'.repeat(101), 'A'.repeat(5_000), '$where', "' OR 1=1 --", '<script>', '{{1}}', '\r\nx-injected: 1', '1e309', '-0', '0x10', '019CAD9E-3C00-7000-8000-000000000001', 'ffffffff-ffff-7fff-bfff-ffffffffffff', '00000000-0000-7000-8000-000000000000'
]

const NUMBERS = [0, -0, -1, 1, 0.1, 1e21, -1e21, 1e308, 5e-324, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 8.64e15, 8.64e15 + 1]

/** An object with a member of that name of its own, whatever the name means to the language. */
export function withMember (object: object, name: string, value: unknown): object {
  return Object.defineProperty({ ...object }, name, { value, enumerable: true, configurable: true, writable: true })
}

export const knownText = fc.constantFrom(...KNOWN)
export const knownClaim = fc.constantFrom(...CLAIMS.slice(0, 3), ...CLAIMS)
export const soon = fc.constantFrom('2026-03-02T09:00:00Z', '2026-03-02T12:30:00+01:00', '2026-03-02T17:00:00Z', '2026-03-03T09:00:00Z', '2026-03-03T12:00:00Z')
export const moment = fc.constantFrom(...MOMENTS)
export const hostileText = fc.oneof(fc.constantFrom(...STRINGS), moment, fc.string({ unit: 'binary', maxLength: 80 }))
export const hostileNumber = fc.oneof(fc.constantFrom(...NUMBERS), fc.integer(), fc.double({ noNaN: true }))
export const dangerousName = fc.constantFrom('__proto__', 'constructor', 'prototype', 'toString', 'then', 'toJSON', 'length', 'id', 'type', '')

/** Any JSON, with a liking for what breaks programs. */
export const hostileValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: fc.oneof(hostileText, knownText, knownClaim) },
  { weight: 3, arbitrary: hostileNumber },
  { weight: 2, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null]) },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.tuple(dangerousName, fc.jsonValue({ maxDepth: 1 })).map(([name, value]) => withMember({}, name, value)) },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 2_000 }).map(length => Array.from({ length }, (_, i) => i)) }
)

const DEEP = ['['.repeat(5_000) + ']'.repeat(5_000), '{"a":'.repeat(2_000) + '1' + '}'.repeat(2_000), '['.repeat(9_000)]
const BROKEN = ['', ' ', '\u0000', '\ufeff{}', '{', '}', '{]', '{"a":1,}', "{'a':1}", '{a:1}', 'NaN', 'Infinity', '01', '1e', '"\\u12"', '"\\ud800"', 'undefined', '{"a":1}{"b":2}', '{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"id":1,"id":"2"}', '{"a":1e999}', '/* */{}']

/** The text of a value, as it is or as no parser should take it. */
export function hostileJson (value: fc.Arbitrary<unknown>): fc.Arbitrary<string> {
  const text = value.map(made => JSON.stringify(made) ?? 'null')
  return fc.oneof(
    { weight: 40, arbitrary: text },
    { weight: 2, arbitrary: fc.tuple(text, fc.nat()).map(([whole, at]) => whole.slice(0, at % (whole.length + 1))) },
    { weight: 1, arbitrary: fc.tuple(text, fc.nat(), fc.string({ unit: 'binary', maxLength: 4 })).map(([whole, at, more]) => whole.slice(0, at % (whole.length + 1)) + more + whole.slice(at % (whole.length + 1))) },
    { weight: 1, arbitrary: text.map(whole => whole.replace('{', '{"__proto__":{"role":"admin"},')) },
    { weight: 1, arbitrary: fc.constantFrom(...BROKEN, ...DEEP) }
  )
}
