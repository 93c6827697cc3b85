/** By the header `accept-encoding`; a quality of 0 means no. */
export function acceptsGzip (header: string | string[] | undefined): boolean {
  return String(header ?? '').split(',').some(one => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0*)?\s*$).*)?$/i.test(one))
}
