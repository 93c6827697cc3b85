import { signal } from '@preact/signals'

/** Who takes keys that were held for a badge and were somebody's typing; null: nobody, they are dropped. */
export const typing = signal<((text: string) => void) | null>(null)
