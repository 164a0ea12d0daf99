import { isKnownOperator, parseOperator } from '../condition/condition.ts'
import { parseDate } from '../condition/date.ts'
import type { JsonMember, JsonNode, JsonObject, JsonString } from './json.ts'
import { KINDS, type KindRules } from './kinds.ts'
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
} from './policy.ts'
import { type Path, type Report, stretch } from './report.ts'
import { checkAction, checkPrincipal, checkResource } from './values.ts'

/**
 * Reads a document's JSON as a policy and reports what AWS would refuse. Undefined when no policy can be made of it;
 * otherwise it is as good as the report says.
 */
export function readPolicy(root: JsonNode, kind: PolicyKind, report: Report): Policy | undefined {
  if (root.type !== 'object')
    return report.refuse('DATA_TYPE_MISMATCH', 'A policy is a JSON object', '', [], root)
  const rules = KINDS[kind]
  let version: PolicyVersion = '2008-10-17'
  let id: string | undefined
  let statements: Statement[] | undefined
  const lone = kind === 'identity' ? loneStatement(root) : undefined
  for (const { key, value } of members(root, [], report)) {
    const path = [key.value]
    if (key.value === 'Version') {
      version = readVersion(value, path, report)
      if (lone !== undefined && lone.start < key.start) {
        report.refuse('LEGACY_PARSING', 'Version stands behind a lone Statement', '', path, key)
      }
    } else if (key.value === 'Statement') statements = readStatements(value, rules, kind, report)
    else if (key.value === 'Id') id = readText(value, path, report)
    else report.refuse('UNKNOWN_ELEMENT', `Unknown element ${key.value}`, key.value, path, key)
  }
  if (statements === undefined) {
    if (!report.refused)
      report.refuse('MISSING_STATEMENT', 'A policy needs a Statement', 'Statement', [], root)
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

/** A Statement that is no list: before the Version that stands behind it, IAM's parser gives up. [POL-154] */
function loneStatement({ members }: JsonObject): JsonString | undefined {
  return members.find(({ key, value }) => key.value === 'Statement' && value.type === 'object')?.key
}

/** The members of an object; a key that comes twice is a syntax error, even inside of a Condition. [POL-100] */
function members(object: JsonObject, path: Path, report: Report): readonly JsonMember[] {
  if (object.members.length < 2) return object.members
  const seen = new Set<string>()
  for (const { key } of object.members) {
    if (seen.has(key.value)) {
      report.refuse('DUPLICATE_KEY', `The key ${key.value} comes twice`, key.value, [...path, key.value], key)
    }
    seen.add(key.value)
  }
  return object.members
}

function readVersion(node: JsonNode, path: Path, report: Report): PolicyVersion {
  if (node.type === 'string' && (node.value === '2012-10-17' || node.value === '2008-10-17'))
    return node.value
  report.refuse('INVALID_VERSION', 'Version is 2012-10-17 or 2008-10-17', textOf(node), path, node)
  return '2008-10-17'
}

function readText(node: JsonNode, path: Path, report: Report): string | undefined {
  if (node.type === 'string') return node.value
  return report.refuse('DATA_TYPE_MISMATCH', 'A string is expected', '', path, node)
}

function readStatements(
  node: JsonNode,
  rules: KindRules,
  kind: PolicyKind,
  report: Report,
): Statement[] | undefined {
  const nodes = node.type === 'list' ? node.items : [node]
  if (nodes.length === 0) {
    return report.refuse('EMPTY_STATEMENT', 'Statement is empty', '', ['Statement'], node)
  }
  const statements: Statement[] = []
  for (const [index, item] of nodes.entries()) {
    const path = node.type === 'list' ? ['Statement', index] : ['Statement']
    const statement = readStatement(item, index, path, rules, kind, report)
    if (statement !== undefined) statements.push(statement)
  }
  return statements.length === nodes.length ? statements : undefined
}

const PRINCIPAL_TYPES: ReadonlySet<string> = new Set<PrincipalType>([
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
    return report.refuse('DATA_TYPE_MISMATCH', 'A statement is a JSON object', '', path, node)
  }
  let sid: string | undefined
  let effect: Effect | undefined
  let principal: PrincipalElement | undefined
  let action: ListElement | undefined
  let resource: ListElement | undefined
  let condition: readonly ConditionEntry[] = []
  for (const { key, value } of members(node, path, report)) {
    const at = [...path, key.value]
    switch (key.value) {
      case 'Sid':
        sid = readText(value, at, report)
        break
      case 'Effect':
        effect = readEffect(value, at, report)
        break
      case 'Principal':
      case 'NotPrincipal':
        if (principal !== undefined) conflict(key.value, 'Principal', at, value, report)
        principal = readPrincipal(key.value === 'NotPrincipal', value, at, rules, report)
        break
      case 'Action':
      case 'NotAction':
        if (action !== undefined) conflict(key.value, 'Action', at, value, report)
        action = readList(key.value === 'NotAction', value, at, report)
        for (const item of action?.values ?? []) checkAction(item, at, kind, report)
        break
      case 'Resource':
      case 'NotResource':
        if (resource !== undefined) conflict(key.value, 'Resource', at, value, report)
        if (rules.resource === 'forbidden') prohibit(key.value, at, value, report)
        resource = readList(key.value === 'NotResource', value, at, report)
        if (rules.arnResources) for (const item of resource?.values ?? []) checkResource(item, at, report)
        break
      case 'Condition':
        condition = readCondition(value, at, rules, report)
        break
      default:
        report.refuse('UNKNOWN_ELEMENT', `Unknown element ${key.value}`, key.value, at, key)
    }
  }
  if (effect === undefined && !node.members.some(({ key }) => key.value === 'Effect')) {
    report.refuse('MISSING_EFFECT', 'A statement needs an Effect', 'Effect', path, node)
  }
  if (rules.principal === 'required' && principal === undefined) {
    report.refuse('MISSING_PRINCIPAL', 'A statement needs a Principal', 'Principal', path, node)
  }
  if (action === undefined || action.values.length === 0) {
    report.refuse('MISSING_ACTION', 'A statement needs an Action or NotAction', 'Action', path, node)
  }
  if (rules.resource === 'required' ? !resource?.values.length : resource?.values.length === 0) {
    report.refuse('MISSING_RESOURCE', 'A statement needs a Resource or NotResource', 'Resource', path, node)
  }
  if (effect === undefined || action === undefined) return undefined
  return {
    index,
    ...(sid === undefined ? {} : { sid }),
    effect,
    ...(principal === undefined ? {} : { principal }),
    action,
    ...(resource === undefined ? {} : { resource }),
    condition,
    span: report.span(node),
  }
}

function conflict(name: string, base: string, path: Path, node: JsonNode, report: Report): void {
  report.refuse('CONFLICTING_ELEMENTS', `${base} and Not${base} exclude each other`, name, path, node)
}

function prohibit(name: string, path: Path, node: JsonNode, report: Report): void {
  report.refuse('PROHIBITED_ELEMENT', `${name} has no place in this kind of policy`, name, path, node)
}

function readEffect(node: JsonNode, path: Path, report: Report): Effect | undefined {
  if (node.type === 'string' && (node.value === 'Allow' || node.value === 'Deny')) return node.value
  return report.refuse('INVALID_EFFECT', 'Effect is Allow or Deny', textOf(node), path, node)
}

/** A value as AWS's texts repeat it. */
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
      return report.refuse('DATA_TYPE_MISMATCH', 'A string or a list of strings is expected', '', path, item)
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
      report.refuse('INVALID_PRINCIPAL', 'Principal is "*" or an object', `"${node.value}"`, path, node)
    }
    return [entry]
  }
  if (node.type !== 'object' || node.members.length === 0) {
    return report.refuse('DATA_TYPE_MISMATCH', 'Principal is "*" or an object', '', path, node)
  }
  const entries: PrincipalEntry[] = []
  for (const { key, value } of members(node, path, report)) {
    if (!PRINCIPAL_TYPES.has(key.value)) {
      report.refuse(
        'INVALID_PRINCIPAL',
        `Unknown kind of principal ${key.value}`,
        `"${key.value}"`,
        path,
        key,
      )
      continue
    }
    // The set has just said so.
    const type = key.value as PrincipalType
    for (const located of readStrings(value, [...path, type], report) ?? []) {
      const entry = { type, value: located.value, span: located.span }
      checkPrincipal(entry, [...path, type], rules.everyoneOnly, report)
      entries.push(entry)
    }
  }
  return entries
}

