import { serviceLinkedRoles } from '../../authorization/catalogue/index.ts'
import { awsPolicyArn } from '../../base/index.ts'
import type { InlinePolicyImage } from '../../image/index.ts'
import { itemsOf, member, type ResolvedResource, rowOf } from '../../sources/index.ts'
import type { IdentityList, ImageBuilder } from './builder.ts'
import { type Fields, NotTakeable } from './fields.ts'

/** Takes one resource into the image. @throws NotTakeable if it cannot be taken */
type Maker = (fields: Fields, builder: ImageBuilder, resource: ResolvedResource) => void

/** How IAM resources become entities of the image, by type. Source: AWS CloudFormation resource reference. */
const makers: Readonly<Record<string, Maker | undefined>> = {
  'AWS::IAM::Role': (fields, builder, resource) => {
    const trust = fields.document(fields.node('AssumeRolePolicyDocument'), 'the trust policy')
    const description = fields.optional('Description')
    const seconds = fields.number('MaxSessionDuration')
    builder.lists(fields.declared.home, fields.at).roles.push({
      ...bearerOf(fields, resource),
      trust,
      ...(description === undefined ? {} : { description }),
      ...(seconds === undefined ? {} : { maxSessionSeconds: seconds }),
    })
  },
  'AWS::IAM::User': (fields, builder, resource) => {
    const { home } = fields.declared
    const user = bearerOf(fields, resource)
    const lists = builder.lists(home, fields.at)
    lists.users.push({ ...user, groups: fields.texts('Groups') ?? [] })
    const login = fields.node('LoginProfile')
    if (login !== undefined) lists.loginProfiles.push({ at: fields.at, user: user.name })
  },
  'AWS::IAM::Group': (fields, builder, resource) => {
    const { boundaryArn: _, tags: __, ...group } = bearerOf(fields, resource)
    builder.lists(fields.declared.home, fields.at).groups.push(group)
  },
  'AWS::IAM::ManagedPolicy': (fields, builder, resource) => {
    const { home } = fields.declared
    const node = fields.node('PolicyDocument')
    const document = fields.document(node, 'the document')
    const description = fields.optional('Description')
    const tags = fields.tags()
    const path = fields.optional('Path')
    const at = node === undefined ? fields.at : fields.declared.at(node)
    builder.lists(home, fields.at).policies.push({
      at: fields.at,
      name: nameOf(resource),
      ...(path === undefined ? {} : { path }),
      ...(description === undefined ? {} : { description }),
      ...(tags === undefined ? {} : { tags }),
      versions: [{ at, document }],
    })
    const arn = resource.arn?.value ?? ''
    for (const [list, property] of attachedTo)
      for (const name of fields.texts(property) ?? [])
        builder.attach(home, list, name, arn, fields.at, resource.type)
  },
  'AWS::IAM::Policy': (fields, builder, resource) => {
    const { home } = fields.declared
    const policy = fields.inline(fields.text('PolicyName'), fields.node('PolicyDocument'))
    if (policy === undefined) return
    for (const [list, property] of attachedTo)
      for (const name of fields.texts(property) ?? []) builder.inline(home, list, name, policy, resource.type)
  },
  'AWS::IAM::RolePolicy': inlineOf('roles', 'RoleName'),
  'AWS::IAM::UserPolicy': inlineOf('users', 'UserName'),
  'AWS::IAM::GroupPolicy': inlineOf('groups', 'GroupName'),
  'AWS::IAM::InstanceProfile': (fields, builder, resource) => {
    const [role = null] = fields.texts('Roles') ?? []
    const path = fields.optional('Path')
    builder.lists(fields.declared.home, fields.at).instanceProfiles.push({
      at: fields.at,
      name: nameOf(resource),
      ...(path === undefined ? {} : { path }),
      role,
    })
  },
  'AWS::IAM::AccessKey': (fields, builder, resource) => {
    builder.lists(fields.declared.home, fields.at).accessKeys.push({
      at: fields.at,
      id: resource.physicalId.value,
      user: fields.text('UserName'),
      active: fields.optional('Status') !== 'Inactive',
    })
  },
  'AWS::IAM::UserToGroupAddition': (fields, builder, resource) => {
    const group = fields.text('GroupName')
    for (const user of fields.texts('Users') ?? [])
      builder.join(fields.declared.home, user, group, fields.at, resource.type)
  },
  'AWS::IAM::OIDCProvider': (fields, builder) => {
    const tags = fields.tags()
    builder.lists(fields.declared.home, fields.at).oidcProviders.push({
      at: fields.at,
      url: fields.text('Url').replace(/^https:\/\//, ''),
      clientIds: fields.texts('ClientIdList') ?? [],
      thumbprints: fields.texts('ThumbprintList') ?? [],
      ...(tags === undefined ? {} : { tags }),
    })
  },
  'AWS::IAM::SAMLProvider': (fields, builder, resource) => {
    const metadata = fields.optional('SamlMetadataDocument')
    const tags = fields.tags()
    builder.lists(fields.declared.home, fields.at).samlProviders.push({
      at: fields.at,
      name: nameOf(resource),
      ...(metadata === undefined ? {} : { metadata }),
      ...(tags === undefined ? {} : { tags }),
    })
  },
  'AWS::IAM::ServiceLinkedRole': (fields, builder) => {
    const { home } = fields.declared
    const service = fields.text('AWSServiceName')
    const linked = serviceLinkedRoles().get(service)
    if (linked === undefined)
      throw new NotTakeable(`the name of the service-linked role of ${service} is not known`)
    const suffix = fields.optional('CustomSuffix')
    const description = fields.optional('Description')
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
    }
    builder.lists(home, fields.at).roles.push({
      at: fields.at,
      name: suffix === undefined ? linked.name : `${linked.name}_${suffix}`,
      path: linked.path,
      trust: JSON.stringify(trust),
      attached: linked.policies.map((each) => awsPolicyArn(home.partition, each)),
      ...(description === undefined ? {} : { description }),
    })
  },
  'AWS::IAM::VirtualMFADevice': (fields, builder, resource) => {
    const [user] = fields.texts('Users') ?? []
    builder.lists(fields.declared.home, fields.at).mfaDevices.push({
      at: fields.at,
      serial: resource.physicalId.value,
      ...(user === undefined ? {} : { user }),
    })
  },
}

