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

/** One of each kind, or this does not compile. */
const FAULTS: { [Kind in PlanFault['kind']]: Extract<PlanFault, { kind: Kind }> } = {
  'too-many-spaces': { kind: 'too-many-spaces', most: 7777, removed: 31 },
  'zone-twice': { kind: 'zone-twice', zone: 'z-north' },
  'space-twice': { kind: 'space-twice', space: 'f1-d9' },
  'no-such-zone': { kind: 'no-such-zone', zone: 'z-north' },
  'no-such-space': { kind: 'no-such-space', space: 'f1-d9' },
  'on-another-floor': { kind: 'on-another-floor', space: 'f1-d9', floor: 'f-other' },
  'space-and-zone': { kind: 'space-and-zone' },
  'two-shapes': { kind: 'two-shapes', space: 'f1-d9' },
  'no-shape': { kind: 'no-shape', space: 'f1-d9' },
  'place-as-line': { kind: 'place-as-line' },
  'far-out': { kind: 'far-out', point: [9000, 1.5], most: 7777 },
  'short-ring': { kind: 'short-ring' },
  'open-ring': { kind: 'open-ring' },
  'too-small': { kind: 'too-small', width: 0.034, height: 0.25 },
  'too-many-corners': { kind: 'too-many-corners', most: 7777 },
  'crosses-itself': { kind: 'crosses-itself' },
  'in-degrees': { kind: 'in-degrees', width: 0.034, height: 0.25 }
}

test('whatever is wrong with a plan is told in each language, with what it is about', async () => {
  const { planFault } = await import('../../../src/web/admin/words/plan-faults.ts')
  for (const fault of Object.values(FAULTS)) {
    const said = LANGUAGES.map(one => {
      language.value = one
      return planFault(fault)
    })
    assert.equal(new Set(said).size, LANGUAGES.length, fault.kind)
    const named = (text: string): string[] => ['z-north', 'f1-d9', 'f-other'].filter(name => text.includes(name))
    for (const text of said) {
      assert.deepEqual(named(text), named(said[0] ?? ''), fault.kind)
      assert.doesNotMatch(text, /undefined|NaN/)
    }
  }
})
