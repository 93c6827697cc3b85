import { ConfigError, isLoopback, readConfig, type Config } from '../config.ts'
import { checkLockNodes } from './doctor/check-lock-nodes.ts'
import { checkPostgres } from './doctor/check-postgres.ts'
import { checkRedis } from './doctor/check-redis.ts'
import { checkTls } from './doctor/check-tls.ts'
import { fail, ok, warn, type Finding } from './doctor/finding.ts'
import type { Terminal } from './terminal.ts'

/** Looks at the configuration and everything it names, changes nothing, and says what to mend. 1: something failed. */
export async function doctor (terminal: Terminal, { json }: { json: boolean }): Promise<number> {
  const findings = await examine(terminal.environment)
  if (json) terminal.out(JSON.stringify(findings))
  else for (const { level, what, mend } of findings) terminal.out(`${level.padEnd(4)} ${what}${mend === null ? '' : ` — ${mend}`}`)
  return findings.some(({ level }) => level === 'fail') ? 1 : 0
}

async function examine (environment: Terminal['environment']): Promise<Finding[]> {
  let config: Config
  try {
    config = readConfig(environment)
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.problems.map(({ variable, problem }) => fail(`configuration: ${variable} ${problem}`, 'see .env.example'))
  }
  const { redisUrl, databaseUrl } = config
  const live = redisUrl === null ? null : await checkRedis(redisUrl)
  const parts = await Promise.all([
    configFindings(config),
    live?.findings ?? [warn('live state: in this one process', 'set REDIS_URL and DATABASE_URL to run several nodes')],
    checkLockNodes(config.lockRedisUrls, live?.runIds ?? new Map()),
    databaseUrl === null
      ? [warn('ledger: embedded, under DATA_DIR; survives kill -9, but does not promise to survive a power loss', 'set DATABASE_URL for real use')]
      : checkPostgres(databaseUrl),
    config.tls === null ? [] : checkTls(config.tls, Date.now())
  ])
  return parts.flat()
}

function configFindings ({ development, host, tls, guard, redisUrl }: Config): Finding[] {
  const findings = [ok('configuration: every variable can be used')]
  if (development) findings.push(warn('configuration: without SECRET whoever is on this machine may sign in as anybody', 'set SECRET, and OIDC_ISSUER for people, for anything but trying Perch'))
  if (!isLoopback(host) && tls === null) findings.push(warn('configuration: plain HTTP on the network', 'set TLS_CERT and TLS_KEY, or put a proxy with TLS in front'))
  if (guard === 'off' && redisUrl !== null) findings.push(warn('configuration: GUARD=off', 'safe, but rivals for a desk do work in vain: use contended or always'))
  return findings
}
