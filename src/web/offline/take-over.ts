/** What a page says to the next version's worker when nobody looks. A type alone: the worker is one file, and a value would be a second one that both import. */
export type TakeOver = 'take over'
