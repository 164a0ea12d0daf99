import type { Choice } from '../proof/choice.ts'
import { findingProves } from '../proof/finding.ts'
import { type Change, changeName, subjectOf } from '../request/change.ts'
import type { Binding } from '../request/request-keys.ts'
import type { Actor } from '../request/trust-question.ts'
import type { OwnUse } from '../use/targets.ts'
import type { Side } from './sides.ts'

/**
 * The choice that a use makes, if it changes the maker itself so that it may lose the right to change the same again. Undefined
 * for others.
 */
export function choiceOf(
  { shared, prover }: Side,
  actor: Actor,
  { technique, use }: OwnUse,
): Choice | undefined {
  const { outcome, binding } = use
  if (outcome.is !== 'change' || actor.helpers !== undefined) return undefined
  const { change } = outcome
  const { person, applied, carried } = actor.variant
  const isOwn = change.is === 'version' || change.arn === person.arn
  const isChoice = change.is === 'boundary' || change.is === 'tag' || change.is === 'version'
  if (!isOwn || !isChoice || (change.is === 'version' && change.version === undefined)) return undefined
  let isFinal: boolean | undefined
  const decide = (): boolean => {
    const subject = subjectOf(change)
    const changes = [...applied.filter((each) => subjectOf(each) !== subject), plainOf(change)]
    const after: Actor = { ...actor, variant: shared.wardrobe.variant(person, changes, carried) }
    const may = (binding: Binding): boolean => findingProves(prover.prove(after, technique, binding))
    return !may(binding) && !undoings(change, binding).some(may)
  }
  return {
    name: changeName(change),
    subject: subjectOf(change),
    isFinal: () => {
      isFinal ??= decide()
      return isFinal
    },
  }
}

function plainOf({ within: _, ...change }: Change): Change {
  return change
}

/** Ways to undo a change by the same technique: a tag is taken away. */
function undoings(change: Change, binding: Binding): readonly Binding[] {
  if (change.is !== 'tag' || binding.only === undefined) return []
  const keys = [change.key, ...Object.keys(change.also ?? {})]
  return [
    { ...binding, only: binding.only.replace('iam:Tag', 'iam:Untag'), context: { 'aws:TagKeys': keys } },
  ]
}
