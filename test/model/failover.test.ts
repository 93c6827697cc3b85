import { testSearches } from './searched.ts'
import { SEARCHES } from './searches.ts'

testSearches(Object.entries(SEARCHES).filter(([, bounds]) => 'failovers' in bounds))
