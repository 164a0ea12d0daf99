/**
 * The twin: the documented flow chart of policy evaluation, written down as plainly as it can be read.
 * It takes a case's JSON as it is, compiles nothing, remembers nothing and shares no line with the engine,
 * so that the two can only agree by both being right. POL-NNN names the behaviour a line stands for.
 */
import type {
  CasePrincipal,
  Document,
  Expectation,
  OneOrMany,
  PrincipalElement,
  Scalar,
  Statement,
  World,
} from './case.ts'

export type Layer = 'identity' | 'boundary' | 'session' | 'resource' | 'scp' | 'rcp' | 'endpoint'

/** The answer, and every layer that a reason may name for it. */
export type Verdict = { readonly decision: Expectation; readonly layers: readonly Layer[] }

/** Three answers: what cannot be evaluated is not "no". */
type Answer = 'yes' | 'no' | 'unknown'

/** Decides one world. */
export function decide(world: World): Verdict {
  const { request, policies } = world
  const caller = readCaller(request.principal)

  // POL-065, POL-061: these two answer whoever holds a key; no policy is asked.
  if (['sts:getcalleridentity', 'sts:getsessiontoken'].includes(request.action.toLowerCase())) {
    return { decision: 'allowed', layers: [] }
  }

  const asks = (
    documents: readonly Document[] | undefined,
    effect: 'Allow' | 'Deny',
    layer: Layer,
  ): boolean =>
    (documents ?? []).some((document) =>
      statementsOf(document).some(
        (each) => each.Effect === effect && applies(each, document, world, caller, layer),
      ),
    )

  const serviceLinked = isServiceLinked(caller)
  const scp = bindsScp(caller) && !serviceLinked ? policies.scp : undefined // POL-013, POL-014
  const rcp = serviceLinked || request.action.toLowerCase() === 'kms:retiregrant' ? undefined : policies.rcp // POL-016
  const identity = hasIdentity(caller) ? policies.identity : undefined
  const boundary = hasIdentity(caller) ? policies.boundary : undefined
  const session = hasIdentity(caller) || caller.kind === 'root' ? policies.session : undefined // POL-126
  const endpoint = caller.kind === 'service' ? undefined : policies.endpoint // POL-032
  const resource = policies.resource === undefined ? [] : [policies.resource]

  // POL-002: deny first, over all layers.
  const denying: Layer[] = []
  if ((rcp ?? []).some((level) => asks(level, 'Deny', 'rcp'))) denying.push('rcp')
  if ((scp ?? []).some((level) => asks(level, 'Deny', 'scp'))) denying.push('scp')
  if (asks(resource, 'Deny', 'resource')) denying.push('resource')
  if (asks(identity, 'Deny', 'identity')) denying.push('identity')
  if (asks(boundary, 'Deny', 'boundary')) denying.push('boundary')
  if (asks(session, 'Deny', 'session')) denying.push('session')
  if (asks(endpoint, 'Deny', 'endpoint')) denying.push('endpoint')
  if (denying.length > 0) return { decision: 'explicitDeny', layers: denying }

  const silent: Layer[] = []
  if (scp !== undefined && !scp.every((level) => asks(level, 'Allow', 'scp'))) silent.push('scp') // POL-012
  if (endpoint !== undefined && !asks(endpoint, 'Allow', 'endpoint')) silent.push('endpoint') // POL-018

  const identityAllows = caller.kind === 'root' || asks(identity, 'Allow', 'identity') // POL-001
  const boundaryAllows = boundary === undefined || asks(boundary, 'Allow', 'boundary') // POL-008
  const sessionAllows =
    session === undefined ? caller.kind !== 'federated' : asks(session, 'Allow', 'session') // POL-009, POL-063
  const fromIdentity = identityAllows && boundaryAllows && sessionAllows
  if (caller.kind === 'root' && !sessionAllows) silent.push('session') // POL-126: whoever else grants
  const namings = resource.flatMap((document) =>
    statementsOf(document)
      .filter((each) => each.Effect === 'Allow' && applies(each, document, world, caller, 'resource'))
      .flatMap((each) => namingsOf(each.Principal, caller)),
  )
  const fromResource = namings.length > 0

  const identitySide: Layer[] = []
  if (!identityAllows) identitySide.push('identity')
  if (!boundaryAllows) identitySide.push('boundary')
  if (!sessionAllows) identitySide.push('session')
  const resourceSide: Layer[] = fromResource ? [] : ['resource']

  // POL-060: the root user cannot assume roles. POL-120: nothing crosses partitions.
  const resourcePartition = request.resource.startsWith('arn:') ? request.resource.split(':')[1] : undefined
  const foreignPartition =
    caller.partition !== undefined &&
    resourcePartition !== undefined &&
    caller.partition !== resourcePartition
  if ((caller.kind === 'root' && isRoleAssumption(request.action, request.resource)) || foreignPartition) {
    return { decision: 'implicitDeny', layers: [...silent, ...resourceSide, ...identitySide, 'resource'] }
  }

  if (caller.account === undefined) {
    silent.push(...resourceSide) // POL-028, POL-032, POL-066
  } else if (caller.account !== accountOfResource(world, caller)) {
    silent.push(...resourceSide, ...identitySide) // POL-006, POL-007
  } else if (namings.includes('itself') || namings.includes('everyone')) {
    // POL-021, POL-023, POL-024, POL-025: no implicit deny of the identity's own layers limits this grant.
  } else if (namings.includes('role') && boundaryAllows && sessionAllows) {
    // POL-022: identity policies need not allow, boundary and session policies must.
  } else if (mustTrust(request.action, request.resource)) {
    // POL-005, POL-038, POL-119: the resource's own policy must say yes, here by naming the account.
    silent.push(...resourceSide, ...(fromIdentity ? [] : identitySide))
  } else if (!fromIdentity) {
    silent.push(...identitySide, ...resourceSide) // POL-004
  }
  return silent.length === 0
    ? { decision: 'allowed', layers: [] }
    : { decision: 'implicitDeny', layers: silent }
}

