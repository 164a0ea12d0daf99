import type { AccessRequest } from '../../authorization/index.ts'
import { type ArnOwner, iamArn, principalIn } from '../../base/index.ts'
import type { AccountImage, IdentityImage, Image } from '../../intake/index.ts'
import { callsBetween, creationOrder, type MirrorCall, type Thing } from '../../mirror/index.ts'

/** An operation of IAM that CloudFormation carries out for a stack. */
export interface Step {
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  /** The requests that it needs. */
  readonly requests: readonly AccessRequest[]
  /** Whom it is about: `role worker`. */
  readonly thing: string
  /** It creates the resource. */
  readonly creates: boolean
  /** It is made only if the resource exists, and belongs to the stack. */
  readonly ifExisted: boolean
}

/** The operations, in order, from the resources of one template to those of another. */
export function stepsBetween(
  have: Image | undefined,
  want: Image | undefined,
  owner: ArnOwner,
): readonly Step[] {
  const before = thingsOf(have, owner)
  const after = thingsOf(want, owner)
  const made = creationOrder.flatMap((kind) =>
    [...after].flatMap(([key, thing]) => (thing.kind === kind ? stepsOf(before.get(key), thing, owner) : [])),
  )
  const removed = creationOrder
    .toReversed()
    .flatMap((kind) =>
      [...before].flatMap(([key, thing]) =>
        thing.kind === kind && !after.has(key) ? stepsOf(thing, undefined, owner) : [],
      ),
    )
  return [...made, ...removed]
}

function stepsOf(have: Thing | undefined, want: Thing | undefined, owner: ArnOwner): readonly Step[] {
  const thing = want ?? have
  if (thing === undefined) return []
  return callsBetween(have, want, owner).map((call) => ({
    operation: call.action,
    input: inputOf(call),
    requests: requestsOf(call, thing, owner),
    thing: `${thing.kind} ${thing.name}`,
    creates: call.action.startsWith('Create') && call.ifExisted !== true,
    ifExisted: call.ifExisted === true,
  }))
}

/** One account's content in an image, by kind and name. */
function thingsOf(image: Image | undefined, { id }: ArnOwner): ReadonlyMap<string, Thing> {
  const account = image?.accounts.find((each) => each.account === id)
  const things = account === undefined ? [] : allIn(account)
  return new Map(things.map((thing) => [`${thing.kind} ${thing.name.toLowerCase()}`, thing]))
}

function allIn(account: AccountImage): readonly Thing[] {
  const common = ({ name, path = '/' }: { readonly name: string; readonly path?: string }) => ({ name, path })
  const identityFields = (identity: IdentityImage) => ({
    ...common(identity),
    inline: Object.fromEntries((identity.inline ?? []).map(({ name, document }) => [name, document])),
    attached: identity.attached ?? [],
  })
  return [
    ...account.policies.map((policy): Thing => {
      const document = policy.versions?.[0]?.document ?? ''
      return {
        kind: 'policy',
        ...common(policy),
        description: policy.description,
        document,
        tags: policy.tags ?? [],
      }
    }),
    ...account.groups.map((group): Thing => ({ kind: 'group', ...identityFields(group) })),
    ...account.roles.flatMap((role): readonly Thing[] => {
      const { trust, maxSessionSeconds = 3_600, tags = [], path = '/' } = role
      if (trust === undefined) return []
      const description = role.description ?? undefined
      const linkedService = /^\/aws-service-role\/([^/]+)\/$/.exec(path)?.[1]
      const boundary = role.boundaryArn ?? undefined
      return [
        {
          kind: 'role',
          ...identityFields(role),
          trust,
          maxSessionSeconds,
          tags,
          description,
          boundary,
          linkedService,
        },
      ]
    }),
    ...account.users.map((user): Thing => {
      const { groups = [], tags = [] } = user
      return { kind: 'user', ...identityFields(user), groups, tags, boundary: user.boundaryArn ?? undefined }
    }),
    ...account.instanceProfiles.map(
      (profile): Thing => ({ kind: 'profile', ...common(profile), role: profile.role ?? undefined }),
    ),
    ...account.oidcProviders.map(
      ({ url, clientIds = [], thumbprints = [] }): Thing => ({
        kind: 'oidc',
        name: url,
        clientIds,
        thumbprints,
      }),
    ),
    ...account.samlProviders.flatMap(({ name, metadata }): readonly Thing[] =>
      metadata === undefined ? [] : [{ kind: 'saml', name, metadata }],
    ),
  ]
}

