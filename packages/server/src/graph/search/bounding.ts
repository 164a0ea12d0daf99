import type { Finding } from '../proof/finding.ts'
import { type Outline, outlineOf } from '../relevance/shared.ts'
import { type Change, changeName } from '../request/change.ts'
import type { Actor } from '../request/trust-question.ts'
import type { Deferred } from '../use/search-parts.ts'
import type { OwnUse } from '../use/targets.ts'
import { useName } from '../use/use-name.ts'
import { listIn } from '../world/lists.ts'
import { actorName } from './administrators.ts'

type BoundaryChange = Extract<Change, { is: 'boundary' }>

/** The actions of a search on a result. */
interface Search {
  record(actor: Actor, own: OwnUse, finding: Outline, more: readonly Change[]): void
}

/** Changes of principals that fail for a condition on their boundary, and that work once they have another one. */
export class Bounding {
  readonly #search: Search
  /** By the ARN of the target. */
  readonly #failed = new Map<string, Deferred[]>()
  /** By the ARN of the target. */
  readonly #changes = new Map<string, BoundaryChange[]>()
  readonly #done = new Set<string>()

  constructor(search: Search) {
    this.#search = search
  }

  /** Adds a use that is not proven. */
  add(entry: Deferred): void {
    const { actor, own } = entry
    const { outcome, binding } = own.use
    const { target } = binding
    // What is written on the actor itself is a change of the principal that acts.
    if (target === undefined || outcome.is !== 'change' || target.arn === actor.variant.person.arn) return
    if (outcome.change.arn !== target.arn || !asks(entry)) return
    listIn(this.#failed, target.arn).push(entry)
    for (const change of this.#changes.get(target.arn) ?? []) this.#retry(entry, change)
  }

  /** A principal has got another boundary, or has none any more. */
  bounded(change: BoundaryChange): void {
    listIn(this.#changes, change.arn).push(change)
    for (const entry of [...(this.#failed.get(change.arn) ?? [])]) this.#retry(entry, change)
  }

  #retry({ actor, own, finding: before }: Deferred, change: BoundaryChange): void {
    const { outcome, binding } = own.use
    if (outcome.is !== 'change' || binding.target === undefined) return
    const isBoundary = outcome.change.is === 'boundary'
    if (isBoundary && changeName(outcome.change) === changeName(change)) return
    const stem = `${actorName(actor)}\n${own.technique.id}\n${useName(own.use)}\n${changeName(change)}`
    if (this.#done.has(stem)) return
    this.#done.add(stem)
    const target = { ...binding.target, boundary: change.policy }
    const prove = (): Finding => own.prove(target)
    const finding = outlineOf(prove())
    const isOpen = finding?.verdict === 'undecided' && before?.verdict !== 'undecided'
    if (finding?.verdict !== 'proven' && finding?.verdict !== 'conditional' && !isOpen) return
    // The boundary stays, and limits what is given.
    const within = [...(outcome.change.within ?? []), ...(isBoundary ? [] : [change])]
    const changed: OwnUse = {
      ...own,
      prove,
      use: { ...own.use, outcome: { is: 'change', change: { ...outcome.change, within } } },
    }
    this.#search.record(actor, changed, finding, [change])
  }
}

/** Whether a statement about the call has a condition on the boundary of the target. */
function asks({ actor, own }: Deferred): boolean {
  const { identity, boundary, scp = [] } = actor.variant.policies
  const actions = own.technique.needs.map(({ action }) => action)
  return [identity, boundary, ...scp].some((layer) =>
    actions.some((action) =>
      layer
        ?.candidates(action)
        .all.some(({ statement }) =>
          statement.condition.some(({ key }) => /^iam:PermissionsBoundary$/i.test(key)),
        ),
    ),
  )
}
