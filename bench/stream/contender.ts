import type { ChangeSource } from './changes.ts'
import type { Target } from './crowd.ts'

/** One way to bring changes to many sockets, as a server of its own. */
export interface Contender {
  name: string
  /** Of the server alone. Perch's Redis and Postgres are not counted: the fan-out asks nothing of them. */
  pid: number
  /** Port of Node's inspector, where it was asked for and the server is Node. */
  inspector?: number
  target: Target
  source: ChangeSource
}

/** One that this machine has not; its row says why. */
export interface Missing {
  name: string
  why: string
}
