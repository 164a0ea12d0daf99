import { useEffect, useState } from 'react'
import { useServer } from './server.ts'

/** Whole seconds until an instant by the server's clock, counted down; 0 when it is over. */
export function useSecondsLeft(until: string): number {
  const server = useServer()
  const offset = server.data === undefined ? 0 : Date.parse(server.data.time) - server.dataUpdatedAt
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [])
  return Math.max(0, Math.floor((Date.parse(until) - now - offset) / 1_000))
}
