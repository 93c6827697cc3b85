import { WebSocketServer } from 'ws'
import { publishServer } from './publish-server.js'

/** As its documentation broadcasts: `send` to every client. */
const server = publishServer(text => {
  for (const client of websockets.clients) client.send(text)
})

const websockets = new WebSocketServer({ server, perMessageDeflate: false })
