/** Sums of a Prometheus text, by name: of all labels together, as far as `wanted` asks for them. */
export function sumsOf<Name extends string> (text: string, wanted: readonly Name[]): Record<Name, number> {
  const sums = Object.fromEntries(wanted.map(name => [name, 0])) as Record<Name, number>
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([a-z_]+)(?:\{[^}]*\})? (\S+)/.exec(line) ?? []
    const known = wanted.find(one => one === name)
    if (known !== undefined) sums[known] += Number(value)
  }
  return sums
}