// ---------------------------------------------------------------------------------------------- the caller

type Caller = {
  readonly kind: 'user' | 'role' | 'session' | 'federated' | 'root' | 'service' | 'provider' | 'anonymous'
  /** The principal's ARN, the service's name, or the provider whose token is shown. */
  readonly name: string
  readonly account?: string
  readonly partition?: string
}

function readCaller(principal: CasePrincipal): Caller {
  if (typeof principal !== 'string') return { kind: 'service', name: principal.service }
  if (principal === '*') return { kind: 'anonymous', name: '*' }
  const [, partition, service, , account, ...rest] = principal.split(':')
  const path = rest.join(':')
  if (/^(saml|oidc)-provider\//.test(path)) return { kind: 'provider', name: principal }
  const kind =
    service === 'iam' && path === 'root'
      ? 'root'
      : service === 'iam' && path.startsWith('user/')
        ? 'user'
        : service === 'iam' && path.startsWith('role/')
          ? 'role'
          : service === 'sts' && path.startsWith('assumed-role/')
            ? 'session'
            : 'federated'
  return { kind, name: principal, account: account ?? '', partition: partition ?? '' }
}

function hasIdentity(caller: Caller): boolean {
  return ['user', 'role', 'session', 'federated'].includes(caller.kind) // POL-020
}

function bindsScp(caller: Caller): boolean {
  return hasIdentity(caller) || caller.kind === 'root' // POL-011
}

function isServiceLinked(caller: Caller): boolean {
  const path = caller.name.split(':').slice(5).join(':')
  return path.startsWith('role/aws-service-role/') || path.startsWith('assumed-role/AWSServiceRoleFor')
}

/** The name of the role a role ARN or a session ARN speaks of: names are unique in an account, paths aside. */
function roleName(arn: string): string | undefined {
  const path = arn.split(':').slice(5).join(':').split('/')
  return path[0] === 'role' ? path[path.length - 1] : path[0] === 'assumed-role' ? path[1] : undefined
}

function accountOfResource(world: World, caller: Caller): string | undefined {
  const written = world.request.resource.split(':')[4]
  return world.request.resourceAccount ?? (/^\d{12}$/.test(written ?? '') ? written : caller.account)
}

// ------------------------------------------------------------------------------------ who must say yes

function isRoleAssumption(action: string, resource: string): boolean {
  return action.toLowerCase().startsWith('sts:') && /^arn:[^:]*:iam::[^:]*:role\//.test(resource)
}

function mustTrust(action: string, resource: string): boolean {
  return isRoleAssumption(action, resource) || /^arn:[^:]*:kms:[^:]*:[^:]*:key\//.test(resource)
}

// ---------------------------------------------------------------------------------------- the statement

function statementsOf(document: Document): readonly Statement[] {
  return list(document.Statement)
}

function applies(
  statement: Statement,
  document: Document,
  world: World,
  caller: Caller,
  layer: Layer,
): boolean {
  const { request } = world
  const variables = document.Version === '2012-10-17' // POL-086
  const parts: Answer[] = []
  if (layer === 'resource' || layer === 'rcp' || layer === 'endpoint') {
    parts.push(matchesPrincipal(statement, caller, world))
  }
  if (statement.Action !== undefined) parts.push(anyAction(statement.Action, request.action))
  if (statement.NotAction !== undefined) parts.push(not(anyAction(statement.NotAction, request.action)))
  if (statement.Resource !== undefined) parts.push(anyResource(statement.Resource, world, variables))
  if (statement.NotResource !== undefined)
    parts.push(not(anyResource(statement.NotResource, world, variables)))
  for (const [operator, keys] of Object.entries(statement.Condition ?? {})) {
    for (const [key, values] of Object.entries(keys)) {
      parts.push(holds(operator, key, list(values), world, variables)) // POL-091
    }
  }
  const answer = and(parts)
  // What cannot be evaluated fails closed: it never allows, and it denies.
  return answer === 'yes' || (answer === 'unknown' && statement.Effect === 'Deny')
}

function anyAction(patterns: OneOrMany<string>, action: string): Answer {
  return yesIf(list(patterns).some((each) => glob(pattern(each.toLowerCase()), action.toLowerCase()))) // POL-080
}

function anyResource(patterns: OneOrMany<string>, world: World, variables: boolean): Answer {
  return yesIf(list(patterns).some((each) => matchesResource(each, world, variables)))
}

/** POL-083: `*` crosses slashes and colons; POL-084: an action without a resource is only met by `*`. */
function matchesResource(written: string, world: World, variables: boolean): boolean {
  const parts = arnParts(written)
  if (parts === undefined || !variables) return glob(pattern(written), world.request.resource)
  const head = `${parts.slice(0, 5).join(':')}:`
  const tail = expand(parts[5] ?? '', world, true) // POL-087: only behind the fifth colon
  return tail !== undefined && glob([...pattern(head), ...tail], world.request.resource)
}

/** The five parts before the fifth colon and all the rest; undefined when there are not that many. */
function arnParts(text: string): string[] | undefined {
  const parts = text.split(':')
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

// ---------------------------------------------------------------------------------------- the principal

/** In which way an element names the caller. */
type Naming = 'itself' | 'role' | 'account' | 'everyone'

function matchesPrincipal(statement: Statement, caller: Caller, world: World): Answer {
  if (statement.NotPrincipal !== undefined) {
    if (statement.Effect === 'Allow') return 'unknown' // POL-033: not supported
    if (hasIdentity(caller) && world.policies.boundary !== undefined) return 'yes' // POL-034
    return yesIf(!isExempt(statement.NotPrincipal, caller))
  }
  return yesIf(namingsOf(statement.Principal, caller).length > 0)
}

/** POL-035: the account, then the role, then the principal itself must each be listed. */
function isExempt(element: PrincipalElement, caller: Caller): boolean {
  const namings = namingsOf(element, caller)
  if (namings.includes('everyone')) return true
  if (!namings.includes('itself')) return false
  if (['service', 'provider', 'root'].includes(caller.kind)) return true
  if (caller.kind === 'session' && !namings.includes('role')) return false
  return namings.includes('account')
}

function namingsOf(element: PrincipalElement | undefined, caller: Caller): Naming[] {
  if (element === undefined) return []
  if (typeof element === 'string') return element === '*' ? ['everyone'] : []
  return Object.entries(element).flatMap(([type, names]) =>
    list(names).flatMap((name): Naming[] => {
      if (type === 'AWS') return awsNaming(name, caller)
      if (type === 'Service') return caller.kind === 'service' && caller.name === name ? ['itself'] : [] // POL-032
      if (type === 'Federated') return caller.kind === 'provider' && caller.name === name ? ['itself'] : [] // POL-066
      return []
    }),
  )
}

function awsNaming(name: string, caller: Caller): Naming[] {
  if (name === '*') return ['everyone'] // POL-028
  if (caller.account === undefined) return []
  const account = `arn:${caller.partition}:iam::${caller.account}:root`
  if (name === caller.account || name === account) {
    return caller.kind === 'root' ? ['itself', 'account'] : ['account'] // POL-026
  }
  if (caller.kind === 'role') return name === caller.name ? ['role'] : []
  if (name === caller.name) return ['itself'] // POL-029: never a part of a name
  if (caller.kind === 'session' && name.startsWith(`arn:${caller.partition}:iam::${caller.account}:role/`)) {
    return roleName(name) === roleName(caller.name) ? ['role'] : []
  }
  return []
}

// ---------------------------------------------------------------------------------------- the condition

type Test = (context: string, policy: string, world: World, variables: boolean) => Answer

/** Every operator that says yes to a match; the negated ones are their mirror images. */
const tests: Readonly<Record<string, Test>> = {
  StringEquals: (context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, false) : literal(policy)
    return yesIf(pieces !== undefined && pieces.join('') === context)
  },
  StringEqualsIgnoreCase: (context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, false) : literal(policy)
    return yesIf(pieces !== undefined && pieces.join('').toLowerCase() === context.toLowerCase())
  },
  StringLike: (context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, true) : pattern(policy)
    return yesIf(pieces !== undefined && glob(pieces, context))
  },
  NumericEquals: numeric((context, policy) => context === policy),
  NumericLessThan: numeric((context, policy) => context < policy),
  NumericLessThanEquals: numeric((context, policy) => context <= policy),
  NumericGreaterThan: numeric((context, policy) => context > policy),
  NumericGreaterThanEquals: numeric((context, policy) => context >= policy),
  DateEquals: dated((context, policy) => context === policy),
  DateLessThan: dated((context, policy) => context < policy),
  DateLessThanEquals: dated((context, policy) => context <= policy),
  DateGreaterThan: dated((context, policy) => context > policy),
  DateGreaterThanEquals: dated((context, policy) => context >= policy),
  Bool: (context, policy, world, variables) => {
    const pieces = variables ? expand(policy, world, false) : literal(policy)
    if (pieces === undefined) return 'no'
    const wanted = pieces.join('').toLowerCase()
    const got = context.toLowerCase()
    if (!isBool(wanted) || !isBool(got)) return 'unknown'
    return yesIf(wanted === got)
  },
  BinaryEquals: (context, policy) =>
    isBase64(context) && isBase64(policy) ? yesIf(atob(context) === atob(policy)) : 'unknown',
  IpAddress: (context, policy) => {
    const address = readAddress(context)
    const [base, length] = policy.split('/')
    const network = readAddress(base ?? '')
    if (address === undefined || network === undefined) return 'unknown'
    const bits = length === undefined ? network.length : Number(length)
    if (!/^\d{1,3}$/.test(length ?? '0') || bits > network.length) return 'unknown'
    return yesIf(address.length === network.length && address.slice(0, bits) === network.slice(0, bits))
  },
  ArnEquals: likeArn,
  ArnLike: likeArn,
}

