let turn: Promise<void> | undefined

/**
 * Resolves when all that had arrived is dealt with, before anything new is waited for. What is written then leaves
 * together: whoever sleeps at the other end is woken once for a turn's answers, and a wake costs more than an answer.
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
