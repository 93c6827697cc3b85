import { useEffect, useState } from 'preact/hooks'
import type { Connection, Perch } from '../../client/index.ts'

/** How the connection is; a component that uses it renders anew with it. */
export function useConnection (perch: Perch): Connection {
  const [connection, setConnection] = useState(perch.connection)
  useEffect(() => {
    setConnection(perch.connection)
    return perch.on('connection', setConnection)
  }, [perch])
  return connection
}