const mirrors: Readonly<Record<string, string>> = {
  StringNotEquals: 'StringEquals',
  StringNotEqualsIgnoreCase: 'StringEqualsIgnoreCase',
  StringNotLike: 'StringLike',
  NumericNotEquals: 'NumericEquals',
  DateNotEquals: 'DateEquals',
  NotIpAddress: 'IpAddress',
  ArnNotEquals: 'ArnEquals',
  ArnNotLike: 'ArnLike',
}

function holds(
  written: string,
  key: string,
  values: readonly Scalar[],
  world: World,
  variables: boolean,
): Answer {
  const policy = values.map(String)
  const context = contextOf(world, key)
  if (written === 'Null') {
    const absent = String(context === undefined)
    return or(policy.map((each) => (isBool(each) ? yesIf(each === absent) : 'unknown'))) // POL-092
  }

  let operator = written
  let set: 'ForAllValues' | 'ForAnyValue' | undefined
  if (operator.startsWith('ForAllValues:')) set = 'ForAllValues'
  if (operator.startsWith('ForAnyValue:')) set = 'ForAnyValue'
  if (set !== undefined) operator = operator.slice(set.length + 1)
  const ifExists = operator.endsWith('IfExists')
  if (ifExists) operator = operator.slice(0, -'IfExists'.length)
  const negated = mirrors[operator] !== undefined
  const test = tests[mirrors[operator] ?? operator]
  if (test === undefined) return 'unknown'

  if (context === undefined) {
    if (ifExists) return 'yes' // POL-092, POL-094
    if (set === 'ForAllValues') return 'yes' // POL-093
    if (set === 'ForAnyValue') return 'no'
    return yesIf(negated) // POL-092
  }
  const judge = (value: string): Answer => {
    const matched = or(policy.map((each) => test(value, each, world, variables)))
    return negated ? not(matched) : matched // POL-091: negated values work as NOR
  }
  if (set === 'ForAllValues') return and(context.map(judge))
  if (set === 'ForAnyValue') return or(context.map(judge))
  // Several values without a set operator: AWS asks for one and does not say what happens without.
  return context.length === 1 ? judge(context[0] ?? '') : 'unknown'
}

