import { memoryTickets } from '../../src/adapters/memory/tickets.ts'
import { ticketsContract } from './tickets.ts'

ticketsContract('memory', async () => {
  const tickets = memoryTickets(() => performance.now())
  return [tickets, tickets]
})
