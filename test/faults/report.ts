import type { Problem } from './checkers/problem.ts'
import type { Round } from './round.ts'

/** What a run showed, as a table of words and figures. */
export function reportOf (rounds: readonly Round[]): string {
  const sum = (of: (round: Round) => number): number => rounds.reduce((total, round) => total + of(round), 0)
  const count = (...kinds: Array<Problem['kind']>): number => sum(({ problems }) => problems.filter(({ kind }) => kinds.includes(kind)).length)
  const [kills, commands, doubled, lost] = [sum(({ kills }) => kills), sum(({ commands }) => commands), count('doubled', 'not linearizable'), count('persisted lost')]
  const rows: Array<[string, string | number]> = [
    ['rounds', rounds.length],
    ['kill -9', kills],
    ['faults in all', sum(({ faults }) => [...faults.values()].reduce((a, b) => a + b, 0))],
    ['commands', commands],
    ['answered persisted', sum(({ persisted }) => persisted)],
    ['doubled, or in an order that cannot be', doubled],
    ['persisted and lost', lost],
    ['other content or order in the ledger', count('other content', 'not in order')],
    ['watchers or claims not well in time after healing', count('not converged')],
    ['unbounded', count('unbounded')],
    ['provisional claims lost', sum(({ lost }) => lost)],
    ['of those reported to whoever asks', sum(({ reported }) => reported)],
    ['lost by a node that lived, and not reported', count('not reported')],
    ['places checked', sum(({ places }) => places)],
    ['places not decided', sum(({ undecided }) => undecided)],
    ['slowest healing, s', (Math.max(0, ...rounds.map(({ convergedMs }) => convergedMs)) / 1_000).toFixed(1)],
    ['most memory of a node, MB', Math.round(Math.max(0, ...rounds.map(({ memory }) => memory)) / 1024 / 1024)],
    ['most commits in outboxes of a node', Math.max(0, ...rounds.map(({ outbox }) => outbox))],
    ['chance of harm per command, at most (95 %)', bound(doubled + lost, commands)],
    ['chance of harm per kill, at most (95 %)', bound(doubled + lost, kills)]
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`).join('\n')
}

/** The rule of three: what never happened in n independent trials happens with a chance below 3/n, with 95 % confidence. */
export function bound (harm: number, trials: number): string {
  if (harm > 0) return 'it happened'
  return trials === 0 ? 'nothing was tried' : (3 / trials).toExponential(1)
}
