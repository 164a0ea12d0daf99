let turn: Promise<void> | undefined

/**
 * Resolves when everything that has arrived is processed, before the process waits for anything new. What is written
 * then leaves together: the receiver wakes once for the answers of a turn, and a wake costs more than an answer.
 */
export function endOfTurn(): Promise<void> {
  turn ??= new Promise((resolve) =>
    setImmediate(() => {
      turn = undefined
      resolve()
    }),
  )
  return turn
}
