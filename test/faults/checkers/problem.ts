/** What was promised and is not so. `invariant` as the README numbers them. */
export interface Problem {
  kind: 'doubled' | 'persisted lost' | 'not in order' | 'other content' | 'not linearizable' | 'not converged' | 'unbounded' | 'not reported' | 'unexpected'
  invariant: string
  what: string
}
