import type { AccessRequest, Call } from '../../authorization/index.ts'
import { type ArnOwner, type Fault, fault, iamArn, lastPiece } from '../../base/index.ts'
import type { AccountImage } from '../../intake/index.ts'
import { type Given, nameOf, type ResolvedResource } from '../../sources/index.ts'
import { type Form, listIn } from './form.ts'
import type { StackPlace } from './place.ts'
import { keyOf } from './resource-key.ts'
import { isNamed, type StackTemplate, UnreadableTemplate } from './template.ts'

/** The name in the ARN of a stack, or the name itself. */
export function stackNameIn(text: string): string {
  return /^arn:[^:]*:cloudformation:[^:]*:[^:]*:stack\/([^/]+)\//.exec(text)?.[1] ?? text
}

/**
 * The stack of a call as the call names it.
 * @throws Fault if it is an ARN of another account, region or partition, or none of a stack
 */
export function referenceIn(form: Form, call: Call): string {
  const given = form.get('StackName') ?? ''
  if (/^[A-Za-z][\w-]*$/.test(given)) return given
  const { partition, region, account } = placeOf(call)
  const own = `arn:${partition}:cloudformation:${region}:${account}:stack/`
  if (given.startsWith(own) && /^[A-Za-z][\w-]*\/[\w-]+$/.test(given.slice(own.length))) return given
  throw fault('ValidationError', `${given.slice(0, 200)} is not the name or ARN of a stack here.`, 400)
}

/** The name in the ARN of a change set, or the name itself. */
export function changeSetName(text: string): string {
  return /^arn:[^:]*:cloudformation:[^:]*:[^:]*:changeSet\/([^/]+)\//.exec(text)?.[1] ?? text
}

export function placeOf({ account, region }: Call): StackPlace {
  return { account: account.id, region, partition: account.partition }
}

/** Parameters with the previous values if a call requests them. */
export function filled(
  given: ReadonlyMap<string, string | undefined>,
  previous: ReadonlyMap<string, Given> = new Map(),
): ReadonlyMap<string, Given> {
  return new Map(
    [...given].flatMap(([name, value]): readonly [string, Given][] => {
      const known = value ?? previous.get(name)
      return known === undefined ? [] : [[name, known]]
    }),
  )
}

/** Types for which a stack must be acknowledged. Source: CloudFormation API Reference, CreateStack, Capabilities. */
const acknowledged =
  /^AWS::IAM::(?:AccessKey|Group|GroupPolicy|InstanceProfile|ManagedPolicy|Policy|Role|RolePolicy|User|UserPolicy|UserToGroupAddition)$/

/**
 * The refusal of a call that does not acknowledge the template's capabilities (behaviour GRD-125). @param direct
 * whether the template is deployed at once, and not proposed as a change set
 */
export function missingCapability(
  template: StackTemplate | undefined,
  form: Form,
  direct: boolean,
): Fault | undefined {
  if (template === undefined) return undefined
  const given = new Set(listIn(form, 'Capabilities'))
  const iam = template.resources.filter(({ type }) => acknowledged.test(type))
  const needed: string[] = []
  if (iam.some(isNamed)) {
    if (!given.has('CAPABILITY_NAMED_IAM')) needed.push('CAPABILITY_NAMED_IAM')
  } else if (iam.length > 0 && !given.has('CAPABILITY_IAM') && !given.has('CAPABILITY_NAMED_IAM'))
    needed.push('CAPABILITY_IAM')
  if (direct && template.transforms && !given.has('CAPABILITY_AUTO_EXPAND'))
    needed.push('CAPABILITY_AUTO_EXPAND')
  return needed.length === 0
    ? undefined
    : fault('InsufficientCapabilitiesException', `Requires capabilities : [${needed.join(', ')}]`, 400)
}

/**
 * Returns the caller's note about things that Omen has not made of a stack that the upstream has; undefined if there
 * are none.
 */
export function missedText(
  stack: string,
  missed: readonly { readonly what: string; readonly because: string }[],
): string | undefined {
  if (missed.length === 0) return undefined
  const all = missed.slice(0, 5).map(({ what, because }) => `${what} (${because})`)
  const more = missed.length > 5 ? `, and ${missed.length - 5} more` : ''
  return `The upstream has the stack ${stack} as it was called for, but Omen has not made all of it: ${all.join(', ')}${more}. omen doctor lists it.`
}

/** @throws UnreadableTemplate if an identity of the template is unknown before it is created */
export function checkTaken(template: StackTemplate | undefined): void {
  for (const { kind, name, reason } of template?.image.notTaken ?? [])
    if (kind.startsWith('AWS::IAM::') && !keptElsewhere.test(kind))
      throw new UnreadableTemplate(`${kind} ${name} cannot be known: ${reason}`)
}

