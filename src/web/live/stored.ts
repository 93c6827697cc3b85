/** What a page keeps on its device under a name. A browser that keeps nothing (private windows, frames) has none, and the page works until it is closed. */
export interface Stored {
  get (): string | null
  set (value: string | null): void
}

export function stored (storage: () => Storage, name: string): Stored {
  let value: string | null = null
  try {
    value = storage().getItem(name)
  } catch { /* see above */ }
  return {
    get: () => value,
    set (next) {
      value = next
      try {
        if (next === null) storage().removeItem(name)
        else storage().setItem(name, next)
      } catch { /* see above */ }
    }
  }
}
