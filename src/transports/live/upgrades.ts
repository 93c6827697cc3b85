import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { PerchError } from '../../domain/errors.ts'
import { answerOnSocket } from '../http/errors.ts'

/** Hears the upgrades of one path, and nothing else: never listens. Libraries that attach to a server attach to this, or they would take one another's upgrades. */
export type Upgrades = Server

export function upgrades (): Upgrades {
  return createServer()
}

/** Hands each upgrade to the library of its path; one that nobody takes is answered like any other request. */
export function routeUpgrades (server: Server, byPath: Readonly<Record<string, Upgrades>>): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const taker = Object.hasOwn(byPath, path) ? byPath[path] : undefined
    if (taker === undefined) {
      // From here on the socket is ours: without a listener its errors would end the process.
      socket.on('error', () => socket.destroy())
      answerOnSocket(new PerchError('NOT_FOUND'), socket)
    } else taker.emit('upgrade', request, socket, head)
  })
}
