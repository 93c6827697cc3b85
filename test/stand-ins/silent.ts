import type { NodeWatch } from '../../src/application/node.ts'

/** Hears what a node tells of itself, and keeps it to itself. */
export const SILENT: NodeWatch = {
  trouble () {}, conflict () {}, recorded () {}, fired () {}, recovery () {}, rebuilding () {}, held () {}, quarantined () {}, clockJumped () {}, interrupted () {}, lost () {}, forgotten () {}
}
