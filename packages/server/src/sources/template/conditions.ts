import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, membersOf, textOf } from '../nodes.ts'
import type { Text } from './options.ts'

/** The value of a condition: true, false, or unknown with the reason. */
export type State = boolean | { readonly dependsOn: string }

/** The parts of the template that the evaluation of conditions needs. */
export interface ConditionSource {
  /** The state of the condition of a name. */
  condition(name: string, place: JsonNode): State
  /** The text of a value; a list is its items joined by commas. */
  text(node: JsonNode | undefined): Text
  /** The texts of a list. */
  texts(node: JsonNode | undefined): readonly Text[]
  /** Called for each function, so that their number is limited. */
  count(): void
}

/**
 * Evaluates a condition in three-valued logic: an unknown operand gives unknown, unless the rest decides. Source: AWS
 * CloudFormation User Guide, "Condition intrinsic functions" and "Rule-specific intrinsic functions".
 */
export function stateOf(node: JsonNode | undefined, source: ConditionSource): State {
  source.count()
  if (node?.type === 'scalar' && typeof node.value === 'boolean') return node.value
  if (node?.type === 'string' && /^(?:true|false)$/.test(node.value)) return node.value === 'true'
  const [only, ...more] = membersOf(node)
  if (only === undefined || more.length > 0 || node === undefined)
    return { dependsOn: 'a value that is no condition' }
  const operands = itemsOf(only.value)
  switch (only.key.value) {
    case 'Condition':
      return source.condition(textOf(only.value) ?? '', node)
    case 'Fn::Not':
      return not(stateOf(operands[0], source))
    case 'Fn::And':
      return every(operands, source)
    case 'Fn::Or':
      return not(every(operands, source, not))
    case 'Fn::Equals':
      return equal(source.text(operands[0]), source.text(operands[1]))
    case 'Fn::Contains':
      return contains(source.texts(operands[0]), source.text(operands[1]))
    case 'Fn::EachMemberIn':
    case 'Fn::EachMemberEquals': {
      const wanted =
        only.key.value === 'Fn::EachMemberIn' ? source.texts(operands[1]) : [source.text(operands[1])]
      return all(source.texts(operands[0]).map((each) => contains(wanted, each)))
    }
    default:
      return { dependsOn: only.key.value }
  }
}

function every(
  operands: readonly JsonNode[],
  source: ConditionSource,
  change: (state: State) => State = (state) => state,
): State {
  return all(operands.map((each) => change(stateOf(each, source))))
}

function all(states: readonly State[]): State {
  if (states.includes(false)) return false
  return states.find((each) => typeof each !== 'boolean') ?? true
}

function not(state: State): State {
  return typeof state === 'boolean' ? !state : state
}

function equal(one: Text, other: Text): State {
  const reasons = [one.dependsOn, other.dependsOn].filter((each) => each !== undefined)
  return reasons.length === 0 ? one.value === other.value : { dependsOn: [...new Set(reasons)].join(', ') }
}

function contains(list: readonly Text[], wanted: Text): State {
  const states = list.map((each) => equal(each, wanted))
  if (states.includes(true)) return true
  return states.find((each) => typeof each !== 'boolean') ?? false
}
