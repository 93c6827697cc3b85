import { useEffect, useState } from 'preact/hooks'
import type { Floor, Space } from '../../client/index.ts'

/** One space as it is now. However busy the floor is, only what happens to that one renders anew. */
export function useSpace (floor: Floor, id: string): Space | undefined {
  const [space, setSpace] = useState(() => floor.space(id))
  useEffect(() => {
    setSpace(floor.space(id))
    return floor.onSpace(id, setSpace)
  }, [floor, id])
  return space
}
