import { useEffect, useRef } from 'preact/hooks'
import type { ComponentChildren } from 'preact'
import { AskBadge } from './ask-badge.tsx'
import { AskName } from './ask-name.tsx'
import { AskPin } from './ask-pin.tsx'
import { CutOff } from './cut-off.tsx'
import { Greeted } from './greeted.tsx'
import { IdleRing } from './idle-ring.tsx'
import type { OpenCounter } from './counter.ts'
import { Noted, Over, Sorry } from './endings.tsx'
import { Waiting } from './waiting.tsx'
import { Welcome } from './welcome.tsx'

/** What whoever stands here is asked and told. */
export function PersonSide ({ counter }: { counter: OpenCounter }) {
  const { visit, left } = counter
  return (
    <section class={`kiosk-person kiosk-at-${visit.step.value.at}`}>
      <StepOf counter={counter} />
      {left.value !== null && <IdleRing left={left.value} onMore={() => counter.touch('unhurried')} />}
    </section>
  )
}

function StepOf ({ counter }: { counter: OpenCounter }) {
  const { value: step } = counter.visit.step
  switch (step.at) {
    case 'idle': return <Welcome counter={counter} />
    case 'badge': return <Focused key={step.wish}><AskBadge counter={counter} step={step} /></Focused>
    case 'name': return <AskName counter={counter} wish={step.wish} />
    case 'pin': return <Focused key='pin'><AskPin counter={counter} step={step} /></Focused>
    case 'waiting': return <Waiting />
    case 'person': return <Focused key='person'><Greeted counter={counter} step={step} /></Focused>
    case 'done': return <Focused key='done'><Over counter={counter} step={step} /></Focused>
    case 'away': return <Focused key='away'><CutOff counter={counter} /></Focused>
    case 'noted': return <Focused key='noted'><Noted counter={counter} step={step} /></Focused>
    case 'sorry': return <Focused key='sorry'><Sorry counter={counter} problem={step.problem} /></Focused>
  }
}

/** Its heading has the focus once it is there: so it is read out, and keys go on from there. */
function Focused ({ children }: { children: ComponentChildren }) {
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => element.current?.querySelector('h1')?.focus(), [])
  return <div class='kiosk-step' ref={element}>{children}</div>
}
