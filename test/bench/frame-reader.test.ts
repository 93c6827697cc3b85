import { test } from 'tap'
import assert from 'node:assert/strict'
import { FrameReader, OPCODES } from '../../bench/stream/frame-reader.ts'
import { Frame } from '../../src/application/frame.ts'
import { textMessage } from '../../src/transports/live/text-message.ts'

/** On both sides of every length that has a form of its own. */
const LENGTHS = [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]

const sent = Buffer.concat(LENGTHS.map(length => textMessage(new Frame('pulse', 'x'.repeat(length)))))

function lengthsRead (pieces: readonly Buffer[]): number[] {
  const lengths: number[] = []
  const reader = new FrameReader((opcode, bytes, start, end) => {
    assert.equal(opcode, OPCODES.text)
    assert.equal(bytes.toString('latin1', start, end), 'x'.repeat(end - start))
    lengths.push(end - start)
  })
  for (const piece of pieces) {
    // What was read is written to again, as the load's one buffer is.
    const mine = Buffer.from(piece)
    reader.read(mine)
    mine.fill(0)
  }
  return lengths
}

test('messages of every length are found, whatever pieces they come in', async () => {
  for (const size of [1, 2, 3, 7, 1_000, 65_536, sent.length]) {
    const pieces = Array.from({ length: Math.ceil(sent.length / size) }, (_, i) => sent.subarray(i * size, (i + 1) * size))
    // Byte by byte only the short ones: all that is there is looked at again for each.
    const some = size < 1_000 ? pieces.slice(0, Math.ceil(600 / size)) : pieces
    assert.deepEqual(lengthsRead(some), size < 1_000 ? LENGTHS.slice(0, 5) : LENGTHS)
  }
})

test('a message in fragments is not taken for a whole one', async () => {
  const fragment = Buffer.from(textMessage(new Frame('pulse', 'half')))
  fragment[0] = OPCODES.text
  assert.throws(() => lengthsRead([fragment]), /fragments/)
})
