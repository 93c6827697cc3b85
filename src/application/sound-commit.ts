import { PerchError } from '../domain/errors.ts'
import type { FloorId } from '../domain/ids.ts'
import type { Commit } from './ports.ts'

/** What a store cannot find out before its first write. @throws INTERNAL when a commit names a floor that it does not touch, or adds to a record that it has not found */
export function assertSound ({ checks, writes, floors, messages }: Commit): void {
  const touched = (floor: FloorId | null) => floor === null || floors.includes(floor)
  for (const write of writes) {
    if (!touched(write.floor)) throw mistake('names a floor that it does not touch')
    if ('body' in write && write.body?.startsWith('\n') === true) throw mistake('has a body that begins with a line break')
    if ('addition' in write && !checks.some(({ key, version }) => key === write.key && version > 0)) throw mistake('adds to a record that it has not found')
  }
  for (const { floor } of messages) if (!touched(floor)) throw mistake('names a floor that it does not touch')
}

function mistake (what: string): PerchError {
  return new PerchError('INTERNAL', {}, new Error(`a commit ${what}`))
}
