import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { WebSocket } from 'ws'

/** Between two collections: what the first one freed may still be tidied up by other threads. */
const BETWEEN_MS = 500

/** Resident bytes of a process after it has collected its garbage; `inspector`: the port of Node's own, null where there is none to ask. */
export async function settledMemory (pid: number, inspector: number | null): Promise<number> {
  if (inspector !== null) await collectGarbage(inspector)
  return residentBytes(pid)
}

/** Of the process and its children. */
export function residentBytes (pid: number): number {
  const kb = Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(word => word.trim() !== '').map(Number)
  return children.reduce((sum, child) => sum + residentBytes(child), 1024 * kb)
}

async function collectGarbage (port: number): Promise<void> {
  const [page] = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json() as Array<{ webSocketDebuggerUrl: string }>
  const websocket = new WebSocket(page?.webSocketDebuggerUrl ?? '')
  await once(websocket, 'open')
  for (let id = 1; id <= 2; id++) {
    websocket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
    await once(websocket, 'message')
    await pause(BETWEEN_MS)
  }
  websocket.terminate()
}
