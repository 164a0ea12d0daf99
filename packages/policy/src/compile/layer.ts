import type { PolicySource } from '../document/set.ts'
import { lowerAction, vendorOf } from '../match/action.ts'
import { counted, isSpent, spend } from '../match/meter.ts'
import { Remembered } from '../match/remembered.ts'
import type { LayerName } from '../request/decision.ts'
import type { Bound } from './bound.ts'
import { ByResource } from './by-resource.ts'
import { type CompiledDocument, compileDocument } from './document.ts'

/** The statements of a layer that are about one action. */
export interface Candidates {
  readonly deny: ByResource
  readonly allow: ByResource
  /** Both, in the order of the documents. */
  readonly all: readonly Bound[]
  /** The steps that it took to find them. Each evaluation that uses them takes as many. */
  readonly steps: number
}

/**
 * Maximum actions in one generation whose candidates a layer caches. AWS has some 20,000; a principal rarely uses
 * many.
 */
const maxRemembered = 8_192
/** Maximum statements of the cached actions of one generation together. */
const maxReferences = 262_144
/** Maximum services whose policies a layer caches. AWS has some 450. */
const maxVendors = 1_024

/** The actions of services with RCPs that RCPs do not reach (behaviour POL-016). */
const beyondRcp: ReadonlySet<string> = new Set(['kms:retiregrant'])

/** The policies of one layer (or one level of SCPs or RCPs); several are a union. */
export class Layer {
  readonly name: LayerName
  readonly policies: readonly PolicySource[]
  readonly #documents: readonly CompiledDocument[]
  /** By policy and statement, made when a request first needs it. */
  readonly #bounds: (Bound | undefined)[][] = []
  /** The places of the policies that may be about a service. */
  readonly #byVendor = new Remembered<readonly number[]>(maxVendors)
  /** By action in lower case. */
  readonly #remembered = new Remembered<Candidates>(maxRemembered)
  #references = 0

  constructor(name: LayerName, policies: readonly PolicySource[]) {
    this.name = name
    this.policies = policies
    this.#documents = policies.map(({ policy }) => compileDocument(policy))
  }

  /** The statements that are about an action, in any spelling; all of them if the steps do not suffice to find out. */
  candidates(action: string): Candidates {
    const lowered = lowerAction(action)
    const known = this.#remembered.get(lowered)
    if (known === undefined) return this.#find(lowered)
    spend(known.steps)
    return known
  }

  /** The statements about any action, in the order of the documents. */
  statements(): readonly Bound[] {
    return this.#documents.flatMap(({ statements }, place) =>
      statements.map((_, index) => this.#bound(place, index)),
    )
  }

  #find(action: string): Candidates {
    const { made: all, steps } = counted(() => this.#matching(action))
    // None of them can be evaluated any more, so every Deny denies (behaviour POL-181).
    if (isSpent()) return candidatesOf(this.statements(), steps)
    const candidates = candidatesOf(all, steps)
    this.#references += all.length
    if (this.#references > maxReferences) {
      this.#remembered.grow()
      this.#references = all.length
    }
    this.#remembered.set(action, candidates)
    return candidates
  }

  #matching(action: string): readonly Bound[] {
    const all: Bound[] = []
    const unreached = this.name === 'rcp' && beyondRcp.has(action)
    for (const place of unreached ? [] : this.#about(vendorOf(action) ?? '')) {
      for (const index of this.#documents[place]!.indexes(action)) all.push(this.#bound(place, index))
    }
    return all
  }

  #about(vendor: string): readonly number[] {
    const known = this.#byVendor.get(vendor)
    if (known !== undefined) return known
    const places: number[] = []
    for (const [place, document] of this.#documents.entries())
      if (document.mayCover(vendor)) places.push(place)
    this.#byVendor.set(vendor, places)
    return places
  }

  #bound(place: number, index: number): Bound {
    let bounds = this.#bounds[place]
    if (bounds === undefined) {
      bounds = []
      this.#bounds[place] = bounds
    }
    const known = bounds[index]
    if (known !== undefined) return known
    const bound = this.#bind(place, index)
    bounds[index] = bound
    return bound
  }

  #bind(policyIndex: number, index: number): Bound {
    const compiled = this.#documents[policyIndex]!.statements[index]!
    const { policy, source } = this.policies[policyIndex]!
    return {
      ...compiled,
      policyIndex,
      by: [{ layer: this.name, source, policy, statement: compiled.statement }],
    }
  }
}

function candidatesOf(all: readonly Bound[], steps: number): Candidates {
  return {
    deny: new ByResource(all.filter(({ statement }) => statement.effect === 'Deny')),
    allow: new ByResource(all.filter(({ statement }) => statement.effect === 'Allow')),
    all,
    steps,
  }
}
