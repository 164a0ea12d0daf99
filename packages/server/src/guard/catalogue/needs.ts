import type { AccessRequest, ContextKeys } from '../../authorization/index.ts'
import { accountInArn, parseArn, principalIn } from '../../base/index.ts'
import { rolesInDefinition } from './api-definition.ts'
import type { IdentifiedCall } from './call.ts'
import { keysFrom, kmsKeys, type OwnTagKeys, tagKeys } from './conditions.ts'
import { dynamoKeys } from './dynamodb.ts'
import { hereToo } from './here-too.ts'
import { type Input, partsAt, placeText, textsAt, textsWithin, Unreadable } from './input.ts'
import { rolesInConstraint } from './launch-constraint.ts'
import { checkLogQuery } from './log-query.ts'
import { onlyOnce } from './only-once.ts'
import { ownKeys } from './own-keys.ts'
import type { Exactness, LookUp, PackedKey, PackedNeed, PackedPass, PackedTemplate } from './packed.ts'
import { readInput } from './parameters.ts'
import type { Path } from './path.ts'
import type { NeedsPlace, Place } from './place.ts'
import { headersWith } from './query.ts'
import { isOfAction } from './readings.ts'
import { signatureKeys } from './s3.ts'
import { fillTemplate } from './template.ts'
import { holds } from './when.ts'

/** A question that a call raises, and how certain it is that AWS would ask it. */
export interface GuardRequest extends AccessRequest {
  readonly exactness: Exactness
  /**
   * The fact that only the upstream knows: the key of an alias, the complete ARN of a secret, the role in an instance profile
   * or launch template, the resource of a query, a mount target or a sender's address. `name` is what to look up; if
   * it cannot be found, the request stays as it is.
   */
  readonly lookUp?: { readonly kind: LookUp; readonly name: string }
  /** A service that may do it instead of the caller, by the resource's own policy. */
  readonly via?: string
  /** It is about the key of a thing, which only the upstream knows; `named` is the key in the call. */
  readonly key?: PackedKey & { readonly named?: string }
}

/** The call's permissions are unknown: it must not be allowed. */
export interface UnknownNeeds {
  readonly unknown: string
}

/**
 * The permissions of a call: every action with its resource and condition keys, and iam:PassRole for each role that it
 * passes (behaviours GRD-10 to GRD-13). The caller of this function adds resource policies.
 * @param given the input as the service completes it; by default as it is written
 */
export function needsOf(
  call: IdentifiedCall,
  where: NeedsPlace,
  given?: Input,
): readonly GuardRequest[] | UnknownNeeds {
  const { asks, exactness = 'unknown' } = call.packed
  if (asks === undefined) {
    // Public operations, which policies do not govern: they carry a proof of their own, or none.
    if (call.open)
      return [
        {
          action: `${call.service.signs}:${call.operation}`,
          resource: '*',
          exempt: true,
          exactness: 'exact',
        },
      ]
    return { unknown: `It is not known which action ${call.service.title} asks for ${call.operation}` }
  }
  try {
    const input = given ?? readInput(call)
    checkElements(asks, input)
    checkAccount(call, where)
    checkLogQuery(call, input)
    const common = commonKeys(call, input, where)
    const requests = onlyOnce(asks, (need) => requestsOf(need, call, input, common, where, exactness))
    // Every condition of every need failed: the call's effect is unknown.
    if (requests.length === 0) return { unknown: `It is not known what ${call.operation} is about` }
    const own = call.open ? requests.map((request) => ({ ...request, exempt: true })) : requests
    return [...own, ...passedRoles(call, input, where)]
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { unknown: thrown.message }
    throw thrown
  }
}

/**
 * Every element of a list must be covered: an element without a need, such as a statement with an unknown verb, is
 * not.
 */
function checkElements(asks: readonly PackedNeed[], input: Input): void {
  for (const [each, needs] of Map.groupBy(asks.filter(asksForEach), ({ each }) => placeText(each))) {
    for (const element of partsAt(input, needs[0]!.each)) {
      if (!needs.some(({ when }) => holds(when, input, element))) {
        throw new Unreadable(`It is not known what one of ${each} is about`)
      }
    }
  }
}

