import { left, session } from '../live/sign-in.ts'
import { SignInScreen } from '../parts/sign-in-screen.tsx'
import { DevicesSection } from './devices/section.tsx'
import { HealthSection } from './health/section.tsx'
import { LabelsSection } from './labels/section.tsx'
import { OfficeOf } from './office.tsx'
import { PlansSection } from './plans/section.tsx'
import { route } from './route.ts'
import { NotForYou, Shell } from './shell.tsx'
import { SpacesSection } from './spaces/section.tsx'

/** Who looks after the org, or after one site of it. */
const ROLES: ReadonlySet<string> = new Set(['admin', 'manager'])

export function Page () {
  const now = session.value
  if (now === null) return <SignInScreen key={left.value} />
  if (!ROLES.has(now.person.role)) return <Shell><NotForYou /></Shell>
  return <Shell><OfficeOf key={now.person.id} somebody={now.person}><Section /></OfficeOf></Shell>
}

function Section () {
  switch (route.value.section) {
    case 'devices': return <DevicesSection />
    case 'plans': return <PlansSection />
    case 'spaces': return <SpacesSection />
    case 'labels': return <LabelsSection />
    case 'health': return <HealthSection />
  }
}
