import { readFileSync } from 'node:fs'

/** Beside the sockets a process has files, pipes and libraries. */
const OTHERS = 200

/** @throws Error when this process may not have so many sockets open; a server that it started may not either */
export function mustHaveRoom (sockets: number): void {
  const most = Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Number.POSITIVE_INFINITY)
  if (sockets + OTHERS > most) throw new Error(`${sockets} sockets are more than this system lets a process have open (ulimit -n ${most})`)
}
