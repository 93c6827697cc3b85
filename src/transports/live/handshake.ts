import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import { answerOnSocket, toPerchError } from '../http/errors.ts'
import { destroy } from './upgrades.ts'

export interface HandshakeParts<T> {
  /** Who asks. @throws whatever the refusal says */
  find (request: IncomingMessage): Promise<T>
  /** Goes on with the handshake. */
  begin (found: T, request: IncomingMessage, tcp: Socket, head: Buffer): void
  onError (error: unknown): void
}

/** Finds out who asks before the handshake begins: a refusal is an ordinary answer over HTTP. For a server's `upgrade`. */
export function beforeHandshake<T> ({ find, begin, onError }: HandshakeParts<T>): (request: IncomingMessage, tcp: Socket, head: Buffer) => void {
  function refuse (error: unknown, tcp: Socket): void {
    const known = toPerchError(error)
    if (known.code === 'INTERNAL') onError(error)
    answerOnSocket(known, tcp)
  }

  return (request, tcp, head) => {
    // Until the library listens, its errors would end the process.
    tcp.on('error', destroy)
    find(request).then(found => {
      tcp.off('error', destroy)
      begin(found, request, tcp, head)
    }, error => refuse(error, tcp)).catch(error => {
      onError(error)
      tcp.destroy()
    })
  }
}
