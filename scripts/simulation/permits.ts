import { Turns } from '../../src/application/turns.ts'

/** Every item, at most `atOnce` at a time; results in the items' order. */
export async function eachOf<T, R> (items: readonly T[], atOnce: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const turns = new Turns(atOnce)
  return await Promise.all(items.map(async item => await turns.take(async () => await work(item))))
}
