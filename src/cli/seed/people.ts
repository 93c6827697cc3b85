import type { Visibility } from '../../domain/person.ts'
import { NAMES, type Culture } from './names.ts'
import type { Random } from './random.ts'
import { CIRCLES, TEAMS, type HomeSite, type Team } from './teams.ts'

/** As `PUT /v1/people` takes it: badges are what a reader reads. */
export interface DemoPerson {
  id: string
  name: string
  visibility: Visibility
  groups: string[]
  badges: string[]
}

const CULTURES: Readonly<Record<HomeSite, ReadonlyArray<readonly [Culture, number]>>> = {
  hq: [
    ['alemannic', 34], ['romand', 6], ['italian', 8], ['balkan', 8], ['albanian', 6], ['tamil', 6], ['turkish', 6], ['lusophone', 6], ['polish', 4],
    ['hindi', 4], ['english', 4], ['arabic', 3], ['vietnamese', 2], ['japanese', 2], ['yoruba', 2]
  ],
  lisbon: [['lusophone', 60], ['hindi', 8], ['english', 7], ['italian', 6], ['yoruba', 5], ['arabic', 4], ['polish', 4], ['alemannic', 3], ['japanese', 3]]
}

/** People in teams, no two of one name. Ids are `p0001` and so on; the first person is visible to everyone. */
export function demoPeople (count: number, random: Random): DemoPerson[] {
  const taken = new Set<string>()
  const weights = TEAMS.map(team => [team, team.weight] as const)
  return Array.from({ length: count }, (_, i) => {
    // Every team has somebody before chance fills them.
    const team = TEAMS[i] ?? random.weighted(weights)
    return {
      id: `p${String(i + 1).padStart(4, '0')}`,
      name: freshName(team.site, random, taken),
      visibility: i > 0 && random.chance(0.06) ? 'hidden' : 'everyone',
      groups: [team.id, ...circlesOf(team, i, random)],
      badges: badgesOf(random)
    }
  })
}

function freshName (site: HomeSite, random: Random, taken: Set<string>): string {
  for (;;) {
    const { given, family }: { given: readonly string[], family: readonly string[] } = NAMES[random.weighted(CULTURES[site])]
    const name = `${random.pick(given)} ${random.pick(family)}${random.chance(0.04) ? `-${random.pick(family)}` : ''}`
    if (taken.has(name) || /(\S+)-\1$/.test(name)) continue
    taken.add(name)
    return name
  }
}

function circlesOf (team: Team, index: number, random: Random): string[] {
  const [drivers, leads, firstAid, facility] = CIRCLES
  const circles: string[] = []
  if (random.chance(0.22)) circles.push(drivers.id)
  if (index < TEAMS.length) circles.push(leads.id)
  if (random.chance(0.03)) circles.push(firstAid.id)
  if (team.id === 'workplace' || team.id === 'lx-office') circles.push(facility.id)
  return circles
}

/** Most have one card, a few two, some have not fetched theirs yet: 7-byte numbers as such cards have them. */
function badgesOf (random: Random): string[] {
  const count = random.weighted([[0, 4], [1, 92], [2, 4]])
  return Array.from({ length: count }, () => `04${Array.from({ length: 6 }, () => random.between(0, 255).toString(16).padStart(2, '0')).join('')}`.toUpperCase())
}
