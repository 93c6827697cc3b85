const [COMMA, COLON, ZERO, NINE, LETTER_T] = [',', ':', '0', '9', 't'].map(letter => letter.charCodeAt(0)) as [number, number, number, number, number]

/** The first letter of a frame's type, as a character's code; 0 for a reply, whose type comes later. */
export function typeLetter (bytes: Buffer, at: number): number {
  return bytes[at + 2] === LETTER_T ? bytes[at + '{"type":"'.length] ?? 0 : 0
}

export const LETTERS = { diff: 'd'.charCodeAt(0), snapshot: 's'.charCodeAt(0), reply: 0 }

/** The numbers of a diff or snapshot, which begin alike: `{"type":"…","floor":"…","epoch":7,"from":412,"to":415,` and `…"epoch":7,"seq":412,`. `index`: 0 for epoch, 1, 2. */
export function numberOf (bytes: Buffer, start: number, index: number): number {
  let at = start
  for (let commas = 0; commas < 2 + index; at++) if (bytes[at] === COMMA) commas++
  while (bytes[at] !== COLON) at++
  let value = 0
  for (at++; ; at++) {
    const digit = bytes[at] ?? 0
    if (digit < ZERO || digit > NINE) return value
    value = 10 * value + digit - ZERO
  }
}

/** A diff's JSON with other positions. */
export function withPositions (diff: string, from: number, to: number): string {
  return diff.replace(/"from":\d+,"to":\d+/, `"from":${from},"to":${to}`)
}