/**
 * Some services take the account of a resource from a header or the path. It must be the caller's account, on which
 * ARNs and policies are based (behaviour GRD-50). Amazon Glacier reads `-` as that account.
 */
function checkAccount({ service, request, labels }: IdentifiedCall, { account }: Place): void {
  const named = accountNamed[service.id]?.(labels, request)
  if (named !== undefined && named !== account && named !== '-')
    throw new Unreadable('The call names another account')
}

const accountNamed: Readonly<
  Record<string, (labels: IdentifiedCall['labels'], request: IdentifiedCall['request']) => string | undefined>
> = {
  glacier: ({ accountId }) => accountId,
  quicksight: ({ AwsAccountId }) => AwsAccountId,
  s3control: (_, request) => headersWith(request)['x-amz-account-id'],
}

function asksForEach(need: PackedNeed): need is PackedNeed & { readonly each: Path } {
  return need.each !== undefined && need.beside !== true
}

function requestsOf(
  need: PackedNeed,
  call: IdentifiedCall,
  input: Input,
  common: ContextKeys,
  where: NeedsPlace,
  exactness: Exactness,
): readonly GuardRequest[] {
  const inParts = batches.has(`${call.service.id}:${call.operation}`)
  return elementsOf(need, input).flatMap((element) => {
    const part = inParts && need.each !== undefined ? partsAt(input, need.each).indexOf(element) : undefined
    const own = keysFrom(need.keys, input, element, call.request, where)
    return resourcesOf(need, call.service.templates, input, element, where).map(
      ({ arn, open }): GuardRequest => {
        const more =
          call.service.id === 'dynamodb' ? dynamoKeys(call.operation, input, element, arn, where) : {}
        const context = { ...ownKeys(common, need.action, arn), ...own, ...more }
        const lookUp = lookUpOf(need.lookUp ?? lookUpByForm(arn), arn, where)
        return {
          action: need.action,
          resource: arn,
          ...(Object.keys(context).length > 0 && { context }),
          exactness: open && exactness !== 'unknown' ? 'wildcard' : exactness,
          ...(lookUp !== undefined && { lookUp }),
          ...(need.via !== undefined && { via: need.via }),
          ...(part !== undefined && { part }),
          ...(need.key !== undefined && { key: keyOf(need.key, input) }),
          ...(need.refused !== undefined && { refusedAs: need.refused }),
          ...(need.deniesOnly === true && accountInArn(arn) === where.account && { deniesOnly: true }),
          ...(isForwarded(need, call) && { forwardedBy: serviceOf(call, where) }),
        }
      },
    )
  })
}

/** Batches whose members are decided on separately (behaviour GRD-226). */
const batches: ReadonlySet<string> = new Set([
  'dynamodb:BatchExecuteStatement',
  'dynamodb:ExecuteTransaction',
])

/** A key with the name that the call gives it. */
function keyOf(key: PackedKey, input: Input): NonNullable<GuardRequest['key']> {
  const [named] = key.at === undefined ? [] : textsAt(input, key.at)
  return { ...key, ...(named !== undefined && { named }) }
}

/** A service asks another one with the caller's credentials, unless its own principal may have the permission. */
function isForwarded({ action, beside, via }: PackedNeed, { packed, service }: IdentifiedCall): boolean {
  if (beside !== true || via !== undefined) return false
  const own = packed.asks?.find((need) => need.beside !== true)?.action ?? `${service.signs}:`
  return action.split(':', 1)[0] !== own.split(':', 1)[0]
}

function serviceOf({ service }: IdentifiedCall, { partition }: Place): string {
  return principalIn(partition, `${service.signs}.amazonaws.com`)
}

/** The subjects of a need: each matching element of its list, or the input if it has no list. */
function elementsOf({ each, when }: Pick<PackedNeed, 'each' | 'when'>, input: Input): readonly unknown[] {
  const elements = each === undefined ? [undefined] : partsAt(input, each)
  return elements.filter((element) => holds(when, input, element))
}

