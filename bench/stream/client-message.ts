import { OPCODES } from './frame-reader.ts'

const FIN = 0x80
const MASKED = 0x80

/** A message of a client of less than 64 KiB. The mask is four zeros, so that nothing has to be masked; a server cannot tell. */
export function clientMessage (opcode: number, payload: Uint8Array): Buffer {
  const { length } = payload
  const header = length < 126 ? [FIN | opcode, MASKED | length] : [FIN | opcode, MASKED | 126, length >> 8, length & 0xff]
  return Buffer.concat([Buffer.from([...header, 0, 0, 0, 0]), payload])
}

export function clientText (text: string): Buffer {
  return clientMessage(OPCODES.text, Buffer.from(text))
}
