import { createServer } from 'node:http'

/** An HTTP server that listens at PORT; what is posted to /publish goes to `publish`, as text. */
export function publishServer (publish) {
  const server = createServer(async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    publish(String(Buffer.concat(chunks)))
    response.writeHead(200, { 'content-length': 0 }).end()
  })
  return server.listen(Number(process.env.PORT), '127.0.0.1')
}
