export const ROLES = ['viewer', 'member', 'kiosk', 'display', 'sensor', 'manager', 'admin', 'operator'] as const
/**
 * What somebody may do: viewer and member are people, the second may claim; kiosk, display and sensor are devices; a manager runs one site, an admin an org,
 * an operator the installation without seeing people.
 */
export type Role = typeof ROLES[number]