/** The values of a context key; undefined when it is missing or has none. */
function contextOf(world: World, key: string): readonly string[] | undefined {
  const values = list(rawContext(world, key) ?? [])
  return values.length === 0 ? undefined : values
}

/** POL-098: the names of keys ignore case. What the case does not give may follow from its principal. */
function rawContext(world: World, key: string): OneOrMany<string> | undefined {
  const given = Object.entries(world.request.context ?? {})
  const following = Object.entries(principalKeys(readCaller(world.request.principal)))
  return [...given, ...following].find(([name]) => name.toLowerCase() === key.toLowerCase())?.[1]
}

/** POL-101, POL-103, POL-104 */
function principalKeys(caller: Caller): Record<string, string> {
  if (caller.kind === 'service' || caller.kind === 'provider') return {}
  const types = {
    user: 'User',
    role: 'AssumedRole',
    session: 'AssumedRole',
    federated: 'FederatedUser',
    root: 'Account',
  }
  if (caller.kind === 'anonymous') return { 'aws:PrincipalType': 'Anonymous' }
  const role = `arn:${caller.partition}:iam::${caller.account}:role/${roleName(caller.name)}`
  return {
    'aws:PrincipalArn': caller.kind === 'session' ? role : caller.name,
    'aws:PrincipalAccount': caller.account ?? '',
    'aws:PrincipalType': types[caller.kind],
    ...(caller.kind === 'user' ? { 'aws:username': caller.name.split('/').at(-1) ?? '' } : {}),
  }
}

