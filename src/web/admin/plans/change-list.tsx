import type { ComponentChildren } from 'preact'
import type { PlanChanges } from '../../../domain/plan-changes.ts'
import { planWords } from '../words/plans.ts'

export interface ChangeListProps {
  changes: PlanChanges
  isNew: boolean
  chosen: string | null
  onChoose: (space: string | null) => void
}

/** What a plan would change, space by space; one that is chosen stands out on the plan. */
export function ChangeList ({ changes, isNew, chosen, onChoose }: ChangeListProps) {
  const words = planWords()
  const { added, removed, moved, renamed, changed, zones, same } = changes
  const total = added.length + removed.length + moved.length + renamed.length + changed.length + zones.added.length + zones.removed.length + zones.renamed.length
  const row = (id: string, text: string) => (
    <li key={id}><button type='button' aria-pressed={chosen === id} onClick={() => onChoose(chosen === id ? null : id)}>{text}</button></li>
  )
  return (
    <div class='change-list'>
      <h3>{words.changes}</h3>
      {isNew && <p>{words.allNew(added.length)}</p>}
      {!isNew && total === 0 && <p>{words.noChange}</p>}
      {!isNew && (
        <>
          <Kind mark='removed' title={words.removed(removed.length)} count={removed.length}>{removed.map(({ id, label }) => row(id, label))}</Kind>
          <Kind mark='added' title={words.added(added.length)} count={added.length}>{added.map(({ id, label }) => row(id, label))}</Kind>
          <Kind mark='moved' title={words.moved(moved.length)} count={moved.length}>{moved.map(({ space, metres }) => row(space.id, words.movedBy(space.label, metres)))}</Kind>
          <Kind mark='renamed' title={words.renamed(renamed.length)} count={renamed.length}>{renamed.map(({ space, before }) => row(space.id, words.renamedFrom(before, space.label)))}</Kind>
          <Kind mark='changed' title={words.changed(changed.length)} count={changed.length}>{changed.map(({ id, label }) => row(id, label))}</Kind>
          <Kind mark='zones' title={words.zones} count={zones.added.length + zones.removed.length + zones.renamed.length}>
            {zones.added.map(zone => <li key={zone.id}>{words.zoneAdded(zone.name)}</li>)}
            {zones.removed.map(zone => <li key={zone.id}>{words.zoneRemoved(zone.name)}</li>)}
            {zones.renamed.map(({ zone, before }) => <li key={zone.id}>{words.renamedFrom(before, zone.name)}</li>)}
          </Kind>
          {same > 0 && <p class='admin-hint'>{words.same(same)}</p>}
        </>
      )}
    </div>
  )
}

/** Open where the list is short enough to be read at once. */
function Kind ({ mark, title, count, children }: { mark: string, title: string, count: number, children: ComponentChildren }) {
  if (count === 0) return null
  return <details class={`change-kind change-kind-${mark}`} open={count <= 12}><summary>{title}</summary><ul>{children}</ul></details>
}