const attachedTo: readonly (readonly [list: IdentityList, property: string])[] = [
  ['roles', 'Roles'],
  ['users', 'Users'],
  ['groups', 'Groups'],
]

function inlineOf(list: IdentityList, property: string): Maker {
  return (fields, builder, resource) => {
    const policy = fields.inline(fields.text('PolicyName'), fields.node('PolicyDocument'))
    if (policy !== undefined)
      builder.inline(fields.declared.home, list, fields.text(property), policy, resource.type)
  }
}

/** The common properties of roles, users and groups. */
function bearerOf(fields: Fields, resource: ResolvedResource) {
  const path = fields.optional('Path')
  const tags = fields.tags()
  const written = fields.node('Policies')
  // what is not known is noted
  if (written !== undefined && written.type !== 'list') fields.texts('Policies')
  const inline = itemsOf(written).flatMap((each): readonly InlinePolicyImage[] => {
    if (each.type !== 'object') {
      fields.textsOf([each], 'Policies')
      return []
    }
    const name = fields.textOf(member(each, 'PolicyName'), 'PolicyName')
    const policy =
      name === undefined
        ? fields.note(each, 'an item of Policies is not taken: it has no PolicyName')
        : fields.inline(name, member(each, 'PolicyDocument'))
    return policy === undefined ? [] : [policy]
  })
  const boundaryArn = fields.optional('PermissionsBoundary')
  return {
    at: fields.at,
    name: nameOf(resource),
    ...(path === undefined ? {} : { path }),
    inline,
    attached: fields.texts('ManagedPolicyArns') ?? [],
    ...(resource.type === 'AWS::IAM::Group' ? {} : { boundaryArn: boundaryArn ?? null }),
    ...(tags === undefined ? {} : { tags }),
  }
}

/** The name of a resource. @throws NotTakeable if it is unknown */
export function nameOf({ name }: ResolvedResource): string {
  if (name.dependsOn !== undefined) throw new NotTakeable(`its name depends on ${name.dependsOn}`)
  return name.value
}

/** Takes a resource of IAM. Returns whether its type is supported. */
export function takeIdentity(fields: Fields, builder: ImageBuilder, resource: ResolvedResource): boolean {
  const make = rowOf(makers, resource.type)
  make?.(fields, builder, resource)
  return make !== undefined
}