function numeric(compare: (context: number, policy: number) => boolean): Test {
  const form = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/ // POL-133
  const read = (text: string): number | undefined => (form.test(text) ? Number(text) : undefined)
  return (context, policy) => {
    const [left, right] = [read(context), read(policy)]
    return left === undefined || right === undefined ? 'unknown' : yesIf(compare(left, right))
  }
}

function dated(compare: (context: number, policy: number) => boolean): Test {
  return (context, policy) => {
    const [left, right] = [readDate(context), readDate(policy)]
    return left === undefined || right === undefined ? 'unknown' : yesIf(compare(left, right))
  }
}

/** Epoch seconds, or one of the W3C forms of ISO 8601. POL-097, POL-133 */
function readDate(text: string): number | undefined {
  if (/^\d+$/.test(text) && text.length !== 4) return Number(text) * 1000
  const form = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/
  const zoned = /T[^Z+-]*$/.test(text) ? `${text}Z` : text
  const time = form.test(text) ? Date.parse(zoned) : Number.NaN
  return Number.isNaN(time) ? undefined : time
}

/** An address as the text of its bits. */
function readAddress(text: string): string | undefined {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(text)) {
    const bytes = text.split('.').map(Number)
    return bytes.some((each) => each > 255)
      ? undefined
      : bytes.map((each) => each.toString(2).padStart(8, '0')).join('')
  }
  // An IPv4 address at the end of an IPv6 one is its last two groups.
  const dotted = /^([0-9a-fA-F:]*:)(\d{1,3}(?:\.\d{1,3}){3})$/.exec(text)
  if (dotted !== null) {
    const bits = readAddress(dotted[2] ?? '')
    if (bits === undefined) return undefined
    const hex = (from: number): string => Number.parseInt(bits.slice(from, from + 16), 2).toString(16)
    return readAddress(`${dotted[1]}${hex(0)}:${hex(16)}`)
  }
  if (!/^[0-9a-fA-F:]+$/.test(text) || !text.includes(':')) return undefined
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined
  const groups = [...head, ...Array(missing).fill('0'), ...tail]
  if (groups.some((each) => !/^[0-9a-fA-F]{1,4}$/.test(each))) return undefined
  return groups.map((each) => Number.parseInt(each, 16).toString(2).padStart(16, '0')).join('')
}

