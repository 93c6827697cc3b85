import { httpClient } from '../e2e/http.ts'
import { until } from '../harness/wait.ts'
import { WebSocketClient } from '../transports/live/web-socket-client.ts'

/** Between two requests: as a busy page asks, and no more than one principal may. */
const EVERY_MS = 10

const [url = '', token = '', floor = ''] = process.argv.slice(2)
/** This process ends with whoever started it. */
const cleanup = { after () {} }
process.on('disconnect', () => process.exit())

let took: number[] = []
let refused = 0

const watching = new WebSocketClient(cleanup, Number(new URL(url).port), token)
await until(() => watching.of('welcome').length === 1, { what: 'the welcome of the witness' })
watching.send({ type: 'watch', id: 'witness', floor })
await until(() => watching.of('snapshot').length === 1, { what: 'the snapshot of the witness' })
const http = httpClient(cleanup, { url, token })

process.on('message', what => {
  if (what === 'end') process.send?.({ took, refused, watching: !watching.gone })
  took = []
  refused = 0
})
process.send?.('ready')

for (;;) {
  const begun = performance.now()
  const status = await http.ask('GET', `/v1/floors/${floor}/state`).then(({ status }) => status, () => 0)
  took.push(performance.now() - begun)
  if (status !== 200) refused++
  await new Promise(resolve => setTimeout(resolve, EVERY_MS))
}
