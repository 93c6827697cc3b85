/** What a node says at /metrics, by name with labels. */
export async function nodeMetrics (url: string): Promise<ReadonlyMap<string, number>> {
  const text = await (await fetch(`${url}/metrics`)).text()
  return new Map([...text.matchAll(/^([a-z_]+(?:\{[^}]*\})?) ([-+.\de]+)$/gm)].map(([, name = '', value = '']) => [name, Number(value)]))
}