interface Resource {
  readonly arn: string
  readonly open: boolean
}

function resourcesOf(
  { on, action }: PackedNeed,
  templates: readonly PackedTemplate[],
  input: Input,
  element: unknown,
  where: Place,
): readonly Resource[] {
  if (on === undefined) return [{ arn: '*', open: false }]
  const found = new Map<string, Resource>()
  const whole = new Map<string, readonly string[]>()
  for (const number of on) {
    const template = templates[number]!
    const made = fillTemplate(template, input, element, where)
    for (const one of made?.arns ?? [])
      for (const arn of [one, ...hereToo(one, template, where)])
        found.set(arn, { arn, open: made?.open === true })
    // of several templates an ARN has the form of one
    for (const [arn, { others, formed }] of made?.whole ?? []) {
      const isRight = others.length === 0 || (!formed && isOfAction(arn, action))
      const known = whole.get(arn) ?? others
      whole.set(arn, isRight || known.length === 0 ? [] : [...known, ...others])
    }
  }
  for (const others of whole.values()) for (const arn of others) found.set(arn, { arn, open: false })
  return found.size > 0 ? [...found.values()] : [{ arn: '*', open: true }]
}

/** Services whose keys for the tags of a request have a name of their own beside aws:RequestTag. */
const ownTagKeys: Readonly<Record<string, OwnTagKeys>> = {
  s3: { tag: 's3:RequestObjectTag', names: 's3:RequestObjectTagKeys' },
  rds: { tag: 'rds:req-tag' },
}

function commonKeys(call: IdentifiedCall, input: Input, where: Place): ContextKeys {
  const { keys, tags } = call.packed
  return {
    ...keysFrom(keys, input, undefined, call.request, where),
    ...tagKeys(tags, input, ownTagKeys[call.service.id]),
    ...(call.service.signs === 's3' ? signatureKeys(call.request) : {}),
    ...(call.service.id === 'kms' ? kmsKeys(input, where) : {}),
  }
}

/**
 * The look-up for resources whose ARNs have this form, whatever the operation; a key may belong to another
 * account.
 */
