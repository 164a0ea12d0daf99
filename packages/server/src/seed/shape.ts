import { either, list, map, object, oneOf, type Shape, text } from '../shape/index.ts'

const anything: Shape = { type: 'anything', description: 'A policy document.' }
const file = text('The path of a file that holds the document, relative to this file.')
const document = either([file, anything], 'A policy document, or the path of a file that holds one.')
const tags = map(text(), 'Tags by key.')
const path = text('The path, for example /team/.', /^\/(?:[\u0021-\u007e]+\/)?$/)
const policies = list(
  either([text(), anything]),
  'Names of policies of this seed or of AWS, ARNs, paths of files, or inline documents.',
)
const boundary = text('The permissions boundary: a managed policy, by name or ARN.')
const names = /^[\w+=,.@-]{1,128}$/

const user = object({
  path,
  tags,
  groups: list(text(), 'Names of groups.'),
  policies,
  boundary,
  password: text('For the sign-in.'),
})

const role = object(
  {
    path,
    description: text(),
    tags,
    trust: either(
      [text(), list(text()), anything],
      'Who may assume the role: user/NAME, role/NAME, a service, an account, an ARN, a list of them, a trust policy or its file.',
    ),
    policies,
    boundary,
    maxSessionSeconds: { type: 'number' },
    instanceProfile: { type: 'flag', description: 'Make an instance profile of the role’s name as well.' },
  },
  ['trust'],
)

const region = text('The region. Default: us-east-1, or the partition’s global one.', /^[a-z]{2}[a-z-]*-\d$/)
const roleOf = text('A role of the seed, by name, or its ARN.')

const accountMembers = {
  alias: text('The account’s alias.'),
  policies: map(document, 'Managed policies by name.', names),
  groups: map(object({ path, policies }), 'Groups by name.', names),
  users: map(user, 'Users by name.', names),
  roles: map(role, 'Roles by name.', names),
  oidcProviders: map(
    object({
      clientIds: list(text(), 'The audiences that its tokens may have.'),
      thumbprints: list(text()),
      tags,
    }),
    'OpenID Connect providers by the URL of the issuer, without https://.',
    /^[\w.-]+(?::\d+)?(?:\/[\w./~-]*)?$/,
  ),
  resources: map(
    document,
    'Policies of resources that Omen does not keep, such as buckets, by ARN.',
    /^arn:[a-z-]+:[a-z0-9-]+:[^\s]+$/,
  ),
  pods: list(
    object({ cluster: text(), namespace: text(), serviceAccount: text(), role: roleOf, region, tags }, [
      'cluster',
      'namespace',
      'serviceAccount',
      'role',
    ]),
    'Roles of the pods of clusters (EKS Pod Identity).',
  ),
  identityPools: map(
    object({
      authenticated: roleOf,
      unauthenticated: roleOf,
      guests: { type: 'flag', description: 'Whether users without a login are let in.' },
      classic: { type: 'flag', description: 'Whether the classic flow is allowed.' },
      oidcProviders: list(text(), 'Providers of the seed, by URL without https://.'),
      developerProvider: text('The name of the own backend as a provider.'),
      region,
      tags,
    }),
    'Identity pools of Amazon Cognito by name.',
  ),
  trustAnchors: map(
    object({ certificate: text('The authority’s certificates in PEM.'), region, tags }, ['certificate']),
    'Trust anchors of IAM Roles Anywhere by name.',
  ),
  certificateProfiles: map(
    object({ roles: list(roleOf), session: { type: 'number' }, region, tags }, ['roles']),
    'Profiles of IAM Roles Anywhere by name: the roles that holders of certificates may wear.',
  ),
}

/** Units nest at most five deep in AWS, and the root is above them. */
function unit(depth: number): Shape {
  const members = {
    accounts: list(text('An account’s number.', /^\d{12}$/), 'Accounts here, by number.'),
    scp: map(document, 'Service control policies by name.'),
    rcp: map(document, 'Resource control policies by name.'),
  }
  return object(
    depth === 0 ? members : { ...members, units: map(unit(depth - 1), 'Organizational units by name.') },
  )
}

const accounts = map(
  object({ name: text(), email: text(), ...accountMembers }),
  'Further accounts by number.',
  /^\d{12}$/,
)

const centerUser = object({
  name: list(text(), 'Given name and family name.'),
  email: text(),
  password: text('For the sign-in.'),
  groups: list(text(), 'Names of groups.'),
  attributes: map(text(), 'Further attributes by their paths, for example title.'),
})

const permissionSet = object({
  description: text(),
  managed: list(text(), 'Policies of AWS, by name or ARN.'),
  customerManaged: list(text(), 'Policies that each account has: audit, /team/audit.'),
  inline: document,
  boundary: text('A policy of AWS by its ARN, or one that each account has.'),
  session: text('The longest session, for example PT4H.', /^PT(?:\d+H)?(?:\d+M)?(?:\d+S)?$/),
  relayState: text(),
  tags,
})

const assignment = object(
  {
    user: text('The user to whom the set is lent.'),
    group: text('Or the group.'),
    set: text('The permission set.'),
    accounts: either(
      [list(text('An account’s number.', /^\d{12}$/)), oneOf(['all'])],
      'Numbers, or all members.',
    ),
  },
  ['set', 'accounts'],
)

const entitlement = object(
  {
    user: text('The user who gets the role.'),
    group: text('Or the group.'),
    role: text('A role of the first account, by name, or the ARN of one.'),
  },
  ['role'],
)

const identityCenter = object({
  region: text('The home region.'),
  groups: map(object({ description: text() }), 'Groups by name.'),
  users: map(centerUser, 'Users by name.'),
  attributes: map(text(), 'Session tags, each with the path that it comes from.'),
  permissionSets: map(permissionSet, 'Permission sets by name.', /^[\w+=,.@-]{1,32}$/),
  assignments: list(assignment),
  entitlements: list(entitlement, 'Roles by the account access manager.'),
})

/** The shape of a seed file. */
export const seedShape: Shape = object({
  $schema: text('The JSON Schema that an editor checks this file with.'),
  ...accountMembers,
  accounts,
  organization: unit(5),
  identityCenter,
})
