/** Where a team has its desks; people of both sites may claim at either. */
export type HomeSite = 'hq' | 'lisbon'

export interface Team {
  id: string
  name: string
  site: HomeSite
  /** Its size beside the others'. */
  weight: number
}

const team = (site: HomeSite, weight: number) => ([id, name]: readonly [string, string]): Team => ({ id, name, site, weight })

export const TEAMS: readonly Team[] = [
  ...([
    ['studio', 'Studio'], ['brand', 'Brand'], ['product', 'Product'], ['mobile', 'Mobile apps'], ['web', 'Web'], ['platform', 'Platform'],
    ['sales-dach', 'Sales DACH'], ['customer-care', 'Customer care'], ['logistics', 'Logistics'], ['purchasing', 'Purchasing']
  ] as const).map(team('hq', 3)),
  ...([
    ['research', 'Research'], ['data', 'Data'], ['quality', 'Quality'], ['security', 'Security'], ['it', 'Internal IT'], ['finance', 'Finance'],
    ['controlling', 'Controlling'], ['legal', 'Legal'], ['people', 'People and culture'], ['learning', 'Learning'], ['marketing', 'Marketing'],
    ['events', 'Events'], ['press', 'Press'], ['partners', 'Partners'], ['sales-intl', 'Sales international'], ['presales', 'Presales'],
    ['sustainability', 'Sustainability'], ['workplace', 'Workplace'], ['strategy', 'Strategy']
  ] as const).map(team('hq', 2)),
  ...([
    ['lx-engineering', 'Engineering Lisbon'], ['lx-payments', 'Payments'], ['lx-support', 'Support Lisbon'], ['lx-data', 'Data Lisbon'], ['lx-cloud', 'Cloud'],
    ['lx-sales', 'Sales Iberia'], ['lx-design', 'Design Lisbon'], ['lx-quality', 'Quality Lisbon'], ['lx-finance', 'Shared finance'],
    ['lx-people', 'People Lisbon'], ['lx-office', 'Office Lisbon']
  ] as const).map(team('lisbon', 2))
]

/** Groups across teams. */
export const CIRCLES = [
  { id: 'drivers', name: 'Parking permits' },
  { id: 'leads', name: 'Team leads' },
  { id: 'first-aid', name: 'First aid' },
  { id: 'facility', name: 'Facility managers' }
] as const
