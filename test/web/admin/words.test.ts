import { test } from 'tap'
import assert from 'node:assert/strict'
import type { PlanFault } from '../../../src/domain/plan-fault.ts'

// What the language is chosen by, as a browser has it.
Object.assign(globalThis, { location: new URL('http://127.0.0.1/'), document: { documentElement: {} } })
Object.defineProperty(globalThis, 'navigator', { value: { languages: ['en'] }, configurable: true })

const { language, LANGUAGES } = await import('../../../src/web/words/language.ts')
const catalogues: Record<string, () => object> = {
  shell: (await import('../../../src/web/admin/words/shell.ts')).shellWords,
  devices: (await import('../../../src/web/admin/words/devices.ts')).deviceWords,
  plans: (await import('../../../src/web/admin/words/plans.ts')).planWords,
  spaces: (await import('../../../src/web/admin/words/spaces.ts')).spaceWords,
  labels: (await import('../../../src/web/admin/words/labels.ts')).labelWords,
  health: (await import('../../../src/web/admin/words/health.ts')).healthWords,
  home: (await import('../../../src/web/home/words.ts')).homeWords,
  signIn: (await import('../../../src/web/words/sign-in.ts')).signInWords
}

/** Every text of a catalogue, with its path; phrases as they read with the usual arguments. */
function texts (words: object, path = ''): Array<[path: string, text: string]> {
  return Object.entries(words).flatMap(([name, value]): Array<[string, string]> => {
    const here = `${path}.${name}`
    if (typeof value === 'object') return texts(value as object, here)
    if (name === 'fault') return ([{ fault: 'not-json' }, { fault: 'not-a-plan' }, { fault: 'no-such-floor', floors: ['x'] }, { fault: 'geometry', feature: 3, type: 'Point' }]).map(fault => [`${here} ${fault.fault}`, (value as (of: object) => string)(fault)])
    if (name === 'place') return [{ what: 'space', id: 'x' }, { what: 'zone', id: 'x' }, { what: 'shape', number: 3 }, { what: 'plan' }].map(place => [`${here} ${place.what}`, (value as (of: object) => string)(place)])
    return [[here, typeof value === 'function' ? (value as (...of: number[]) => string)(2, 3, 4) : String(value)]]
  })
}

test('every page of this part says everything in each language, and nothing in another', async () => {
  for (const [name, words] of Object.entries(catalogues)) {
    const said = LANGUAGES.map(one => {
      language.value = one
      return texts(words())
    })
    for (const told of said) {
      assert.deepEqual(told.map(([path]) => path), said[0]?.map(([path]) => path), name)
      for (const [path, text] of told) assert.match(text, /\S/u, `${name}${path}`)
    }
    // Some words are the same in two languages; whole sentences are not.
    for (const [i, [path, text]] of (said[0] ?? []).entries()) if (text.length > 25) assert.notEqual(said[1]?.[i]?.[1], text, `${name}${path} is English in German`)
    for (const [i, [path, text]] of (said[0] ?? []).entries()) if (text.length > 25) assert.notEqual(said[2]?.[i]?.[1], text, `${name}${path} is English in French`)
  }
})

test('whatever is refused is told in a sentence, and never by its code', async () => {
  const { refusalText } = await import('../../../src/web/admin/words/refusals.ts')
  const { PerchError } = await import('../../../src/client/index.ts')
  const { errors } = await import('../../../src/domain/errors.ts')
  for (const one of LANGUAGES) {
    language.value = one
    for (const code of Object.keys(errors) as Array<keyof typeof errors>) assert.match(refusalText(new PerchError({ code, message: 'x', retry: false })), /^\p{Lu}[^_]*\.$/u, code)
  }
})

/** All of them, or this does not compile. */
const FAULTS = {
  'too-many-spaces': 1,
  'zone-twice': 1,
  'space-twice': 1,
  'no-such-zone': 1,
  'no-such-space': 1,
  'on-another-floor': 1,
  'space-and-zone': 1,
  'two-shapes': 1,
  'no-shape': 1,
  'place-as-line': 1,
  'far-out': 1,
  'short-ring': 1,
  'open-ring': 1,
  'too-small': 1,
  'too-many-corners': 1,
  'crosses-itself': 1,
  'in-degrees': 1
} satisfies Record<PlanFault['kind'], 1>

test('whatever is wrong with a plan is told in each language, with what it is about', async () => {
  const { planFault } = await import('../../../src/web/admin/words/plan-faults.ts')
  const about = { most: 7777, removed: 31, zone: 'z-north', space: 'f1-d9', floor: 'f-other', point: [9000, 1.5], width: 0.034, height: 0.25 }
  for (const kind of Object.keys(FAULTS)) {
    const fault = { kind, ...about } as unknown as PlanFault
    const said = LANGUAGES.map(one => {
      language.value = one
      return planFault(fault)
    })
    assert.equal(new Set(said).size, LANGUAGES.length, kind)
    const named = (text: string): string[] => ['z-north', 'f1-d9', 'f-other'].filter(name => text.includes(name))
    for (const text of said) {
      assert.deepEqual(named(text), named(said[0] ?? ''), kind)
      assert.doesNotMatch(text, /undefined|NaN/)
    }
  }
})
