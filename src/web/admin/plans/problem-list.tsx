import type { PlanProblem } from '../../../domain/check-plan.ts'
import type { Floor } from '../../../domain/plan.ts'
import { planFault } from '../words/plan-faults.ts'
import { planWords } from '../words/plans.ts'
import { placeInFile } from './place-in-file.ts'

/** What keeps a plan from being used, and where in the file that is. */
export function ProblemList ({ problems, floor }: { problems: readonly PlanProblem[], floor: Floor }) {
  const words = planWords()
  return (
    <div role='alert' class='admin-warn'>
      <p><strong>{words.invalid(problems.length)}</strong></p>
      <ul>{problems.map(problem => <li key={`${problem.path} ${problem.problem}`}><strong>{words.place(placeInFile(problem.path, floor))}</strong> {planFault(problem.fault)}</li>)}</ul>
    </div>
  )
}
