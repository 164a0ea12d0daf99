import type { Determining, LayerName } from '../evaluate/decision.ts'
import { compileDocument } from './document.ts'
import type { PolicySource } from './set.ts'
import type { CompiledStatement } from './statement.ts'

/** A compiled statement together with the words in which a decision names it. */
export interface Bound extends CompiledStatement {
  /** The place of its policy in the layer. */
  readonly policyIndex: number
  readonly by: readonly [Determining]
}

/** The statements of a layer that are about one action. */
export interface Candidates {
  readonly deny: readonly Bound[]
  readonly allow: readonly Bound[]
  /** Both, in the order of the documents. */
  readonly all: readonly Bound[]
}

/** Actions whose candidates one layer remembers; a principal rarely uses more, and a scan of all stays bounded. */
const MAX_REMEMBERED = 512

/** The actions of services with RCPs that RCPs do not reach. [POL-016] */
const BEYOND_RCP: ReadonlySet<string> = new Set(['kms:retiregrant'])

/** The policies of one layer (or one level of SCPs or RCPs); several are a union. */
export class Layer {
  readonly name: LayerName
  readonly policies: readonly PolicySource[]
  readonly #remembered = new Map<string, Candidates>()

  constructor(name: LayerName, policies: readonly PolicySource[]) {
    this.name = name
    this.policies = policies
    for (const { policy } of policies) compileDocument(policy)
  }

  /** Keyed by the action as the request spells it, so that nothing is lowered on the way. */
  candidates(action: string): Candidates {
    return this.#remembered.get(action) ?? this.#find(action)
  }

  #find(action: string): Candidates {
    const lowered = action.toLowerCase()
    const deny: Bound[] = []
    const allow: Bound[] = []
    const all: Bound[] = []
    const unreached = this.name === 'rcp' && BEYOND_RCP.has(lowered)
    for (const [policyIndex, { policy, source }] of unreached ? [] : this.policies.entries()) {
      for (const compiled of compileDocument(policy).covering(lowered)) {
        const { statement } = compiled
        const bound: Bound = {
          ...compiled,
          policyIndex,
          by: [{ layer: this.name, source, policy, statement }],
        }
        all.push(bound)
        if (statement.effect === 'Deny') deny.push(bound)
        else allow.push(bound)
      }
    }
    const candidates = { deny, allow, all }
    if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear()
    this.#remembered.set(action, candidates)
    return candidates
  }
}
