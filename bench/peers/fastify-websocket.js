import websocket from '@fastify/websocket'
import fastify from 'fastify'
import { KEEP_ALIVE_MS } from './publish-server.js'

/** The same through the plugin, its clients and its HTTP. */
const app = fastify({ keepAliveTimeout: KEEP_ALIVE_MS })
app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => done(null, body))
await app.register(websocket, { options: { perMessageDeflate: false } })
app.get('/live', { websocket: true }, socket => { socket.on('message', () => {}) })
app.post('/publish', async (request, reply) => {
  for (const client of app.websocketServer.clients) client.send(request.body)
  return reply.send('')
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
