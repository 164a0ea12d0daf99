import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, membersOf, textOf } from '../nodes.ts'
import { type ConditionSource, stateOf } from './conditions.ts'
import type { Stack } from './stack.ts'

/** An assertion of a rule that the parameters break. */
export interface BrokenRule {
  readonly node: JsonNode
  readonly message: string
}

/** The assertions that the given parameters break. An assertion about unknown values counts as kept. */
export function brokenRules(stack: Stack): readonly BrokenRule[] {
  return membersOf(member(stack.root, 'Rules')).flatMap(({ key, value }) => {
    const source: ConditionSource = {
      condition: (name, place) => stack.condition(name, place),
      text: (node) => stack.text(node),
      texts: (node) => stack.texts(node),
      count: () => {},
    }
    const when = member(value, 'RuleCondition')
    if (when !== undefined && stateOf(when, source) !== true) return []
    return itemsOf(member(value, 'Assertions')).flatMap((assertion) => {
      const assert = member(assertion, 'Assert')
      if (assert === undefined || stateOf(assert, source) !== false) return []
      const said = textOf(member(assertion, 'AssertDescription')) ?? 'an assertion does not hold'
      return [{ node: assertion, message: `The rule ${key.value} is broken: ${said}` }]
    })
  })
}
