import { createServer } from 'node:http'

/** As Perch: who publishes must not meet a connection that is just being closed. */
export const KEEP_ALIVE_MS = 75_000

/** An HTTP server that listens at PORT; what is posted to /publish goes to `publish`, as text. */
export function publishServer (publish) {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, async (request, response) => {
    const chunks = []
    for await (const chunk of request) chunks.push(chunk)
    publish(String(Buffer.concat(chunks)))
    response.writeHead(200, { 'content-length': 0 }).end()
  })
  return server.listen(Number(process.env.PORT), '127.0.0.1')
}