/** POL-096: each of the six parts on its own. */
function likeArn(context: string, policy: string, world: World, variables: boolean): Answer {
  const got = context.startsWith('arn:') ? arnParts(context) : undefined
  if (got === undefined) return 'unknown'
  const pieces = variables ? expand(policy, world, true) : pattern(policy)
  if (pieces === undefined) return 'no'
  const wanted = splitPieces(pieces)
  if (wanted === undefined) return 'unknown'
  return yesIf(wanted.every((part, index) => glob(part, got[index] ?? '')))
}

function splitPieces(pieces: readonly Piece[]): Piece[][] | undefined {
  const parts: Piece[][] = [[]]
  for (const piece of pieces) {
    if (piece === ':' && parts.length < 6) parts.push([])
    else parts[parts.length - 1]?.push(piece)
  }
  return parts.length === 6 ? parts : undefined
}

function isBool(text: string): boolean {
  return text === 'true' || text === 'false'
}

function isBase64(text: string): boolean {
  return /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
}

// ---------------------------------------------------------------------------------- patterns and variables

const star = Symbol('*')
const any = Symbol('?')
/** One character as itself, or a wildcard. */
type Piece = string | typeof star | typeof any

function glob(pieces: readonly Piece[], text: string): boolean {
  const [first, ...rest] = pieces
  if (first === undefined) return text === ''
  if (first === star) return glob(rest, text) || (text !== '' && glob(pieces, text.slice(1)))
  return text !== '' && (first === any || first === text[0]) && glob(rest, text.slice(1))
}

function pattern(text: string): Piece[] {
  return [...text].map((each) => (each === '*' ? star : each === '?' ? any : each))
}

function literal(text: string): Piece[] {
  return [...text]
}

/** Replaces `${…}`; undefined when one of them has no value. POL-088, POL-089, POL-090 */
function expand(text: string, world: World, wildcards: boolean): Piece[] | undefined {
  const read = wildcards ? pattern : literal
  const pieces: Piece[] = []
  let rest = text
  for (;;) {
    const found = /\$\{([^}]*)\}/.exec(rest)
    if (found === null) return [...pieces, ...read(rest)]
    pieces.push(...read(rest.slice(0, found.index)))
    rest = rest.slice(found.index + found[0].length)
    const value = variable(found[1] ?? '', world)
    if (value === undefined) return undefined
    pieces.push(...literal(value))
  }
}

function variable(name: string, world: World): string | undefined {
  if (['*', '?', '$'].includes(name)) return name
  const [, key = '', , fallback] = /^([^,]*)(, *'([^']*)')?$/.exec(name) ?? []
  const value = rawContext(world, key.trim())
  return typeof value === 'string' ? value : fallback // POL-090: only keys of a single value
}

// ------------------------------------------------------------------------------------------ three answers

function yesIf(condition: boolean): Answer {
  return condition ? 'yes' : 'no'
}

function not(answer: Answer): Answer {
  return answer === 'yes' ? 'no' : answer === 'no' ? 'yes' : 'unknown'
}

function and(answers: readonly Answer[]): Answer {
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes'
}

function or(answers: readonly Answer[]): Answer {
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no'
}

function list<T>(value: OneOrMany<T>): readonly T[] {
  // Array.isArray does not narrow a readonly array out of a union, hence the two casts.
  return Array.isArray(value) ? (value as readonly T[]) : [value as T]
}
