import type { StoredDenial, StoredEvent } from '../types.ts'

const hour = 3_600_000

/** How long a document that was handed over is not handed over again, in milliseconds between denials. */
const documentKnown = hour / 2

/** The most denials after which a document is handed over again. */
export const denialsKnown = 256

/**
 * How much longer a document is kept than the oldest later denial: a denial may name a document by its hash alone, and
 * must find it. If the oldest denials are removed for space, it is kept for `denialsKnown` more denials.
 */
export const documentOutlives = hour

/** A denial to be written: `names` are the hashes of all its documents, `documents` those that are new. */
export interface DenialPack extends Omit<StoredDenial, 'documents'> {
  readonly names: string
  /** The number of denials packed before this one. */
  readonly packed: number
  readonly documents: readonly (readonly [hash: string, text: string])[]
}

/**
 * Makes packs of denials. Many denials share large documents, so each document is handed over only once in a while.
 */
export class DenialPacker {
  /** Documents that the database has, with the denial that brought each: its time, and its number. */
  readonly #known = new Map<string, { readonly time: number; readonly packed: number }>()
  #packed = 0

  /** The denials that come with events. */
  pack(events: readonly StoredEvent[]): readonly DenialPack[] {
    const packs: DenialPack[] = []
    for (const { denial } of events) if (denial !== undefined) packs.push(this.#pack(denial))
    return packs
  }

  /** Must be called when packs are committed. */
  kept(packs: readonly DenialPack[]): void {
    for (const { time, packed, documents } of packs) {
      for (const [hash] of documents) {
        // the most recent one is last, so that the first ones are the oldest
        this.#known.delete(hash)
        this.#known.set(hash, { time, packed })
      }
    }
    for (const hash of this.#known.keys()) {
      if (this.#known.size <= documentsNoted) break
      this.#known.delete(hash)
    }
  }

  #pack({ documents, ...denial }: StoredDenial): DenialPack {
    const packed = this.#packed++
    const fresh = [...documents].filter(([hash]) => {
      const known = this.#known.get(hash)
      if (known === undefined) return true
      const age = denial.time - known.time
      return age < 0 || age > documentKnown || packed - known.packed > denialsKnown
    })
    return { ...denial, names: [...documents.keys()].join(' '), packed, documents: fresh }
  }
}

/** The most documents that are remembered as known. */
const documentsNoted = 10_000
