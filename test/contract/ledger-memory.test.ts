import { DirectoryInMemory } from '../stand-ins/directory.ts'
import { LedgerInMemory } from '../stand-ins/ledger-in-memory.ts'
import { ledgerContract } from './ledger.ts'

ledgerContract('the memory of a simulation', async () => {
  const directory = new DirectoryInMemory()
  return { ledger: new LedgerInMemory(directory), directory }
})
