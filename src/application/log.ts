/** Where a use case says what an operator should know; pino has this shape. Fields hold no personal data: ids of floors and orgs, counts, errors. */
export interface Log {
  info (fields: object, message: string): void
  warn (fields: object, message: string): void
  error (fields: object, message: string): void
}
