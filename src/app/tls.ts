import { readFile } from 'node:fs/promises'
import { createSecureContext } from 'node:tls'
import { ConfigError, type Config } from '../config.ts'
import type { Variable } from '../environment.ts'

/** The files of TLS_CERT and TLS_KEY, read and found to belong together. @throws ConfigError */
export async function readTls (paths: Config['tls']): Promise<{ cert: Buffer, key: Buffer } | null> {
  if (paths === null) return null
  const [cert, key] = await Promise.all([read('TLS_CERT', paths.cert), read('TLS_KEY', paths.key)])
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new ConfigError([{ variable: 'TLS_CERT', problem: `and TLS_KEY cannot be used together: ${messageOf(error)}` }])
  }
  return { cert, key }
}

async function read (variable: Variable, path: string): Promise<Buffer> {
  try {
    return await readFile(path)
  } catch (error) {
    throw new ConfigError([{ variable, problem: `cannot be read: ${messageOf(error)}` }])
  }
}

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)
