import {
  type Technique,
  type TechniqueNeed,
  type TechniqueWay,
  techniqueTable,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { account, arnOf, membersOfFact } from './things.ts'

/** An account of one attacker, written as AWS writes it, with the facts that a technique needs. */
export interface MinimalWorld {
  readonly details: Record<string, unknown>
  readonly inventory: Record<string, unknown> | undefined
  readonly organization: Record<string, unknown>
}

/** What a world is made of: each variant changes one of these. */
export interface Recipe {
  readonly technique: Technique
  readonly way: TechniqueWay
  /** The attacker's statements: one an action. */
  readonly statements: readonly Statement[]
  readonly attackerBoundary?: readonly Statement[]
  readonly targetBoundary?: readonly Statement[]
  readonly scp?: readonly Statement[]
  readonly rcp?: readonly Statement[]
  readonly trust: Statement
  readonly inventory: Record<string, unknown> | undefined
  readonly tags?: readonly { Key: string; Value: string }[]
}

export interface Statement {
  readonly Effect: 'Allow' | 'Deny'
  readonly Action?: string | readonly string[]
  readonly NotAction?: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Principal?: unknown
  readonly Condition?: Record<string, Record<string, string | readonly string[]>>
}

export const attackerArn = `arn:aws:iam::${account}:user/dev`
export const targetRole = `arn:aws:iam::${account}:role/target`
export const targetUser = `arn:aws:iam::${account}:user/target`
const everything: Statement = { Effect: 'Allow', Action: '*', Resource: '*' }

export function allow(
  action: string | readonly string[],
  resource: string | readonly string[] = '*',
): Statement {
  return { Effect: 'Allow', Action: action, Resource: resource }
}

/** The actions that an attacker needs for one way of a technique, in order and each once. */
export function actionsOf({ passesTo, needs }: Technique, way: TechniqueWay): readonly string[] {
  const all = [...needs, ...way.needs].filter(({ ownGrant }) => ownGrant !== true).map(({ action }) => action)
  const passes = passesTo !== undefined || way.facts.some((fact) => fact.includes(' starts '))
  return [...new Set([...(passes ? ['iam:PassRole'] : []), ...all])]
}

/** What kind of target a technique has in its world. */
export function targetOf(technique: Technique): 'self' | 'user' | 'role' | 'new' {
  const { effect, target, id } = technique
  if (effect === 'makesUser' || effect === 'makesRole') return 'new'
  if (effect === 'writesPolicy' || effect === 'attachesPolicy') return target === 'role' ? 'role' : 'self'
  if (['writesVersion', 'setsVersion', 'joinsGroup', 'enrollsMfa', 'writesTags'].includes(effect))
    return 'self'
  if (['removesBoundary', 'replacesBoundary', 'detachesPolicy', 'deletesPolicy'].includes(effect))
    return id.includes('role') ? 'role' : 'self'
  return target === 'user' ? 'user' : 'role'
}

/** The recipe of a world in which one way of a technique works. */
export function recipeOf(technique: Technique, way: TechniqueWay): Recipe {
  const actions = [...actionsOf(technique, way)]
  const statements = actions.map((action) => allow(action))
  if (targetOf(technique) === 'role' && isPolicyChange(technique))
    statements.push(allow('sts:AssumeRole', targetRole))
  return {
    technique,
    way,
    statements,
    trust: trustOf(technique),
    inventory: inventoryOf(technique, way),
  }
}

function isPolicyChange({ effect }: Technique): boolean {
  return [
    'writesPolicy',
    'attachesPolicy',
    'removesBoundary',
    'replacesBoundary',
    'detachesPolicy',
    'deletesPolicy',
  ].includes(effect)
}

function trustOf(technique: Technique): Statement {
  const { trusts, effect, workloads } = technique
  if (trusts?.name.startsWith('oidc.eks') === true)
    return {
      Effect: 'Allow',
      Principal: {
        Federated: `arn:aws:iam::${account}:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1`,
      },
      Action: 'sts:AssumeRoleWithWebIdentity',
    }
  if (trusts?.type === 'federated')
    return {
      Effect: 'Allow',
      Principal: { Federated: trusts.name },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { [`${trusts.name}:aud`]: 'eu-west-1:pool' } },
    }
  if (trusts !== undefined)
    return {
      Effect: 'Allow',
      Principal: { Service: trusts.name },
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity', 'sts:SetContext'],
    }
  if (effect === 'federates' && technique.id === 'open.oidc-provider')
    return {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/idp.example.com` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'idp.example.com:aud': 'app' } },
    }
  if (workloads?.[0] === 'AWS::Cognito::IdentityPool')
    return {
      Effect: 'Allow',
      Principal: { Federated: 'cognito-identity.amazonaws.com' },
      Action: 'sts:AssumeRoleWithWebIdentity',
    }
  if (effect === 'federates')
    return {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::${account}:saml-provider/idp` },
      Action: 'sts:AssumeRoleWithSAML',
    }
  if (workloads !== undefined)
    return { Effect: 'Allow', Principal: { Service: services(workloads[0] ?? '') }, Action: 'sts:*' }
  if (isPolicyChange(technique) || effect === 'assumes')
    return { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: 'sts:AssumeRole' }
  return { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }
}

