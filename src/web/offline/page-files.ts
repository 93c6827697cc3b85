/** One build of a page: everything it needs to begin without a server. Made by the build (`offline-files.ts`). */
export interface PageFiles {
  /** Of all that follows: another build is another version. */
  version: string
  /** Address of the document, which has no hash in its name. */
  document: string
  /** SHA-256 of the document, in hex: a server of another release would hand out another one. */
  documentHash: string
  /** Addresses, with a hash of the content in each name. */
  files: readonly string[]
}
