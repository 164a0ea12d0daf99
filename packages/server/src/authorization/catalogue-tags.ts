import type { ConditionEntry, Finding, Statement } from '@omen-iam/policy'
import { prefixOf, serviceInfo } from './catalogue/index.ts'

const tagKeys: readonly string[] = ['aws:resourcetag/', 'aws:requesttag/', 'aws:tagkeys']

/** Finds conditions on tags for services whose requests never have these keys (behaviour RSN-2). */
export function tagFindings(statement: Statement): readonly Finding[] {
  const { action, condition, effect, index } = statement
  const deny = effect === 'Deny'
  return condition.flatMap((entry): Finding[] => {
    const family = tagKeys.find((known) => entry.key.toLowerCase().startsWith(known))
    if (family === undefined) return []
    const lacking = action.negated ? undefined : servicesWithout(family, statement)
    if (lacking?.length === 0) return []
    const text = lacking === undefined ? ofNotAction(deny, entry) : ofServices(deny, entry, lacking)
    const path = ['Statement', index, 'Condition', entry.operator, entry.key]
    return [{ class: deny ? 'securityWarning' : 'suggestion', ...text, path, span: entry.span }]
  })
}

/** Returns the services that the actions name without wildcards and that lack such a key. */
function servicesWithout(family: string, { action }: Statement): readonly string[] {
  const prefixes = action.values.map(({ value }) => prefixOf(value).toLowerCase())
  return [...new Set(prefixes)].filter((prefix) => {
    const service = serviceInfo(prefix)
    return (
      service !== undefined && !service.conditionKeys.some(({ key }) => key.toLowerCase().startsWith(family))
    )
  })
}

type FindingText = Pick<Finding, 'code' | 'message'>

function ofServices(deny: boolean, { key }: ConditionEntry, prefixes: readonly string[]): FindingText {
  const names = prefixes.join(', ')
  const move = 'We recommend that you move these actions to a different statement without this condition key.'
  return deny
    ? {
        code: 'DENY_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
        message: `Using the effect Deny with the tag condition key ${key} and actions for services with the following prefixes can be overly permissive: ${names}. Actions for the listed services are not denied by this statement. ${move}`,
      }
    : {
        code: 'ALLOW_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
        message: `Using the effect Allow with the tag condition key ${key} and actions for services with the following prefixes does not affect the policy: ${names}. Actions for the listed service are not allowed by this statement. ${move}`,
      }
}

function ofNotAction(deny: boolean, { key }: ConditionEntry): FindingText {
  return deny
    ? {
        code: 'DENY_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
        message: `Using the effect Deny with NotAction and the tag condition key ${key} can be overly permissive because some service actions are not denied by this statement. This is because the condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction.`,
      }
    : {
        code: 'ALLOW_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE',
        message: `Using the effect Allow with NotAction and the tag condition key ${key} allows only service actions that support the condition key. The condition key doesn't apply to some service actions. We recommend that you use Action instead of NotAction.`,
      }
}
