import { Server } from 'socket.io'
import { publishServer } from './publish-server.js'

/** Every client in one room, told by `io.to(room).emit`; an object, as it is meant to be used. */
const io = new Server(publishServer(text => {
  io.to('floor').emit('frame', JSON.parse(text))
}), { transports: ['websocket'], serveClient: false, perMessageDeflate: false, httpCompression: false })

io.on('connection', socket => socket.join('floor'))
