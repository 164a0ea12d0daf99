import type { StoredDenial, StoredEvent } from '../types.ts'

const hour = 3_600_000

/** A document that was handed over is not handed over again for so long, in milliseconds of denials' time. */
const documentKnown = hour / 2

/** Nor for so many denials. */
export const denialsKnown = 256

/**
 * A document stays so much longer than the oldest denial that is younger than it: then whoever named it without
 * handing it over again still finds it. Where the oldest denials make room, it stays for `denialsKnown` more of them.
 */
export const documentOutlives = hour

/** A denial on its way to the database: `names` are the hashes of all its documents, `documents` those that are new. */
export interface DenialPack extends Omit<StoredDenial, 'documents'> {
  readonly names: string
  /** How many denials were packed before it. */
  readonly packed: number
  readonly documents: readonly (readonly [hash: string, text: string])[]
}

/** Makes packs of denials. Large documents stand behind many denials: each is handed over once in a while. */
export class DenialPacker {
  /** Documents that the database has, by the denial that brought them: when it was made, and its place in line. */
  readonly #known = new Map<string, { readonly time: number; readonly packed: number }>()
  #packed = 0

  /** The denials that come with events. */
  pack(events: readonly StoredEvent[]): readonly DenialPack[] {
    const packs: DenialPack[] = []
    for (const { denial } of events) if (denial !== undefined) packs.push(this.#pack(denial))
    return packs
  }

  /** To be called when packs are in the database to stay. */
  kept(packs: readonly DenialPack[]): void {
    for (const { time, packed, documents } of packs) {
      for (const [hash] of documents) {
        // the one noted last stands last, so that the first are the oldest
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

/** So many documents are remembered as known. */
const documentsNoted = 10_000
