import type { Policy } from '@omen-iam/policy'
import { parsePolicy } from '@omen-iam/policy'
import type { DelegationParameter } from '../../../directory/index.ts'
import { invalidInput } from '../faults.ts'

/** The most characters of a rendered policy, as AWS documents it. */
const renderedMost = 2_048

/** A policy template with its parameters filled in. */
export interface Rendered {
  readonly text: string
  readonly boundaryArns: readonly string[]
}

/**
 * Fills `@{name}` in a template: a string replaces its name in a longer text; a list replaces a list item that
 * consists of its name (behaviour DLG-10). @throws Fault InvalidInput if a parameter is missing or unexpected, or the
 * result is not a policy
 */
export function renderTemplate(template: string, parameters: readonly DelegationParameter[]): Rendered {
  const byName = new Map(parameters.map((parameter) => [parameter.name, parameter]))
  if (byName.size < parameters.length) throw invalidInput('A parameter is given twice.')
  const used = new Set<string>()
  const filled = fill(JSON.parse(template), (name) => {
    const parameter = byName.get(name)
    if (parameter === undefined) throw invalidInput(`The parameter ${name} is missing.`)
    used.add(name)
    return parameter
  })
  for (const name of byName.keys()) {
    if (!used.has(name)) throw invalidInput(`The template has no parameter ${name}.`)
  }
  const text = JSON.stringify(filled)
  if (text.length > renderedMost) {
    throw invalidInput(`The rendered policy exceeds the maximum size of ${renderedMost} characters.`)
  }
  const parsed = parsePolicy(text, 'identity')
  if (!parsed.ok) throw invalidInput(`The rendered policy is invalid: ${parsed.message}`)
  return { text, boundaryArns: boundariesIn(parsed.policy) }
}

type Lookup = (name: string) => DelegationParameter

const whole = /^@\{(\w+)\}$/
const within = /@\{(\w+)\}/g

function fill(value: unknown, lookup: Lookup): unknown {
  if (typeof value === 'string') return fillText(value, lookup)
  if (Array.isArray(value)) return value.flatMap((item: unknown) => fillItem(item, lookup))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, fill(each, lookup)]))
}

function fillItem(item: unknown, lookup: Lookup): unknown {
  const name = typeof item === 'string' ? whole.exec(item)?.[1] : undefined
  const parameter = name === undefined ? undefined : lookup(name)
  return parameter?.type === 'stringList' ? parameter.values : fill(item, lookup)
}

function fillText(text: string, lookup: Lookup): unknown {
  const name = whole.exec(text)?.[1]
  const parameter = name === undefined ? undefined : lookup(name)
  if (parameter?.type === 'stringList') return parameter.values
  return text.replace(within, (_match, each: string) => {
    const { values, type } = lookup(each)
    if (type === 'stringList') throw invalidInput(`The list ${each} cannot be part of a text.`)
    return values[0] ?? ''
  })
}

/** Returns the boundaries that the policy requires for the creation of roles. */
function boundariesIn({ statements }: Policy): readonly string[] {
  const parameters = new Set<string>()
  for (const { effect, condition } of statements) {
    if (effect !== 'Allow') continue
    for (const { key, values } of condition) {
      if (key.toLowerCase() !== 'iam:permissionsboundary') continue
      for (const { value } of values) parameters.add(value)
    }
  }
  return [...parameters]
}
