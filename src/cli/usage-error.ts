/** The command line was not understood: the words say how it is meant. */
export class UsageError extends Error {}
