import type { JsonNode } from '@omen-iam/policy'
import { itemsOf, member, membersOf, textOf } from '../nodes.ts'
import { unknownPart } from '../print.ts'
import type { Given, Text } from './options.ts'

/** Characters of the longest value of a parameter. Source: AWS CloudFormation User Guide, quotas. */
const longestValue = 4096

/** The value of a parameter: a text, or a list of them. */
export type ParameterValue = Text | readonly Text[]

/** Returns whether the values of a parameter are a list. */
function isList(type: string): boolean {
  return (
    type === 'CommaDelimitedList' ||
    type.startsWith('List<') ||
    /<(?:CommaDelimitedList|List<.*>)>$/.test(type)
  )
}

/**
 * Returns whether a parameter's value is the name of a parameter of Systems Manager, which has the value that counts.
 */
export function isStoredElsewhere(declaration: JsonNode): boolean {
  return textOf(member(declaration, 'Type'))?.startsWith('AWS::SSM::Parameter::Value<') === true
}

/** The given value of a parameter, or its default; unknown if there is neither. */
export function parameterValue(
  name: string,
  declaration: JsonNode,
  given: Given | undefined,
): ParameterValue {
  const type = textOf(member(declaration, 'Type')) ?? 'String'
  if (given === undefined && isStoredElsewhere(declaration)) {
    const stored = defaultOf(declaration)
    const of = stored === undefined ? '' : `, which is ${stored} in Systems Manager`
    return { value: unknownPart, dependsOn: `parameter ${name}${of}` }
  }
  const value = given ?? defaultOf(declaration)
  if (value === undefined) return { value: unknownPart, dependsOn: `parameter ${name}` }
  if (typeof value !== 'string') {
    if (!isList(type) || !('value' in value)) return value
    return value.dependsOn === undefined ? listOf(value.value) : value
  }
  return isList(type) ? listOf(value) : { value }
}

/**
 * The known facts about parameters that a call or a parent stack gives: of a parameter of Systems Manager the name, and not the
 * value (behaviour TPL-4).
 */
export function asNamed(root: JsonNode, given: Readonly<Record<string, Given>>): Record<string, Given> {
  const declared = member(root, 'Parameters')
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      const declaration = member(declared, name)
      if (declaration === undefined || !isStoredElsewhere(declaration)) return [name, value]
      const of = typeof value === 'string' ? `, which is ${value} in Systems Manager` : ''
      return [name, { value: unknownPart, dependsOn: `parameter ${name}${of}` }]
    }),
  )
}

function listOf(value: string): readonly Text[] {
  return value === '' ? [] : value.split(',').map((each) => ({ value: each.trim() }))
}

function defaultOf(declaration: JsonNode): string | undefined {
  const value = member(declaration, 'Default')
  return value?.type === 'scalar' ? value.raw : textOf(value)
}

/**
 * CloudFormation's refusal of a parameter's value; undefined if it accepts the value. A value of a parameter with
 * NoEcho is not repeated.
 */
export function refusalOf(name: string, declaration: JsonNode, value: string): string | undefined {
  const type = textOf(member(declaration, 'Type')) ?? 'String'
  if (value.length > longestValue)
    return `The value of parameter ${name} is longer than ${longestValue} characters.`
  if (isStoredElsewhere(declaration)) return undefined
  const said = member(declaration, 'NoEcho') === undefined ? ` ${JSON.stringify(value)}` : ''
  for (const each of isList(type) ? listOf(value).map((item) => item.value) : [value]) {
    const reason = constraintBroken(declaration, type, each)
    if (reason !== undefined) return `Parameter ${name} does not take the value${said}: ${reason}.`
  }
  return undefined
}

function constraintBroken(declaration: JsonNode, type: string, value: string): string | undefined {
  const number = (name: string) => {
    const node = member(declaration, name)
    const text = node?.type === 'scalar' ? node.raw : textOf(node)
    return text === undefined ? undefined : Number(text)
  }
  const allowed = member(declaration, 'AllowedValues')
  if (allowed !== undefined && !itemsOf(allowed).some((each) => written(each) === value))
    return `AllowedValues are ${itemsOf(allowed).map(written).join(', ')}`
  if (type === 'Number' || type === 'List<Number>') {
    if (value.trim() === '' || !Number.isFinite(Number(value))) return 'it is no number'
    if (Number(value) < (number('MinValue') ?? Number.NEGATIVE_INFINITY))
      return `MinValue is ${number('MinValue')}`
    if (Number(value) > (number('MaxValue') ?? Number.POSITIVE_INFINITY))
      return `MaxValue is ${number('MaxValue')}`
  }
  if (value.length < (number('MinLength') ?? 0)) return `MinLength is ${number('MinLength')}`
  if (value.length > (number('MaxLength') ?? Number.POSITIVE_INFINITY))
    return `MaxLength is ${number('MaxLength')}`
  return undefined
}

function written(node: JsonNode): string {
  return node.type === 'scalar' ? node.raw : (textOf(node) ?? '')
}

/** Names of the parameters that must be given. */
export function withoutDefault(parameters: JsonNode | undefined): readonly string[] {
  return membersOf(parameters).flatMap(({ key, value }) =>
    defaultOf(value) === undefined ? [key.value] : [],
  )
}
