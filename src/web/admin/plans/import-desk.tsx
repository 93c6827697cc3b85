import { useState } from 'preact/hooks'
import { Confirm } from '../confirm.tsx'
import { Button } from '../../parts/button.tsx'
import { useOffice } from '../office.tsx'
import { go } from '../route.ts'
import { planWords } from '../words/plans.ts'
import { refusalText } from '../words/refusals.ts'
import { ChangeList } from './change-list.tsx'
import { DropZone } from './drop-zone.tsx'
import { propose, putPlan, type Proposal, type Putting, type Read, type Target } from './plan-import.ts'
import { PlanPreview } from './plan-preview.tsx'
import { ProblemList } from './problem-list.tsx'

type Desk =
  | { state: 'empty' }
  | Extract<Read, { state: 'unreadable' }>
  | { state: 'read', text: string, proposal: Proposal, told: Putting | null }
  | { state: 'putting', text: string, proposal: Proposal }
  | { state: 'done', removed: number }

/** A file for one floor: what is in it, what it would change, and the button that does it. */
export function ImportDesk ({ target, onTarget }: { target: Target, onTarget: (target: Target) => void }) {
  const words = planWords()
  const { api, reload } = useOffice()
  const [desk, setDesk] = useState<Desk>({ state: 'empty' })

  const read = (file: string, text: string, told: Putting | null = null, on: Target = target): void => {
    const found = propose(file, text, on)
    setDesk(found.state === 'read' ? { state: 'read', text, proposal: found.proposal, told } : found)
  }
  const put = (text: string, proposal: Proposal, release: boolean): void => {
    setDesk({ state: 'putting', text, proposal })
    putPlan(api, proposal, release).catch((error: unknown): Putting => ({ state: 'failed', error })).then(told => {
      if (told.state === 'changed') {
        const now = { ...target, before: told.before }
        onTarget(now)
        return read(proposal.file, text, told, now)
      }
      if (told.state !== 'done') return setDesk({ state: 'read', text, proposal, told })
      setDesk(told)
      reload()
      go({ section: 'plans', floor: target.id }, { replace: true })
    }, () => {})
  }
  return (
    <>
      <DropZone onFile={read} onUnread={file => setDesk({ state: 'unreadable', file, fault: { fault: 'not-json' } })} />
      {desk.state === 'unreadable' && <p role='alert' class='admin-bad'>{words.unreadable(desk.file, words.fault(desk.fault))}</p>}
      {desk.state === 'done' && <p role='status' class='admin-good'>{words.done(desk.removed)}</p>}
      {(desk.state === 'read' || desk.state === 'putting') && (
        <Proposed proposal={desk.proposal} told={desk.state === 'read' ? desk.told : null} busy={desk.state === 'putting'} onPut={release => put(desk.text, desk.proposal, release)} onDrop={() => setDesk({ state: 'empty' })} />
      )}
    </>
  )
}

interface ProposedProps {
  proposal: Proposal
  told: Putting | null
  busy: boolean
  onPut: (release: boolean) => void
  onDrop: () => void
}

function Proposed ({ proposal, told, busy, onPut, onDrop }: ProposedProps) {
  const words = planWords()
  const { read: { size, degrees, floor }, changes, target } = proposal
  const [chosen, setChosen] = useState<string | null>(null)
  const problems = told?.state === 'invalid' ? told.problems : proposal.problems
  const inUse = told?.state === 'in-use' ? told.spaces : []
  const [asking, setAsking] = useState(false)
  return (
    <section class='admin-card plan-proposal' aria-labelledby='proposal-title'>
      <div>
        <h2 id='proposal-title'>{proposal.file}</h2>
        <p>{words.size(floor.spaces.length, size.width, size.height)}{degrees && ` ${words.fromDegrees}`}</p>
      </div>
      {told?.state === 'changed' && <p role='alert' class='admin-bad'>{words.changedMeanwhile}</p>}
      {told?.state === 'failed' && <p role='alert' class='admin-bad'>{refusalText(told.error)}</p>}
      {problems.length > 0 && <ProblemList problems={problems} floor={floor} />}
      {inUse.length > 0 && (
        <div role='alert' class='admin-warn'>
          <p><strong>{words.inUse(inUse.length)}</strong></p>
          <p>{inUse.map(id => target.before?.spaces.find(space => space.id === id)?.label ?? id).join(', ')}</p>
          <p>{words.inUseHow}</p>
          <Button look='danger' onClick={() => setAsking(true)}>{words.release(inUse.length)}</Button>
        </div>
      )}
      <div class='plan-proposal-body'>
        <PlanPreview proposal={proposal} chosen={chosen} />
        <ChangeList changes={changes} isNew={target.before === null} chosen={chosen} onChoose={setChosen} />
      </div>
      <div class='admin-row'>
        <Button look='main' disabled={busy || problems.length > 0} onClick={() => onPut(false)}>{busy ? words.putting : words.put}</Button>
        <Button disabled={busy} onClick={onDrop}>{words.drop}</Button>
      </div>
      {asking && <Confirm title={words.releaseAsk(inUse.length)} action={words.release(inUse.length)} onConfirm={() => { setAsking(false); onPut(true) }} onCancel={() => setAsking(false)}><p>{words.releaseWhat}</p></Confirm>}
    </section>
  )
}
