import type { Path } from '../document/finding.ts'
import type { JsonNode, JsonObject, JsonString } from '../document/json.ts'
import { type KindRules, kinds } from '../document/kinds.ts'
import type {
  ConditionEntry,
  Effect,
  ListElement,
  Located,
  Policy,
  PolicyKind,
  PolicyVersion,
  PrincipalElement,
  PrincipalEntry,
  PrincipalType,
  Statement,
} from '../document/policy.ts'
import { hasConflict, nothing, type Seen, unambiguous } from './duplicates.ts'
import { members } from './members.ts'
import { readCondition } from './read-condition.ts'
import { objectExpected, type Report, stretch, stringExpected } from './report.ts'
import { checkAction, checkPrincipal, checkResource } from './values.ts'

/**
 * Reads a document's JSON as a policy and reports what AWS would refuse. Returns undefined if it cannot be read as a
 * policy.
 */
export function readPolicy(root: JsonNode, kind: PolicyKind, report: Report): Policy | undefined {
  if (root.type !== 'object')
    return report.refuse('DATA_TYPE_MISMATCH', 'A policy is a JSON object', [], root, objectExpected)
  const rules = kinds[kind]
  let version: PolicyVersion = '2008-10-17'
  let id: string | undefined
  let statements: Statement[] | undefined
  const lone = kind === 'identity' ? loneStatement(root) : undefined
  for (const { key, value } of members(root, [], report)) {
    const path = [key.value]
    if (key.value === 'Version') {
      const read = readVersion(value, path, report)
      // Of two versions, the one with variables counts: its Denies cover more.
      if (version !== '2012-10-17') version = read
      if (lone !== undefined && lone.start < key.start) {
        report.refuse('LEGACY_PARSING', 'Version comes after a lone Statement', path, key, {
          type: 'lateVersion',
        })
      }
    } else if (key.value === 'Statement') {
      const before = (statements ?? []).map((each) => (each.effect === 'Deny' ? each : nothing(each)))
      const read = readStatements(value, before.length, rules, kind, report)
      // A duplicate element: the Denies of both count.
      statements = read === undefined && before.length === 0 ? undefined : [...before, ...(read ?? [])]
    } else if (key.value === 'Id') id = readText(value, path, report)
    else
      report.refuse(
        { code: 'UNKNOWN_ELEMENT', mention: key.value },
        `Unknown element ${key.value}`,
        path,
        key,
      )
  }
  if (statements === undefined) {
    if (!report.refused) report.refuse('MISSING_STATEMENT', 'A policy needs a Statement', [], root)
    return undefined
  }
  checkSids(statements, rules, report)
  if (!root.members.some(({ key }) => key.value === 'Version')) {
    const message =
      'We recommend that you specify the Version element to help you with debugging permission issues.'
    report.note('warning', 'MISSING_VERSION', message, [], report.span(root))
  }
  return { kind, version, ...(id === undefined ? {} : { id }), statements, text: report.text }
}

/** The key of a Statement that is not a list. IAM's parser refuses a Version behind it (behaviour POL-154). */
function loneStatement({ members }: JsonObject): JsonString | undefined {
  return members.find(({ key, value }) => key.value === 'Statement' && value.type === 'object')?.key
}

function readVersion(node: JsonNode, path: Path, report: Report): PolicyVersion {
  if (node.type === 'string' && (node.value === '2012-10-17' || node.value === '2008-10-17'))
    return node.value
  report.refuse('INVALID_VERSION', 'Version is 2012-10-17 or 2008-10-17', path, node)
  return '2008-10-17'
}

function readText(node: JsonNode, path: Path, report: Report): string | undefined {
  if (node.type === 'string') return node.value
  return report.refuse('DATA_TYPE_MISMATCH', 'A string is expected', path, node, stringExpected)
}

function readStatements(
  node: JsonNode,
  first: number,
  rules: KindRules,
  kind: PolicyKind,
  report: Report,
): Statement[] | undefined {
  const nodes = node.type === 'list' ? node.items : [node]
  if (nodes.length === 0) {
    return report.refuse('EMPTY_STATEMENT', 'Statement is empty', ['Statement'], node)
  }
  const statements: Statement[] = []
  for (const [index, item] of nodes.entries()) {
    const path = node.type === 'list' ? ['Statement', index] : ['Statement']
    const statement = readStatement(item, first + index, path, rules, kind, report)
    if (statement !== undefined) statements.push(statement)
  }
  return statements.length === nodes.length ? statements : undefined
}

