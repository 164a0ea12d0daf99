import { isKnownOperator } from '../condition/operators.ts'
import type { Path } from '../document/finding.ts'
import type { JsonNode } from '../document/json.ts'
import type { ConditionEntry, Located, PolicyKind } from '../document/policy.ts'
import { checkValues } from './condition-values.ts'
import { members } from './members.ts'
import { objectExpected, type Report, stringExpected } from './report.ts'

/** Reads a Condition. Reports what AWS would not store, and reads it as far as possible. */
export function readCondition(
  node: JsonNode,
  path: Path,
  kind: PolicyKind,
  report: Report,
): readonly ConditionEntry[] {
  const entries: ConditionEntry[] = []
  if (node.type !== 'object') {
    report.refuse('DATA_TYPE_MISMATCH', 'Condition is a JSON object', path, node, objectExpected)
    return entries
  }
  for (const { key: operator, value: block } of members(node, path, report)) {
    const at = [...path, operator.value]
    if (!isKnownOperator(operator.value)) {
      report.refuse(
        { code: 'INVALID_OPERATOR', mention: operator.value },
        `${operator.value} is not a condition operator`,
        at,
        operator,
        { type: 'operator', operator: operator.value },
      )
    }
    if (block.type !== 'object') {
      report.refuse(
        'DATA_TYPE_MISMATCH',
        'A condition operator holds a JSON object',
        at,
        block,
        objectExpected,
      )
      continue
    }
    for (const { key, value } of members(block, at, report)) {
      const there = [...at, key.value]
      const about = { type: 'conditionKey', key: key.value } as const
      if (!key.value.includes(':')) {
        report.refuse('MISSING_VENDOR', `The condition key ${key.value} has no prefix`, there, key, about)
      } else if (kind === 'trust' && hasColonAgain(key.value)) {
        report.refuse('TOO_MANY_COLONS', `${key.value} has more than one colon`, there, key, about)
      }
      const values = readScalars(value, there, report)
      checkValues(operator.value, values, there, kind, report)
      entries.push({ operator: operator.value, key: key.value, values, span: report.span(value) })
    }
  }
  return entries
}

/**
 * `https://server.example:sub` is not a key, but the name of a tag may contain colons: `aws:RequestTag/a:b`. Other
 * kinds of policies also accept `kms:EncryptionContext:a` (behaviour POL-143).
 */
function hasColonAgain(key: string): boolean {
  const name = key.slice(key.indexOf(':') + 1)
  return name.includes(':') && !/^\w+\//.test(name)
}

/** Conditions also accept numbers and booleans, which count as their text. */
function readScalars(node: JsonNode, path: Path, report: Report): Located[] {
  const values: Located[] = []
  for (const item of node.type === 'list' ? node.items : [node]) {
    if (item.type === 'string') values.push(report.located(item.value, item))
    else if (item.type === 'scalar' && item.value !== null) values.push(report.located(item.raw, item))
    else
      report.refuse(
        'DATA_TYPE_MISMATCH',
        'A condition value is a string, number or boolean',
        path,
        item,
        stringExpected,
      )
  }
  return values
}
