import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { PerchError } from '../../domain/errors.ts'
import { answerOnSocket, toPerchError } from '../http/errors.ts'
import { Departures } from './departures.ts'
import { LoopTurns } from './loop-turns.ts'

/** Hears the upgrades of one path, and nothing else: never listens. Libraries that attach to a server attach to this, or they would take one another's upgrades. */
export type Upgrades = Server

/** A handshake takes most of a millisecond: who is connected already waits no longer than for so many, however many come at once. */
const HANDSHAKES_PER_TURN = 4

export function upgrades (): Upgrades {
  return createServer()
}

/**
 * Hands each upgrade to the library of its path; one that nobody takes, or that `admit` throws at, is answered like any other request. `close` ends every connection that
 * was handed over, whatever became of it: no server that closes knows them any more.
 */
export function routeUpgrades (server: Server, byPath: Readonly<Record<string, Upgrades>>, admit: (request: IncomingMessage) => void): { close (): void } {
  const open = new Set<Socket>()
  const departures = new Departures()
  const turns = new LoopTurns(HANDSHAKES_PER_TURN)
  // One for all: a function per connection would stay as long as that does.
  function forget (this: Socket): void {
    open.delete(this)
  }
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    if (request.headers.upgrade?.toLowerCase() !== 'websocket') return serveAsItIs(server, request, socket, head)
    const path = (request.url ?? '').split('?', 1)[0] ?? ''
    const taker = request.method === 'GET' && Object.hasOwn(byPath, path) ? byPath[path] : undefined
    if (taker === undefined) return refuse(new PerchError('NOT_FOUND'), socket)
    try {
      admit(request)
    } catch (error) {
      return refuse(toPerchError(error), socket)
    }
    open.add(socket)
    departures.pace(socket)
    socket.on('close', forget)
    socket.on('error', destroy)
    turns.take(() => {
      if (socket.destroyed) return
      socket.off('error', destroy)
      taker.emit('upgrade', request, socket, head)
    })
  })
  return {
    close () {
      for (const socket of open) socket.destroy()
    }
  }
}

/** From here on the socket is ours. */
function refuse (error: PerchError, socket: Socket): void {
  socket.on('error', destroy)
  answerOnSocket(error, socket)
}

/** Without a listener a socket's error would end the process. */
export function destroy (this: Socket): void {
  this.destroy()
}

/** Of one hop, and not for a request that stays what it is. */
const UPGRADING = new Set(['connection', 'upgrade', 'http2-settings'])

/**
 * Some clients offer HTTP/2 with an ordinary request, and may be answered in HTTP/1.1 (RFC 9110, 7.8). Node takes every offer for an upgrade once anybody hears upgrades, so
 * the request is put back in front of what followed it, without the offer, and read again. It is the connection's last: a second reader would find the first one's listeners.
 */
function serveAsItIs (server: Server, { method, url, httpVersion, rawHeaders }: IncomingMessage, socket: Socket, head: Buffer): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`, 'connection: close']
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (!UPGRADING.has(rawHeaders[i]?.toLowerCase() ?? '')) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`)
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]))
  server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket)
}