const principalTypes: ReadonlySet<string> = new Set<PrincipalType>([
  'AWS',
  'Service',
  'Federated',
  'CanonicalUser',
])

function readStatement(
  node: JsonNode,
  index: number,
  path: Path,
  rules: KindRules,
  kind: PolicyKind,
  report: Report,
): Statement | undefined {
  if (node.type !== 'object') {
    return report.refuse('DATA_TYPE_MISMATCH', 'A statement is a JSON object', path, node, objectExpected)
  }
  let sid: string | undefined
  let effect: Effect | undefined
  let principal: PrincipalElement | undefined
  let action: ListElement | undefined
  let resource: ListElement | undefined
  let condition: readonly ConditionEntry[] = []
  const duplicates = report.duplicates
  const seen: Seen = { effects: [], principals: [], actions: [], resources: [], conditions: [] }
  for (const { key, value } of members(node, path, report)) {
    const at = [...path, key.value]
    switch (key.value) {
      case 'Sid':
        sid = readText(value, at, report)
        break
      case 'Effect':
        effect = readEffect(value, at, report)
        if (effect !== undefined) seen.effects.push(effect)
        break
      case 'Principal':
      case 'NotPrincipal':
        if (principal !== undefined) conflict('Principal', at, value, report)
        principal = readPrincipal(key.value === 'NotPrincipal', value, at, rules, report)
        if (principal !== undefined) seen.principals.push(principal)
        break
      case 'Action':
      case 'NotAction':
        if (action !== undefined) conflict('Action', at, value, report)
        action = readList(key.value === 'NotAction', value, at, report)
        if (action !== undefined) seen.actions.push(action)
        for (const item of action?.values ?? []) checkAction(item, at, kind, report)
        break
      case 'Resource':
      case 'NotResource':
        if (resource !== undefined) conflict('Resource', at, value, report)
        if (rules.resource === 'forbidden') prohibit(key.value, at, value, report)
        resource = readList(key.value === 'NotResource', value, at, report)
        if (resource !== undefined) seen.resources.push(resource)
        if (rules.arnResources)
          for (const item of resource?.values ?? []) checkResource(item, at, kind, report)
        break
      case 'Condition':
        seen.conditions.push(report.duplicates)
        condition = readCondition(value, at, kind, report)
        seen.conditions.push(report.duplicates)
        break
      default:
        report.refuse(
          { code: 'UNKNOWN_ELEMENT', mention: key.value },
          `Unknown element ${key.value}`,
          at,
          key,
        )
    }
  }
  if (effect === undefined && !node.members.some(({ key }) => key.value === 'Effect')) {
    report.refuse('MISSING_EFFECT', 'A statement needs an Effect', path, node)
  }
  if (rules.principal === 'required' && principal === undefined) {
    report.refuse('MISSING_PRINCIPAL', 'A statement needs a Principal', path, node)
  }
  if (action === undefined || action.values.length === 0) {
    report.refuse('MISSING_ACTION', 'A statement needs an Action or NotAction', path, node)
  }
  if (rules.resource === 'required' ? !resource?.values.length : resource?.values.length === 0) {
    report.refuse('MISSING_RESOURCE', 'A statement needs a Resource or NotResource', path, node)
  }
  if (kind === 'trust' && effect === 'Allow' && condition.length === 0 && principal !== undefined) {
    const cognito = principal.entries.find(({ value }) => value === 'cognito-identity.amazonaws.com')
    if (cognito !== undefined) {
      const message = 'Every identity pool of every account could assume the role'
      report.refuse('COGNITO_CONDITION', message, [...path, 'Principal'], stretch(cognito.span))
    }
  }
  if (effect === undefined || action === undefined) return undefined
  const statement: Statement = {
    index,
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal === undefined ? {} : { principal }),
    action,
    ...(resource === undefined ? {} : { resource }),
    condition,
    span: report.span(node),
  }
  return report.duplicates === duplicates && !hasConflict(seen) ? statement : unambiguous(statement, seen)
}

