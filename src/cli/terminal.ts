/** What a command has of the outside. Results go out, everything else to err, so that results can be piped. */
export interface Terminal {
  out (line: string): void
  err (line: string): void
  /** All of the standard input. */
  input (): Promise<string>
  /** Read by config.ts alone; undefined: this process' own. */
  environment: Readonly<Record<string, string | undefined>> | undefined
}
