import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Below the ports that Linux hands out for outgoing connections (from 32,768): a port that was free when it was looked at is then
 * not taken by somebody's client before its server binds it. Random, since several test processes look at the same time.
 */
const lowest = 12_000
const highest = 31_999

/** A loopback port that nobody listens on. It is not held: bind it soon. */
export async function freePort (): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = randomInt(lowest, highest + 1)
    if (await isFree(port)) return port
  }
  throw new Error(`no free port found between ${lowest} and ${highest}`)
}

async function isFree (port: number): Promise<boolean> {
  const probe = createServer().listen(port, '127.0.0.1')
  try {
    await once(probe, 'listening')
  } catch {
    // EADDRINUSE, or a port this machine forbids: either way not one to use.
    return false
  }
  probe.close()
  await once(probe, 'close')
  return true
}
