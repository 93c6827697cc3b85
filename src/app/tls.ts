import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { ConfigError, type Config, type ConfigProblem } from '../config.ts'
import type { Variable } from '../environment.ts'

/** The files of TLS_CERT and TLS_KEY, read and found to belong together. @throws ConfigError */
export async function readTls (paths: Config['tls']): Promise<{ cert: Buffer, key: Buffer } | null> {
  if (paths === null) return null
  const problems: ConfigProblem[] = []
  const read = async (variable: Variable, path: string): Promise<Buffer> => await readFile(path).catch((error: unknown) => {
    problems.push({ variable, problem: `cannot be read: ${messageOf(error)}` })
    return Buffer.alloc(0)
  })
  const [cert, key] = [await read('TLS_CERT', paths.cert), await read('TLS_KEY', paths.key)]
  if (problems.length > 0) throw new ConfigError(problems)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new ConfigError([{ variable: 'TLS_CERT', problem: `and TLS_KEY cannot be used together: ${messageOf(error)}` }])
  }
  return { cert, key }
}

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)
