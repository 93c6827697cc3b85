/** Longer than a drain takes, shorter than service managers wait: a process that has not ended then ends itself. */
export const CLOSE_WITHIN_MS = 25_000
