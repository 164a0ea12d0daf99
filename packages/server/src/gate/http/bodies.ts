/** A body that arrives, as `Bodies` counts it. */
export interface ArrivingBody {
  /** Whose it is: of callers that hold much, the one that holds most loses a body first. */
  readonly caller: string
  /** Called when the body must go to make room for others. */
  readonly giveUp: () => void
}

/** The memory of one body. */
export interface HeldBody {
  /** Counts received bytes. False if there is no room for them: the body must not be read further. */
  grow(bytes: number): boolean
  /** Counts so many bytes as all that is held of the body. False if there is no room for them. */
  fit(bytes: number): boolean
  /** The body is whole and being worked on: it is given up no more. */
  whole(): void
  /** The body is out of memory. */
  release(): void
}

interface Entry extends ArrivingBody {
  bytes: number
}

/**
 * The bodies in memory, of all requests together. If they would take more than `most` bytes, those that still arrive
 * make room: of the caller with the most bytes, the body that began first. So connections that send much and never end
 * lose their bodies, and short ones do not.
 */
export class Bodies {
  readonly #most: number
  #held = 0
  /** In the order in which they began. */
  readonly #arriving = new Set<Entry>()
  readonly #heldBy = new Map<string, number>()

  constructor(most: number) {
    this.#most = most
  }

  /** Bytes in memory. */
  get held(): number {
    return this.#held
  }

  begin(body: ArrivingBody): HeldBody {
    const entry: Entry = { ...body, bytes: 0 }
    this.#arriving.add(entry)
    let released = false
    const release = () => {
      if (released) return
      released = true
      this.#arriving.delete(entry)
      this.#count(entry, -entry.bytes)
    }
    const grow = (bytes: number) => {
      if (released) return false
      this.#makeRoom(bytes, entry)
      // it may have made room by going itself
      if (released || this.#held + bytes > this.#most) return false
      this.#count(entry, bytes)
      return true
    }
    return {
      grow,
      fit: (bytes) => {
        if (bytes > entry.bytes) return grow(bytes - entry.bytes)
        if (!released) this.#count(entry, bytes - entry.bytes)
        return !released
      },
      whole: () => this.#arriving.delete(entry),
      release,
    }
  }

  #count(entry: Entry, bytes: number): void {
    entry.bytes += bytes
    this.#held += bytes
    const now = (this.#heldBy.get(entry.caller) ?? 0) + bytes
    if (now === 0) this.#heldBy.delete(entry.caller)
    else this.#heldBy.set(entry.caller, now)
  }

  #makeRoom(bytes: number, newest: Entry): void {
    while (this.#held + bytes > this.#most) {
      const oldest = this.#oldestOfGreatest(newest)
      if (oldest === undefined) return
      this.#arriving.delete(oldest)
      oldest.giveUp()
    }
  }

  #oldestOfGreatest(newest: Entry): Entry | undefined {
    let found: Entry | undefined
    let most = 0
    for (const entry of this.#arriving) {
      const held = this.#heldBy.get(entry.caller) ?? 0
      if (entry.bytes === 0 || held <= most) continue
      found = entry
      most = held
    }
    return found ?? (newest.bytes > 0 ? newest : undefined)
  }
}

const slabBytes = 64 * 1024

/** Collects the pieces of a body. Small ones are put together as they come: a piece of one byte takes a hundred. */
export class Pieces {
  readonly #pieces: Buffer[] = []
  #slab: Buffer | undefined
  #filled = 0
  #length = 0

  get length(): number {
    return this.#length
  }

  add(piece: Buffer): void {
    this.#length += piece.length
    if (piece.length >= slabBytes / 4) {
      this.#close()
      this.#pieces.push(piece)
      return
    }
    if (this.#length === piece.length) {
      // nearly every body is one short piece: room for more would cost a call a tenth of its time
      this.#slab = Buffer.from(piece)
      this.#filled = piece.length
      return
    }
    const slab = this.#roomFor(piece.length)
    this.#filled += piece.copy(slab, this.#filled)
  }

  /** The whole body in one piece; to be called once. */
  join(): Buffer {
    this.#close()
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces, this.#length)
  }

  /** Returns the slab, with room for so many bytes after those that are filled. */
  #roomFor(bytes: number): Buffer {
    const slab = this.#slab
    if (slab !== undefined && this.#filled + bytes <= slab.length) return slab
    const next = Buffer.allocUnsafeSlow(slabBytes)
    if (slab !== undefined && slab.length < slabBytes) slab.copy(next)
    else this.#close()
    this.#slab = next
    return next
  }

  #close(): void {
    if (this.#slab !== undefined) this.#pieces.push(this.#slab.subarray(0, this.#filled))
    this.#slab = undefined
    this.#filled = 0
  }
}
