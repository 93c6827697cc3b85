/** Put in by the build. */
declare const PERCH_VERSION: string | undefined

/** Of what runs here, as package.json has it. Tests of single files are not built. */
export const VERSION: string = typeof PERCH_VERSION === 'string' ? PERCH_VERSION : 'unbuilt'
