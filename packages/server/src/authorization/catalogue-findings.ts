import {
  type ConditionEntry,
  type Finding,
  type Policy,
  type Statement,
  wildcardMatcher,
} from '@omen-iam/policy'
import { nearest, perText } from '../base/index.ts'
import { actionInfo, globalKeys, prefixOf, serviceActions, serviceInfo, services } from './catalogue/index.ts'
import { actionUseFindings } from './catalogue-actions.ts'
import { keyTypeFindings } from './catalogue-key-types.ts'
import { resourceFindings } from './catalogue-resources.ts'
import { tagFindings } from './catalogue-tags.ts'
import { valueFindings } from './catalogue-values.ts'
import { isKey, meant } from './names.ts'

/** The most findings of a document; more than a hundred unknown names help no one. */
const mostFindings = 200

/**
 * Finds what needs the catalogue of AWS's services: unknown services, actions and condition keys, with Access
 * Analyzer's codes (behaviour RSN-2). The policy package makes every other check.
 */
export function catalogueFindings(policy: Policy): readonly Finding[] {
  return policy.statements.flatMap((statement) => findingsOf(policy, statement)).slice(0, mostFindings)
}

function findingsOf(policy: Policy, statement: Statement): readonly Finding[] {
  return [
    ...actionFindings(statement),
    ...resourceFindings(policy, statement),
    ...valueFindings(policy, statement),
    ...tagFindings(statement),
    ...keyTypeFindings(statement),
    ...actionUseFindings(statement),
    ...statement.condition.flatMap((entry) => keyFindings(entry, statement)),
  ]
}

function actionFindings({ action, index }: Statement): readonly Finding[] {
  const path = ['Statement', index, action.negated ? 'NotAction' : 'Action']
  return action.values.flatMap((located) => {
    const note = unknownAction(located.value)
    return note === undefined ? [] : [{ class: 'error' as const, ...note, path, span: located.span }]
  })
}

/** Returns why no action has this name, or undefined if one has it or a wildcard may match one. */
export function unknownAction(pattern: string): Pick<Finding, 'code' | 'message'> | undefined {
  const prefix = prefixOf(pattern).toLowerCase()
  if (prefix === '' || /[*?]/.test(prefix)) return undefined
  const service = serviceInfo(prefix)
  if (service === undefined) {
    return {
      code: 'INVALID_SERVICE_IN_ACTION',
      message: `The service ${prefix} specified in the action does not exist.${meant(nearest(prefix, services().keys()))}`,
    }
  }
  if (actionInfo(pattern) !== undefined) return undefined
  const name = pattern.slice(prefix.length + 1)
  const fits = wildcardMatcher(name, { ignoreCase: true })
  if (service.actions.some((action) => fits(action.name))) return undefined
  const names = service.actions.map((action) => action.name)
  const near = /[*?]/.test(name) ? undefined : nearest(name, names)
  return {
    code: 'INVALID_ACTION',
    message: `The action ${pattern} does not exist.${meant(near === undefined ? undefined : `${prefix}:${near}`)}`,
  }
}

/** Returns the action that a misspelt one most likely means; undefined if the action exists, or none is near. */
export function meantAction(name: string): string | undefined {
  if (/[*?]/.test(name) || unknownAction(name) === undefined) return undefined
  const [prefix, action] = name.split(':') as [string, string] // an unknown action has a colon
  const service = serviceInfo(prefix)
  const near =
    service &&
    nearest(
      action,
      service.actions.map((each) => each.name),
    )
  return near === undefined ? undefined : `${prefix.toLowerCase()}:${near}`
}

/** Returns the actions that a pattern matches, in AWS's spelling. */
export function actionsLike(pattern: string): readonly string[] {
  const colon = pattern.indexOf(':')
  const prefixes = wildcardMatcher(prefixOf(pattern) || '*', { ignoreCase: true })
  const names = wildcardMatcher(colon < 0 ? '*' : pattern.slice(colon + 1), { ignoreCase: true })
  return [...services().keys()]
    .filter(prefixes)
    .flatMap((prefix) => serviceActions(prefix).map(({ name }) => ({ prefix, name })))
    .filter(({ name }) => names(name))
    .map(({ prefix, name }) => `${prefix}:${name}`)
}

/** Values of the variables in ARN patterns; names are `example`. */
const fillings: Readonly<Record<string, string>> = {
  Partition: 'aws',
  Region: 'us-east-1',
  Account: '123456789012',
}

/**
 * Returns examples of the resources on which the reference says that an action is asked, the simplest first; `*` if
 * there are none.
 */
export function resourcesLike(action: string): readonly string[] {
  const prefix = prefixOf(action)
  const name = action.slice(prefix.length + 1)
  const info = serviceActions(prefix).find((each) => isKey(each.name, name))
  if (info === undefined) return []
  const arns = info.resources.flatMap(({ arns }) => arns).sort((a, b) => a.length - b.length)
  const filled = arns.map((arn) =>
    arn.replaceAll(/\$\{(\w+)\}/g, (_, part: string) => fillings[part] ?? 'example'),
  )
  return filled.length === 0 ? ['*'] : filled
}

function keyFindings({ key, operator, span }: ConditionEntry, { index }: Statement): readonly Finding[] {
  const { found } = unknownKey(key)
  const path = ['Statement', index, 'Condition', operator, key]
  return found === undefined ? [] : [{ class: 'error', ...found, path, span }]
}

type Fault = Pick<Finding, 'code' | 'message'>

const unknownKey = perText((key) => ({ found: faultOfKey(key) }))

function faultOfKey(key: string): Fault | undefined {
  const prefix = prefixOf(key).toLowerCase()
  // keys of tokens and assertions are named after their issuer
  if (prefix === '' || prefix === 'saml' || prefix.includes('.') || prefix.includes('/')) return undefined
  if (prefix === 'aws') {
    if (globalKeys.some((known) => isKey(key, known))) return undefined
    return {
      code: 'INVALID_GLOBAL_CONDITION_KEY',
      message: `The condition key ${key} does not exist. Use a valid condition key.${meant(nearest(key, globalKeys))}`,
    }
  }
  const service = serviceInfo(prefix)
  const conditionKeys = service?.conditionKeys.map((info) => info.key) ?? []
  if (conditionKeys.some((each) => isKey(key, each))) return undefined
  return {
    code: 'INVALID_SERVICE_CONDITION_KEY',
    message:
      service === undefined
        ? `The condition key ${key} does not exist: there is no service ${prefix}.${meant(nearest(prefix, services().keys()))}`
        : `The condition key ${key} does not exist in the service ${prefix}. Use a valid condition key.${meant(nearest(key, conditionKeys))}`,
  }
}
