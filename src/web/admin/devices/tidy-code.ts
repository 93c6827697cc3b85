/** Codes leave out what looks like something else; hyphens and spaces are for reading. */
export function tidyCode (text: string): string {
  const code = text.toUpperCase().replace(/[^A-Z0-9]/g, '').slice(0, 8)
  return code.length > 4 ? `${code.slice(0, 4)}-${code.slice(4)}` : code
}
