import type { Floor } from '../../../domain/plan.ts'
import type { EligibleBody, FloorView } from '../../../protocol/plan.ts'

/** A floor as the rules have it, from what the server gave: what was left out there has its default here. */
export function floorOfView ({ id, site, name, level, zones, spaces, plan }: FloorView): Floor {
  return {
    id,
    site,
    name,
    level,
    zones: zones.map(zone => ({ id: zone.id, name: zone.name, for: eligible(zone.for) })),
    spaces: spaces.map(space => ({ id: space.id, label: space.label, kind: space.kind, zone: space.zone ?? null, features: space.features ?? [], for: eligible(space.for), sensorOnly: space.sensorOnly ?? false })),
    plan
  }
}

function eligible (told: EligibleBody | undefined): Floor['zones'][number]['for'] {
  return told === undefined || told === null ? null : { people: told.people ?? [], groups: told.groups ?? [] }
}