function readCondition(
  node: JsonNode,
  path: Path,
  rules: KindRules,
  report: Report,
): readonly ConditionEntry[] {
  const entries: ConditionEntry[] = []
  if (node.type !== 'object') {
    report.refuse('DATA_TYPE_MISMATCH', 'Condition is a JSON object', '', path, node)
    return entries
  }
  for (const { key: operator, value: block } of members(node, path, report)) {
    const at = [...path, operator.value]
    if (!isKnownOperator(operator.value)) {
      report.refuse(
        'INVALID_OPERATOR',
        `${operator.value} is no condition operator`,
        operator.value,
        at,
        operator,
      )
    }
    if (block.type !== 'object') {
      report.refuse('DATA_TYPE_MISMATCH', 'A condition operator holds a JSON object', '', at, block)
      continue
    }
    for (const { key, value } of members(block, at, report)) {
      const there = [...at, key.value]
      if (!key.value.includes(':')) {
        report.refuse('MISSING_VENDOR', `The condition key ${key.value} has no prefix`, key.value, there, key)
      } else if (rules.texts === 'trust' && hasColonAgain(key.value)) {
        report.refuse('TOO_MANY_COLONS', `${key.value} has more than one colon`, key.value, there, key)
      }
      const values = readScalars(value, there, report)
      if (rules.texts === 'iam') checkDates(operator.value, values, there, report)
      entries.push({ operator: operator.value, key: key.value, values, span: report.span(value) })
    }
  }
  return entries
}

