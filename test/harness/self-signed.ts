import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Cleanup } from './cleanup.ts'
import { temporaryFolder } from './folder.ts'

/** A certificate for 127.0.0.1 that is its own authority: paths of PEM files. */
export async function selfSigned (t: Cleanup): Promise<{ certificate: string, key: string }> {
  const folder = await temporaryFolder(t, 'tls')
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  const words = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1']
  await promisify(execFile)('openssl', [...words, '-keyout', key, '-out', certificate])
  return { certificate, key }
}
