import type { StoredDenial, StoredEvent } from '../types.ts'

const hour = 3_600_000

/** A document that was handed over is not handed over again for so long, in milliseconds of denials' time. */
const documentKnown = hour / 2

/**
 * A document stays so much longer than the oldest denial that is younger than it: then whoever named it without
 * handing it over again still finds it.
 */
export const documentOutlives = hour

/** A denial on its way to the database: `names` are the hashes of all its documents, `documents` those that are new. */
export interface DenialPack extends Omit<StoredDenial, 'documents'> {
  readonly names: string
  readonly documents: readonly (readonly [hash: string, text: string])[]
}

/** Makes packs of denials. Large documents stand behind many denials: each is handed over once in a while. */
export class DenialPacker {
  /** Documents that the database has: when the denial was made that brought them. */
  readonly #known = new Map<string, number>()

  /** The denials that come with events. */
  pack(events: readonly StoredEvent[]): readonly DenialPack[] {
    const packs: DenialPack[] = []
    for (const { denial } of events) if (denial !== undefined) packs.push(this.#packed(denial))
    return packs
  }

  /** To be called when packs are in the database to stay. */
  kept(packs: readonly DenialPack[]): void {
    for (const { time, documents } of packs) {
      for (const [hash] of documents) {
        // the one noted last stands last, so that the first are the oldest
        this.#known.delete(hash)
        this.#known.set(hash, time)
      }
    }
    for (const hash of this.#known.keys()) {
      if (this.#known.size <= documentsNoted) break
      this.#known.delete(hash)
    }
  }

  /** To be called when the database has been emptied. */
  forgetAll(): void {
    this.#known.clear()
  }

  #packed({ documents, ...denial }: StoredDenial): DenialPack {
    const fresh = [...documents].filter(([hash]) => {
      const age = denial.time - (this.#known.get(hash) ?? Number.NEGATIVE_INFINITY)
      return age < 0 || age > documentKnown
    })
    return { ...denial, names: [...documents.keys()].join(' '), documents: fresh }
  }
}

/** So many documents are remembered as known. */
const documentsNoted = 10_000
