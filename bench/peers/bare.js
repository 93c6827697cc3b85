import { WebSocketServer } from 'ws'
import { publishServer } from './publish-server.js'

/** The floor under every server on Node: one buffer per change, written to each TCP socket beneath its WebSocket. */
const sockets = new Set()

const server = publishServer(text => {
  const message = textMessage(text)
  for (const socket of sockets) socket.write(message)
})

new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (websocket, { socket }) => {
  sockets.add(socket)
  websocket.on('close', () => sockets.delete(socket))
})

/** RFC 6455, 5.2: a whole, unmasked text message of less than 64 KiB. */
function textMessage (text) {
  const bytes = Buffer.byteLength(text)
  const header = bytes < 126 ? Buffer.from([0x81, bytes]) : Buffer.from([0x81, 126, bytes >> 8, bytes & 0xff])
  const message = Buffer.allocUnsafeSlow(header.length + bytes)
  header.copy(message)
  message.write(text, header.length)
  return message
}