function conflict(base: string, path: Path, node: JsonNode, report: Report): void {
  report.refuse('CONFLICTING_ELEMENTS', `${base} and Not${base} cannot be used together`, path, node, {
    type: 'element',
    element: base,
  })
}

function prohibit(name: string, path: Path, node: JsonNode, report: Report): void {
  report.refuse(
    { code: 'PROHIBITED_ELEMENT', mention: name },
    `${name} is not supported in this kind of policy`,
    path,
    node,
    { type: 'element', element: name },
  )
}

function readEffect(node: JsonNode, path: Path, report: Report): Effect | undefined {
  if (node.type === 'string' && (node.value === 'Allow' || node.value === 'Deny')) return node.value
  const mention = textOf(node)
  const code = /^(?:allow|deny)$/i.test(mention) ? 'EFFECT_CASE' : 'INVALID_EFFECT'
  return report.refuse({ code, mention }, 'Effect is Allow or Deny', path, node)
}

/** A value in the form in which AWS's messages repeat it. */
function textOf(node: JsonNode): string {
  return node.type === 'string' ? node.value : node.type === 'scalar' ? node.raw : ''
}

/** One string or a list of strings. */
function readList(negated: boolean, node: JsonNode, path: Path, report: Report): ListElement | undefined {
  const values = readStrings(node, path, report)
  return values === undefined ? undefined : { negated, values, span: report.span(node) }
}

function readStrings(node: JsonNode, path: Path, report: Report): Located[] | undefined {
  const values: Located[] = []
  for (const item of node.type === 'list' ? node.items : [node]) {
    if (item.type !== 'string') {
      return report.refuse(
        'DATA_TYPE_MISMATCH',
        'A string or a list of strings is expected',
        path,
        item,
        stringExpected,
      )
    }
    values.push(report.located(item.value, item))
  }
  return values
}

function readPrincipal(
  negated: boolean,
  node: JsonNode,
  path: Path,
  rules: KindRules,
  report: Report,
): PrincipalElement | undefined {
  const name = negated ? 'NotPrincipal' : 'Principal'
  if (rules.principal === 'forbidden' || (negated && !rules.notPrincipal)) prohibit(name, path, node, report)
  const entries = readEntries(node, path, rules, report)
  return entries === undefined ? undefined : { negated, entries, span: report.span(node) }
}

function readEntries(
  node: JsonNode,
  path: Path,
  rules: KindRules,
  report: Report,
): PrincipalEntry[] | undefined {
  if (node.type === 'string') {
    const entry: PrincipalEntry = { type: 'AWS', value: node.value, span: report.span(node) }
    if (node.value !== '*') {
      const reason = { code: 'INVALID_PRINCIPAL', mention: `"${node.value}"` } as const
      report.refuse(reason, 'Principal is "*" or an object', path, node, { type: 'principal', fault: 'form' })
    }
    return [entry]
  }
  if (node.type !== 'object' || node.members.length === 0) {
    return report.refuse('DATA_TYPE_MISMATCH', 'Principal is "*" or an object', path, node, objectExpected)
  }
  const entries: PrincipalEntry[] = []
  for (const { key, value } of members(node, path, report)) {
    if (!principalTypes.has(key.value)) {
      report.refuse(
        { code: 'INVALID_PRINCIPAL', mention: `"${key.value}"` },
        `Unknown kind of principal ${key.value}`,
        path,
        key,
        { type: 'principal', fault: 'key' },
      )
      continue
    }
    // The set contains only principal types.
    const type = key.value as PrincipalType
    for (const located of readStrings(value, [...path, type], report) ?? []) {
      const entry = { type, value: located.value, span: located.span }
      checkPrincipal(entry, [...path, type], rules, report)
      entries.push(entry)
    }
  }
  return entries
}

function checkSids(statements: readonly Statement[], rules: KindRules, report: Report): void {
  const seen = new Set<string>()
  for (const { sid, span, index } of statements) {
    if (sid === undefined || sid === '') continue
    const path = ['Statement', index, 'Sid']
    if (seen.has(sid)) report.refuse('DUPLICATE_SID', `Duplicate Sid ${sid}`, path, stretch(span))
    if (rules.plainSid && !/^[0-9A-Za-z]*$/.test(sid)) {
      report.refuse('INVALID_SID', `The Sid ${sid} is not alphanumeric`, path, stretch(span))
    }
    seen.add(sid)
  }
}
