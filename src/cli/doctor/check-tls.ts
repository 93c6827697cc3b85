import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fail, ok, reasonOf, warn, type Finding } from './finding.ts'

const DAY_MS = 86_400_000
/** Days before its end that a certificate should have been renewed. */
const RENEW_DAYS = 14

/** The certificate and key that the server would speak https with. */
export async function checkTls ({ cert, key }: { cert: string, key: string }, now: number): Promise<Finding[]> {
  try {
    const certificate = new X509Certificate(await readFile(cert))
    if (!certificate.checkPrivateKey(createPrivateKey(await readFile(key)))) return [fail('tls: the key is not the certificate\'s', 'give TLS_CERT and TLS_KEY of one pair')]
    const days = Math.floor((Date.parse(certificate.validTo) - now) / DAY_MS)
    if (days < 0) return [fail(`tls: the certificate ended ${-days} days ago`, 'renew it')]
    if (days < RENEW_DAYS) return [warn(`tls: the certificate ends in ${days} days`, 'renew it')]
    return [ok(`tls: the certificate is good for ${days} days`)]
  } catch (error) {
    return [fail(`tls: cannot be used: ${reasonOf(error)}`, 'mend TLS_CERT and TLS_KEY')]
  }
}
