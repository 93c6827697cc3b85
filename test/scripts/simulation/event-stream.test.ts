import assert from 'node:assert/strict'
import { test } from 'tap'
import { EventStream } from '../../../scripts/simulation/event-stream.ts'

const text = ': hello\n\nid: 7:41\ndata: {"a":1}\n\nevent: x\ndata: {"b":\ndata: 2}\r\n\r\nid:7:42\n\n'
const wanted = [{ id: '7:41', data: '{"a":1}' }, { id: '7:41', data: '{"b":\n2}' }]

test('events are the same wherever their text is cut', async () => {
  for (let cut = 0; cut <= text.length; cut++) {
    const stream = new EventStream()
    assert.deepEqual([...stream.take(text.slice(0, cut)), ...stream.take(text.slice(cut))], wanted, `cut at ${cut}`)
  }
})