const numbers: ReadonlySet<string> = new Set(['MaxSessionDuration'])
const booleans: ReadonlySet<string> = new Set(['SetAsDefault'])

/** The fields of a call as the input of an operation. */
function inputOf({ fields }: MirrorCall): Readonly<Record<string, unknown>> {
  const input: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(fields)) {
    const [list, index, part] = /^(\w+)\.member\.(\d+)(?:\.(\w+))?$/.exec(name)?.slice(1) ?? []
    if (list === undefined) {
      input[name] = numbers.has(name) ? Number(value) : booleans.has(name) ? value === 'true' : value
      continue
    }
    input[list] ??= []
    const items = input[list] as unknown[] // the line before made it
    const at = Number(index) - 1
    if (part === undefined) items[at] = value
    else items[at] = { ...Object(items[at]), [part]: value }
  }
  return input
}

/** The permissions of an operation: the one on the entity that the input names comes first. */
function requestsOf(call: MirrorCall, thing: Thing, owner: ArnOwner): readonly AccessRequest[] {
  const { action, fields } = call
  const resource = resourceOf(call, thing, owner)
  const context: Record<string, string | readonly string[]> = {}
  const boundary = fields.PermissionsBoundary ?? ('boundary' in thing ? thing.boundary : undefined)
  if (boundary !== undefined) context['iam:PermissionsBoundary'] = boundary
  if (fields.PolicyArn !== undefined && /^(?:At|De)tach/.test(action))
    context['iam:PolicyARN'] = fields.PolicyArn
  if (action === 'CreateServiceLinkedRole') context['iam:AWSServiceName'] = fields.AWSServiceName ?? ''
  addTags(context, fields)
  const asked = { action: `iam:${action}`, resource, context }
  // what is created with tags is tagged as well (behaviour GRD-264)
  if (context['aws:TagKeys'] !== undefined && action.startsWith('Create'))
    return [asked, { ...asked, action: `iam:Tag${action.slice('Create'.length)}` }]
  if (action !== 'AddRoleToInstanceProfile') return [asked]
  const role = iamArn(owner, 'role', '/', fields.RoleName ?? '')
  const passed = { 'iam:PassedToService': principalIn(owner.partition, 'ec2.amazonaws.com') }
  return [asked, { action: 'iam:PassRole', resource: role, context: passed }]
}

function addTags(context: Record<string, string | readonly string[]>, fields: MirrorCall['fields']): void {
  const keys: string[] = []
  for (const [name, key] of Object.entries(fields)) {
    const tag = /^(Tags\.member\.\d+\.)Key$/.exec(name)?.[1]
    if (tag === undefined) continue
    keys.push(key)
    context[`aws:RequestTag/${key}`] = fields[`${tag}Value`] ?? ''
  }
  if (keys.length > 0) context['aws:TagKeys'] = keys
}

function resourceOf({ action, fields }: MirrorCall, thing: Thing, owner: ArnOwner): string {
  const path = 'path' in thing ? thing.path : '/'
  const group = fields.GroupName
  if (/UserToGroup|UserFromGroup/.test(action) && group !== undefined)
    return iamArn(owner, 'group', '/', group)
  switch (thing.kind) {
    case 'profile':
      return iamArn(owner, 'instance-profile', path, thing.name)
    case 'oidc':
    case 'saml':
      return iamArn(owner, `${thing.kind}-provider`, '/', thing.name)
    default:
      return iamArn(owner, thing.kind, path, thing.name)
  }
}
