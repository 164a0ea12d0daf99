/** The steps that a search may take, and what it could not decide. */
export class Steps {
  left: number
  readonly limit: number
  /** The construct that the search does not decide, if one occurred. */
  unsupported: string | undefined

  constructor(limit: number) {
    this.limit = limit
    this.left = limit
  }

  /** Takes steps; returns false if none are left. */
  take(count = 1): boolean {
    this.left -= count
    return this.left >= 0
  }

  get isSpent(): boolean {
    return this.left < 0
  }

  /** Whether a search that found nothing may have missed something. */
  get isIncomplete(): boolean {
    return this.isSpent || this.unsupported !== undefined
  }

  /** Does a part of a search. Returns its result, and whether this part may have missed something. */
  attempt<T>(part: () => T): { readonly result: T; readonly isIncomplete: boolean } {
    const before = this.unsupported
    this.unsupported = undefined
    const result = part()
    const { isIncomplete } = this
    this.unsupported ??= before
    return { result, isIncomplete }
  }

  get used(): number {
    return Math.min(this.limit - this.left, this.limit)
  }
}