function services(type: string): readonly string[] {
  const name = type.split('::')[1]?.toLowerCase() ?? ''
  return [
    `${name}.amazonaws.com`,
    'ecs-tasks.amazonaws.com',
    'tasks.apprunner.amazonaws.com',
    'states.amazonaws.com',
    'bedrock-agentcore.amazonaws.com',
    'pods.eks.amazonaws.com',
    'kinesisanalytics.amazonaws.com',
    'ec2.amazonaws.com',
  ]
}

function inventoryOf(technique: Technique, way: TechniqueWay): Record<string, unknown> {
  const all = [...technique.facts, ...way.facts]
  const members = Object.assign({}, ...all.map(membersOfFact))
  const resources: Record<string, unknown>[] = []
  const types = technique.workloads ?? []
  const kind =
    types.find((type) => all.includes(`is ${type}`)) ??
    types.find((type) => fits(type, [...technique.needs, ...way.needs])) ??
    types[0]
  if (kind !== undefined) resources.push({ type: kind, arn: arnOf(kind), role: targetRole, ...members })
  for (const { on } of [...technique.needs, ...way.needs])
    if (on.is === 'resource' && !resources.some(({ type }) => type === on.type))
      resources.push({
        type: on.type,
        arn: arnOf(on.type),
        role: `arn:aws:iam::${account}:role/other`,
        ...members,
        ...(all.includes('agentTool') ? { tools: [arnOf('AWS::Lambda::Function')] } : {}),
      })
  for (const fact of all) {
    const type = fact.startsWith('exists ') ? fact.slice(7) : undefined
    if (type !== undefined && !resources.some((each) => each.type === type))
      resources.push({ type, arn: arnOf(type) })
    if (fact === 'containerInstance')
      resources.push({ type: 'AWS::ECS::Cluster', arn: arnOf('AWS::ECS::Cluster'), containerInstances: 1 })
    if (fact === 'ownDocument')
      resources.push({ type: 'AWS::SSM::Document', arn: arnOf('AWS::SSM::Document') })
    if (/^(?:stream|mapping)GetsRecords$/.test(fact))
      resources.push({
        type: 'AWS::DynamoDB::Stream',
        arn: arnOf('AWS::DynamoDB::Stream'),
        getsRecords: true,
      })
  }
  const isTaken = technique.facts.includes('loginProfile')
  return {
    resources,
    accessKeys: { dev: 1, target: technique.facts.includes('accessKeysFull') ? 2 : 1 },
    loginProfiles: isTaken ? ['target'] : [],
    mfaDevices: {},
    identityProviders: all.includes('providerMissing')
      ? []
      : [
          `arn:aws:iam::${account}:saml-provider/idp`,
          `arn:aws:iam::${account}:oidc-provider/idp.example.com`,
        ],
  }
}

