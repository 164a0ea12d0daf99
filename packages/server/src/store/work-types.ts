/** Work that is done at least once, by whichever node: an invocation that no caller waits for. */
export interface QueuedWork {
  readonly id: string
  readonly value: string
}

/** The most that may wait; what exceeds it is refused. */
export const workMost = { works: 10_000, characters: 32 * 1024 * 1024 } as const

/**
 * Work that outlives its node. The node that does it holds a claim. When a claim has ended, another node takes the work over. The store's clock
 * counts.
 */
export interface WorkQueue {
  /**
   * Keeps work. If `milliseconds` is above 0, this node claims it for so long. Returns whether there was room. Durable
   * when resolved.
   */
  add(work: QueuedWork, milliseconds: number): Promise<boolean>
  /** Claims work that is due and that nobody has claimed, the oldest first. */
  claim(limit: number, milliseconds: number): Promise<readonly QueuedWork[]>
  /** Prolongs this node's claims. Returns the ids of those that it still has. */
  hold(ids: readonly string[], milliseconds: number): Promise<readonly string[]>
  /**
   * Ends a claim of this node: the work is done, or it is due again after some milliseconds with another value. Does
   * nothing if another node has claimed it since.
   */
  end(id: string, again?: { readonly value: string; readonly after: number }): Promise<void>
  /** Returns all work, claimed or not, the oldest first: for a copy of the store. */
  all(): Promise<readonly QueuedWork[]>
  /** Returns whether there is any work, claimed or not. */
  isEmpty(): Promise<boolean>
}