/**
 * `https://server.example:sub` is no key, though a tag's own name may hold colons: `aws:RequestTag/a:b`. Other kinds
 * of policies take `kms:EncryptionContext:a`, too. [POL-143]
 */
function hasColonAgain(key: string): boolean {
  const name = key.slice(key.indexOf(':') + 1)
  return name.includes(':') && !/^\w+\//.test(name)
}

/** Of all values of conditions IAM looks at dates alone. [POL-149] */
function checkDates(operator: string, values: readonly Located[], path: Path, report: Report): void {
  if (!parseOperator(operator).base.startsWith('Date')) return
  for (const { value, span } of values) {
    if (parseDate(value) === undefined)
      report.refuse('LEGACY_PARSING', `${value} is no date`, value, path, stretch(span))
  }
}

/** Conditions also take numbers and booleans, which count as their text. */
function readScalars(node: JsonNode, path: Path, report: Report): Located[] {
  const values: Located[] = []
  for (const item of node.type === 'list' ? node.items : [node]) {
    if (item.type === 'string') values.push(report.located(item.value, item))
    else if (item.type === 'scalar' && item.value !== null) values.push(report.located(item.raw, item))
    else
      report.refuse('DATA_TYPE_MISMATCH', 'A condition value is a string, number or boolean', '', path, item)
  }
  return values
}

function checkSids(statements: readonly Statement[], rules: KindRules, report: Report): void {
  const seen = new Set<string>()
  for (const { sid, span, index } of statements) {
    if (sid === undefined || sid === '') continue
    const path = ['Statement', index, 'Sid']
    if (seen.has(sid)) report.refuse('DUPLICATE_SID', `The Sid ${sid} comes twice`, sid, path, stretch(span))
    if (rules.plainSid && !/^[0-9A-Za-z]*$/.test(sid)) {
      report.refuse('INVALID_SID', `The Sid ${sid} is not alphanumeric`, sid, path, stretch(span))
    }
    seen.add(sid)
  }
}
