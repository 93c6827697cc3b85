/** What an address of the map names: `/map/hq-3/hq-3-d12`. */
export interface Place {
  floor: string | null
  space: string | null
}

/** Parts that are no ids are none: an address is typed in, or read off a label. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/

export function placeOf (path: string): Place {
  const [, , ...parts] = path.split('/').map(decoded)
  const [floor = null, space = null] = parts.map(part => ID.test(part) ? part : null)
  return { floor, space: floor === null ? null : space }
}

export function pathOf ({ floor, space }: Place): string {
  return `/map/${[floor, space].filter(part => part !== null).map(encodeURIComponent).join('/')}`
}

function decoded (part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}
