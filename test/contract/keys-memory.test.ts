import { KeysInMemory } from '../stand-ins/keys.ts'
import { keysContract } from './keys.ts'

keysContract('memory, as tests have them', async () => {
  const keys = new KeysInMemory()
  return { keys, credentials: keys, written: async org => keys.notes.filter(note => note.org === org) }
})