/** Whether an action of the needs is of the service of a type. */
function fits(type: string, needs: readonly TechniqueNeed[]): boolean {
  const service = arnOf(type).split(':')[2]
  return needs.some(({ action, on }) => {
    const prefix = action.split(':')[0]
    const same =
      prefix === service || (service === 'ec2' && /^(?:ssm|ec2-instance-connect)$/.test(prefix ?? ''))
    return on.is === 'workload' && (same || service === 'bedrock')
  })
}

/** The world of a recipe. */
export function worldOf(recipe: Recipe): MinimalWorld {
  const { technique } = recipe
  const kind = targetOf(technique)
  const admin = [
    { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
  ]
  const policies: Record<string, unknown>[] = [managed('AdministratorAccess', [[everything]], 'aws')]
  const bounded = (name: string, boundary: readonly Statement[] | undefined) => {
    if (boundary === undefined) return {}
    policies.push(managed(name, [boundary]))
    return {
      PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: policyArn(name) },
    }
  }
  const { effect } = technique
  const isOnGroup = [...technique.needs, ...recipe.way.needs].some(({ on }) => on.is === 'group')
  const isLift = ['removesBoundary', 'replacesBoundary'].includes(effect)
  const isDeny = ['detachesPolicy', 'deletesPolicy'].includes(effect)
  const actions = [...actionsOf(technique, recipe.way), 'sts:AssumeRole']
  const narrow: readonly Statement[] = [allow(actions)]
  const deny: Statement = { Effect: 'Deny', NotAction: actions, Resource: '*' }
  const attached: unknown[] = []
  if (effect === 'writesVersion' || effect === 'setsVersion') {
    policies.push(
      managed(
        'own',
        effect === 'setsVersion' ? [[allow('s3:GetObject')], [everything]] : [[allow('s3:GetObject')]],
      ),
    )
    attached.push({ PolicyName: 'own', PolicyArn: policyArn('own') })
  }
  if (effect === 'detachesPolicy') {
    policies.push(managed('denies', [[deny]]))
  }
  const denies = { PolicyName: 'denies', PolicyArn: policyArn('denies') }
  const inline = (name: string, statements: readonly Statement[]) => ({
    PolicyName: name,
    PolicyDocument: { Version: '2012-10-17', Statement: statements },
  })
  const selfIsTarget = kind === 'self' && (isLift || isDeny)
  const group = {
    Path: '/',
    GroupName: 'team',
    GroupId: 'AGPATEAM',
    Arn: `arn:aws:iam::${account}:group/team`,
    GroupPolicyList: effect === 'joinsGroup' || effect === 'makesUser' ? [inline('all', [everything])] : [],
    AttachedManagedPolicies: [],
  }
  const dev = {
    Path: '/',
    UserName: 'dev',
    UserId: 'AIDADEV',
    Arn: attackerArn,
    UserPolicyList: [
      inline('dev-policy', recipe.statements),
      ...(selfIsTarget ? [inline('all', [{ Effect: 'Allow', NotAction: actions, Resource: '*' }])] : []),
      ...(selfIsTarget && effect === 'deletesPolicy' ? [inline('denies', [deny])] : []),
    ],
    GroupList: isOnGroup && effect !== 'joinsGroup' && effect !== 'makesUser' ? ['team'] : [],
    AttachedManagedPolicies: [...attached, ...(selfIsTarget && effect === 'detachesPolicy' ? [denies] : [])],
    Tags: recipe.tags ?? [],
    ...bounded('attacker-boundary', recipe.attackerBoundary ?? (selfIsTarget && isLift ? narrow : undefined)),
  }
  const isRoleLift = kind === 'role' && isLift
  const isPlain = kind === 'role' && (effect === 'writesPolicy' || effect === 'attachesPolicy')
  const role = {
    Path: '/',
    RoleName: 'target',
    RoleId: 'AROATARGET',
    Arn: targetRole,
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [recipe.trust] },
    InstanceProfileList: [
      { InstanceProfileName: 'target', Arn: `arn:aws:iam::${account}:instance-profile/target`, Roles: [] },
    ],
    RolePolicyList:
      kind === 'role' && effect === 'deletesPolicy'
        ? [inline('denies', [{ ...deny, NotAction: 's3:*' }])]
        : [],
    AttachedManagedPolicies: [
      ...(isPlain || kind !== 'role' ? [] : admin),
      ...(kind === 'role' && effect === 'detachesPolicy' ? [denies] : []),
    ],
    Tags: [],
    ...bounded('target-boundary', recipe.targetBoundary ?? (isRoleLift ? [allow('s3:*')] : undefined)),
  }
  const further = {
    Path: '/',
    RoleName: 'further',
    RoleId: 'AROAFURTHER',
    Arn: `arn:aws:iam::${account}:role/further`,
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: {
            Service: [...Object.values(furtherRoles), 'events.amazonaws.com', 'scheduler.amazonaws.com'],
          },
          Action: 'sts:AssumeRole',
        },
      ],
    },
    InstanceProfileList: [],
    RolePolicyList: startsOf(technique).length === 0 ? [] : [inline('starts', [allow(startsOf(technique))])],
    AttachedManagedPolicies: [],
    Tags: [],
  }
  const target = {
    Path: '/',
    UserName: 'target',
    UserId: 'AIDATARGET',
    Arn: targetUser,
    UserPolicyList: [],
    GroupList: [],
    AttachedManagedPolicies: admin,
    Tags: [],
    ...(kind === 'user' ? bounded('user-boundary', recipe.targetBoundary) : {}),
  }
  return {
    details: {
      UserDetailList: [dev, ...(kind === 'user' ? [target] : [])],
      GroupDetailList: [group],
      RoleDetailList: [role, ...(needsFurtherRole(technique) ? [further] : [])],
      Policies: policies,
    },
    inventory: recipe.inventory,
    organization: {
      scps:
        recipe.scp === undefined
          ? []
          : [[{ name: 'all', document: doc([everything]) }], [{ name: 'own', document: doc(recipe.scp) }]],
      rcps: recipe.rcp === undefined ? [] : [[{ name: 'own', document: doc(recipe.rcp) }]],
    },
  }
}

