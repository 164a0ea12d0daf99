/**
 * Does something every minute; a failure is reported and the next minute tries again. Returns the function that ends
 * it.
 */
export function everyMinute(work: () => Promise<void>, failed: (error: unknown) => void): () => void {
  const timer = setInterval(() => work().catch(failed), 60_000)
  timer.unref()
  return () => clearInterval(timer)
}
