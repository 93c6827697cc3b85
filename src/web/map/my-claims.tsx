import { useEffect } from 'preact/hooks'
import { ClaimCard } from './claim-card.tsx'
import type { Deeds } from './deeds.ts'
import { siteOf, type OfficeLine } from './office-line.ts'
import { mapWords } from './words/words.ts'

/** All claims of whoever is signed in, the next one first. */
export function MyClaims ({ line, deeds }: { line: OfficeLine, deeds: Deeds }) {
  const words = mapWords()
  const claims = [...line.mine.value.claims ?? []].filter(({ state }) => state !== 'ended').sort((a, b) => Date.parse(a.from) - Date.parse(b.from))
  const floors = [...new Set(claims.map(({ floor }) => floor))].join(' ')
  // A claim says no more than the space's id: its name is on the floor's plan.
  useEffect(() => { for (const floor of floors.split(' ').filter(Boolean)) line.atlas.plan(floor).catch(() => {}) }, [floors])
  return (
    <section class='panel-part' aria-labelledby='mine-title'>
      <h2 id='mine-title' tabIndex={-1}>{words.mine}</h2>
      {claims.length === 0 && <p class='claim-note'>{words.mineNone}</p>}
      <ul class='panel-list'>{claims.map(claim => {
        const site = siteOf(line.directory.value, claim.floor)
        return site === null ? null : <li key={claim.id}><ClaimCard claim={claim} line={line} deeds={deeds} site={site} /></li>
      })}
      </ul>
    </section>
  )
}