function doc(statements: readonly Statement[]) {
  return { Version: '2012-10-17', Statement: statements }
}

function policyArn(name: string): string {
  return `arn:aws:iam::${account}:policy/${name}`
}

function managed(name: string, versions: readonly (readonly Statement[])[], owner = account) {
  return {
    PolicyName: name,
    PolicyId: `ANPA${name.toUpperCase()}`,
    Arn: `arn:aws:iam::${owner}:policy/${name}`,
    Path: '/',
    DefaultVersionId: 'v1',
    AttachmentCount: 1,
    PolicyVersionList: versions.map((statements, place) => ({
      VersionId: `v${place + 1}`,
      IsDefaultVersion: place === 0,
      Document: doc(statements),
    })),
  }
}

/** Facts that a role is passed besides the target, with the service that it is for. */
const furtherRoles: Readonly<Record<string, string | undefined>> = Object.fromEntries(
  Object.entries(techniqueTable().facts).flatMap(([fact, block]) =>
    block?.passes === undefined ? [] : [[fact, block.passes.service] as const],
  ),
)

/** Whether a call of the technique passes a role besides the target. */
function needsFurtherRole(technique: Technique): boolean {
  const all = [...technique.facts, ...technique.ways.flatMap((way) => way.facts)]
  return all.some((fact) => furtherRoles[fact] !== undefined) || startsOf(technique).length > 0
}

/** What a service does with such a role. */
function startsOf({ ways }: Technique): readonly string[] {
  const actions = ways.flatMap(({ facts }) =>
    facts.flatMap((fact) => / starts (\S+) on /.exec(fact)?.[1] ?? []),
  )
  return actions.length === 0 ? [] : [...actions, 'iam:PassRole']
}