/** Types of IAM that make no identity. */
const keptElsewhere = /^AWS::IAM::(?:ServerCertificate|VirtualMFADevice)$/

/** A template without the resources that are retained when the stack is deleted. */
export function withoutRetained(template: StackTemplate, retained: ReadonlySet<string>): StackTemplate {
  const stays = ({ deletionPolicy, logicalId }: ResolvedResource) =>
    deletionPolicy.startsWith('Retain') || retained.has(logicalId)
  const names = new Set(
    template.resources.filter(stays).map(({ type, name }) => `${type} ${name.value.toLowerCase()}`),
  )
  if (names.size === 0) return template
  const leaves = (type: string) => (each: { readonly name: string }) =>
    !names.has(`AWS::IAM::${type} ${each.name.toLowerCase()}`)
  const accounts = template.image.accounts.map(
    (account): AccountImage => ({
      ...account,
      roles: account.roles.filter(leaves('Role')),
      users: account.users.filter(leaves('User')),
      groups: account.groups.filter(leaves('Group')),
      policies: account.policies.filter(leaves('ManagedPolicy')),
      instanceProfiles: account.instanceProfiles.filter(leaves('InstanceProfile')),
    }),
  )
  const resources = template.resources.filter((each) => !stays(each))
  return { ...template, resources, image: { ...template.image, accounts } }
}

/**
 * The questions about a template, with a pattern for each resource that CloudFormation names: its random end is another one
 * at the next call, and a refusal that named it would be followed by another refusal (behaviour GRD-404).
 */
export function withNamePatterns(
  requests: readonly AccessRequest[],
  template: StackTemplate | undefined,
): readonly AccessRequest[] {
  const names = new Map(
    (template?.resources ?? []).flatMap(({ type, name, properties }): readonly [string, string][] => {
      const made = /^(.+-)[A-Za-z0-9]{12}$/.exec(name.value)
      return made === null || nameOf(type, properties) !== undefined ? [] : [[name.value, `${made[1]}*`]]
    }),
  )
  return requests.map((request) => {
    const { resource } = request
    const name = lastPiece(resource)
    const pattern = names.get(name)
    if (pattern === undefined) return request
    const resourcePattern = `${request.resource.slice(0, -name.length)}${pattern}`
    return { ...request, resourcePattern, resourceInSentence: resourcePattern }
  })
}

/** Resources that come and go between two templates of a stack; one that is replaced does both. */
export function comingAndGoing(
  have: StackTemplate | undefined,
  want: StackTemplate | undefined,
  replaced: ReadonlySet<string>,
) {
  const keysOf = (template: StackTemplate | undefined) =>
    new Set(template?.resources.map(keyOf).filter((key) => !replaced.has(key)))
  const [before, after] = [keysOf(have), keysOf(want)]
  return {
    created: (want?.resources ?? []).filter((each) => !before.has(keyOf(each))),
    deleted: (have?.resources ?? []).filter((each) => !after.has(keyOf(each))),
  }
}

/**
 * The permissions for access keys, passwords and other credentials of a template: they exist only in the upstream.
 */
export function credentialRequests(
  want: StackTemplate | undefined,
  have: StackTemplate | undefined,
  owner: ArnOwner,
): readonly AccessRequest[] {
  const account = want?.image.accounts.find((each) => each.account === owner.id)
  const before = new Set(have?.image.accounts.flatMap(({ accessKeys }) => accessKeys.map(({ user }) => user)))
  const user = (name: string) => iamArn(owner, 'user', '/', name)
  const keys = (account?.accessKeys ?? []).flatMap(({ user: name }) =>
    name === null || before.has(name) ? [] : [{ action: 'iam:CreateAccessKey', resource: user(name) }],
  )
  const passwords = (account?.loginProfiles ?? []).map(({ user: name }) => ({
    action: 'iam:CreateLoginProfile',
    resource: user(name),
  }))
  const others = (want?.resources ?? []).flatMap(({ type }) => {
    const action = keptElsewhere.exec(type)
    return action === null ? [] : [{ action: otherActions[type] ?? 'iam:*', resource: '*' }]
  })
  return [...keys, ...passwords, ...others]
}

const otherActions: Readonly<Record<string, string | undefined>> = {
  'AWS::IAM::ServerCertificate': 'iam:UploadServerCertificate',
  'AWS::IAM::VirtualMFADevice': 'iam:CreateVirtualMFADevice',
}