const lookUpForms: readonly (readonly [form: RegExp, kind: LookUp])[] = [
  [/^arn:[^:]*:kms:[^:]*:[^:]*:key\//, 'kmsAlias'],
  [/^arn:[^:]*:rds:[^:]*:[^:]*:db-proxy:(?!\*)/, 'dbProxy'],
  [/^arn:[^:]*:rds:[^:]*:[^:]*:db-proxy-endpoint:(?!\*)/, 'dbProxyEndpoint'],
  [/^arn:[^:]*:elasticbeanstalk:[^:]*:[^:]*:environment\/\*\/(?!\*)/, 'beanstalkEnvironment'],
]

function lookUpByForm(arn: string): LookUp | undefined {
  return lookUpForms.find(([form]) => form.test(arn))?.[1]
}

function lookUpOf(kind: LookUp | undefined, arn: string, where: Place): GuardRequest['lookUp'] {
  if (kind === undefined) return undefined
  const { resource, account, region } = parseArn(arn) ?? {}
  if (resource === undefined) return undefined
  const isHere = account === where.account && region === where.region
  switch (kind) {
    case 'kmsAlias':
      // for a key of another account, the upstream's answer shows which key it uses
      if (resource.startsWith('alias/')) return { kind, name: isHere ? resource : arn }
      return isHere ? undefined : { kind, name: arn }
    case 'secret':
      // an ARN may be given without its end, too
      return { kind, name: resource.endsWith('-??????') ? resource.slice('secret:'.length, -7) : arn }
    case 'sesIdentity':
      return resource.startsWith('identity/') ? { kind, name: resource.slice('identity/'.length) } : undefined
    case 'dbProxy':
    case 'dbProxyEndpoint':
      return { kind, name: resource.slice(resource.indexOf(':') + 1) }
    case 'subscription':
    case 'confirmation':
      return { kind, name: arn }
    case 'codeDeployment':
    case 'pullRequest':
    case 'beanstalkEnvironment':
    case 'launchTemplate': // asked for where roles are handed on, and nowhere else
    case 'instanceProfile':
    case 'athenaQuery':
    case 'athenaNamedQuery':
    case 'mountTarget':
      return { kind, name: resource.slice(resource.lastIndexOf('/') + 1) }
  }
}

/** iam:PassRole for each role that the call passes to a service (behaviour CAT-6). */
function passedRoles(call: IdentifiedCall, input: Input, where: Place): readonly GuardRequest[] {
  const defined = rolesInDefinition(call).filter((role) => !isNoRole(role))
  const named = defined.map((role) => handingOn(role, { at: [], is: 'role', to: gateway }, where, undefined))
  return [...named, ...passesIn(call, input, where)]
}

const gateway = 'apigateway.amazonaws.com'

function passesIn({ packed }: IdentifiedCall, input: Input, where: Place): readonly GuardRequest[] {
  return (packed.passes ?? []).flatMap((pass) =>
    elementsOf(pass, input).flatMap((element) => {
      const associated = pass.associated && fillTemplate(pass.associated, input, element, where)?.arns[0]
      if (pass.is === 'launchTemplate')
        return partsAt(input, pass.at).flatMap((template) => fromTemplate(template, pass, where, associated))
      const texts = textsWithin(input, element, pass.at)
      const named = pass.is === 'launchConstraint' ? texts.flatMap(rolesInConstraint) : texts
      return named.filter((role) => !isNoRole(role)).map((role) => handingOn(role, pass, where, associated))
    }),
  )
}

/** Nothing is passed by an empty text, or by the ARN that means the caller's own credentials (behaviour GRD-204). */
function isNoRole(role: string): boolean {
  return role === '' || /^arn:[\w-]+:iam::\*:user\/\*$/.test(role)
}

/** The role of the instance profile in a launch template; any role if it is unknown (behaviour GRD-46). */
function fromTemplate(
  template: unknown,
  { to }: PackedPass,
  { partition, account }: Place,
  associated: string | undefined,
): readonly GuardRequest[] {
  const given = (member: string) => textsAt(template, [member]).filter((text) => text !== '')
  const [version] = given('Version')
  return ['LaunchTemplateId', 'LaunchTemplateName'].flatMap((member) =>
    given(member).map(
      (name): GuardRequest => ({
        action: 'iam:PassRole',
        resource: `arn:${partition}:iam::${account}:role/*`,
        context: passing(to, partition, associated),
        exactness: 'wildcard',
        lookUp: { kind: 'launchTemplate', name: templateForm(member, name, version) },
      }),
    ),
  )
}

/** The members that name a version of a launch template in a request for it, as a form. */
export function templateForm(member: string, name: string, version = '$Default'): string {
  return new URLSearchParams({ [member]: name, 'LaunchTemplateVersion.1': version }).toString()
}

function handingOn(
  role: string,
  { is, to }: PackedPass,
  { partition, account }: Place,
  associated: string | undefined,
): GuardRequest {
  const kind = is === 'instanceProfile' ? 'instance-profile' : 'role'
  const isArn = parseArn(role) !== undefined
  const owner = accountInArn(role)
  return {
    action: 'iam:PassRole',
    resource: isArn ? role : `arn:${partition}:iam::${account}:${kind}/${role.replace(/^\//, '')}`,
    context: passing(to, partition, associated),
    exactness: 'exact',
    // a role of another account is never passed (behaviour GRD-205)
    ...(owner !== undefined && owner !== account && { refusal: 'Cross-account pass role is not allowed.' }),
    ...(is === 'instanceProfile' && {
      lookUp: { kind: is, name: role.slice(role.lastIndexOf('/') + 1) },
    }),
  }
}

/** The keys of iam:PassRole. */
function passing(
  to: string | undefined,
  partition: Place['partition'],
  associated: string | undefined,
): ContextKeys {
  return {
    'iam:PassedToService': to && principalIn(partition, to),
    ...(associated !== undefined && { 'iam:AssociatedResourceArn': associated }),
  }
}
