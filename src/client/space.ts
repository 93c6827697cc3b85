import type { View } from '../protocol/view.ts'
import type { Command } from './command.ts'

/** What was asked for and is not answered yet. */
export type Pending = Command['type']

/**
 * A space as this audience may see it, as PROTOCOL.md describes a View. With `pending` it shows what a command of this client is expected to do; the server has the last
 * word, and then `pending` is gone. `provisional` is the server's: granted, and not yet in the ledger.
 */
export type Space = Readonly<View> & { readonly pending?: Pending }
