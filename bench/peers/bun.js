/* global Bun */
/** Run by Bun: the topics of its own server, which is uWebSockets beneath. */
Bun.serve({
  hostname: '127.0.0.1',
  port: Number(process.env.PORT),
  // Seconds; who publishes must not meet a connection that is just being closed.
  idleTimeout: 75,
  async fetch (request, server) {
    if (request.method === 'POST') {
      server.publish('floor', await request.text())
      return new Response('')
    }
    return server.upgrade(request) ? undefined : new Response('', { status: 400 })
  },
  websocket: {
    perMessageDeflate: false,
    open (socket) { socket.subscribe('floor') },
    message () {}
  }
})
