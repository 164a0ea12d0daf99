import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  cutAnswerView,
  type Graph,
  graphOf,
  heldBy,
  heldByText,
  proposeCuts,
  readInventory,
} from '../../packages/server/src/graph/index.ts'
import { type AccountFile, account, administratorAccess, allow, roleArn, worldOf } from './account-file.ts'
import { ask } from './api-client.ts'
import { reserved } from './kinds.ts'

const provider = `arn:aws:iam::${account}:saml-provider/AWSSSO_0123456789abcdef_DO_NOT_DELETE`
const ofSet = (name: string) =>
  `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_${name}_0123456789abcdef`
const trusts = (Service: string, Condition?: object) => [
  {
    Effect: 'Allow',
    Principal: { Service },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    ...(Condition && { Condition }),
  },
]
const ofPool = (Condition: object) => [
  {
    Effect: 'Allow',
    Principal: { Federated: 'cognito-identity.amazonaws.com' },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition,
  },
]
const boss = { statements: [allow('*')] }

function graphIn(roles: NonNullable<AccountFile['roles']>, lent: readonly object[]): Graph {
  const inventory = readInventory({ identityProviders: [provider], resources: [], lent })
  return graphOf({ ...worldOf({ roles: { ...roles } }), inventory }, techniqueTable())
}

/** The verdicts of holders for an administrator. */
function verdicts(
  roles: NonNullable<AccountFile['roles']>,
  lent: readonly object[],
  names: readonly string[],
) {
  const graph = graphIn(roles, lent)
  return names.map((name) => {
    const start = graph.findStart(name)
    return start === undefined ? 'nobody' : graph.paths(start).verdict
  })
}

describe('roles of the account access manager', () => {
  const manager = 'account-access.amazonaws.com'
  const application = `arn:aws:account-access:us-east-1:${account}:application/0123456789abcdef`
  const trusting = (actions: readonly string[], source = application) => [
    {
      Effect: 'Allow',
      Principal: { Service: manager },
      Action: actions,
      Condition: { StringEquals: { 'aws:SourceArn': source } },
    },
  ]
  const both = ['sts:AssumeRole', 'sts:SetContext']

  test('SSO-189: a person begins with the roles that are entitled and trust the service', () => {
    const roles = {
      Good: { ...boss, trust: trusting(both) },
      Plain: { ...boss, trust: trusting(['sts:AssumeRole']) },
      Other: { ...boss, trust: trusting(both, `${application}0`) },
    }
    const lent = Object.keys(roles).map((name) => ({
      to: `center/${name}`,
      roles: [roleArn(name)],
      source: application,
    }))
    assert.deepEqual(verdicts(roles, lent, ['center/Good', 'center/Plain', 'center/Other']), [
      'proven',
      'none',
      'blocked',
    ])
  })
})

describe('who gets roles without being a principal of IAM', () => {
  const trust = [
    {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
    },
  ]
  const roles = {
    ...reserved('Admin', [], { attached: [administratorAccess], trust }),
    ...reserved(
      'Team',
      [allow('*', '*', { StringEquals: { 'aws:PrincipalTag/team': 'core' } }), allow('iam:ListUsers')],
      { trust },
    ),
  }
  const lent = [
    { to: 'center/group/ops', roles: [ofSet('Admin')] },
    { to: 'center/group/dev', roles: [ofSet('Team')] },
    { to: 'center/alice', groups: ['ops'] },
    { to: 'center/bob', groups: ['dev'], tags: { team: 'core' } },
    { to: 'center/carol', groups: ['dev'], tags: { team: 'web' } },
    { to: 'center/dave' },
  ]

  test('a user of IAM Identity Center begins with what it and its groups are lent (GRD-660)', () => {
    const names = ['center/alice', 'center/Bob', 'center/carol', 'center/dave', 'center/group/ops']
    assert.deepEqual(verdicts(roles, lent, names), ['proven', 'proven', 'none', 'nobody', 'proven'])
  })

  test('lists have who is lent roles, and who is alike once (GRD-661)', () => {
    const more = [...lent, { to: 'center/erin', roles: [ofSet('Admin')] }]
    const graph = graphIn(roles, more)
    const comers = graph.outsideComers(undefined).map(({ from }) => from)
    assert.deepEqual(comers, ['center/group/ops'])
    const ops = graph.findStart('center/group/ops')
    assert.equal(
      ops !== undefined && 'title' in ops && ops.title,
      'the group ops of IAM Identity Center, and 1 alike',
    )
  })

  test('a list names the people and groups that have a role (GRD-727)', () => {
    const given = [{ to: 'center/erin', roles: [ofSet('Admin')] }, ...lent]
    const { world } = graphIn(roles, given)
    assert.deepEqual(heldBy(world, ofSet('Admin')), ['center/erin', 'center/group/ops', 'center/alice'])
    assert.deepEqual(heldBy(world, ofSet('Other')), [])
    assert.equal(heldByText(['center/erin', 'center/group/ops']), 'erin, group/ops')
    assert.equal(
      heldByText(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `center/${name}`)),
      'a, b, c, d and 2 more',
    )
  })

  test('pods have the tags of their association (GRD-662)', () => {
    const inShop = { StringEquals: { 'aws:RequestTag/kubernetes-namespace': 'shop' } }
    const app = { app: { trust: trusts('pods.eks.amazonaws.com', inShop), ...boss } }
    const pod = (namespace: string, more = {}) => ({
      to: `pod/prod/${namespace}/web`,
      roles: [roleArn('app')],
      tags: { 'kubernetes-namespace': namespace },
      source: `arn:aws:eks:us-east-1:${account}:cluster/prod`,
      ...more,
    })
    const given = [
      pod('shop'),
      pod('blog'),
      pod('slow', { tags: { 'kubernetes-namespace': 'shop' }, limit: 'x' }),
    ]
    const names = ['pod/prod/shop/web', 'pod/prod/blog/web', 'pod/prod/slow/web']
    assert.deepEqual(verdicts(app, given, names), ['proven', 'blocked', 'undecided'])
  })

  test('pods get no role whose trust policy does not let their tags be given (GRD-720)', () => {
    const plain = [{ ...trusts('pods.eks.amazonaws.com')[0], Action: 'sts:AssumeRole' }]
    const pod = (name: string, tags: object) => ({
      to: `pod/prod/shop/${name}`,
      roles: [roleArn('app')],
      tags,
    })
    const given = [pod('web', { 'kubernetes-namespace': 'shop' }), pod('bare', {})]
    const names = ['pod/prod/shop/web', 'pod/prod/shop/bare']
    assert.deepEqual(verdicts({ app: { trust: plain, ...boss } }, given, names), ['blocked', 'proven'])
  })

  test('users and guests of an identity pool come with its token, certificates with their trust anchor (GRD-662)', () => {
    const key = 'cognito-identity.amazonaws.com'
    const signedIn = {
      StringEquals: { [`${key}:aud`]: 'us-east-1:one' },
      'ForAnyValue:StringLike': { [`${key}:amr`]: 'authenticated' },
    }
    const anchor = (id: string) => `arn:aws:rolesanywhere:us-east-1:${account}:trust-anchor/${id}`
    const own = {
      member: { trust: ofPool(signedIn), ...boss },
      server: {
        trust: trusts('rolesanywhere.amazonaws.com', { ArnEquals: { 'aws:SourceArn': anchor('a') } }),
        ...boss,
      },
    }
    const given = [
      { to: 'pool/us-east-1:one', roles: [roleArn('member')] },
      { to: 'guest/us-east-1:one', roles: [roleArn('member')] },
      { to: 'pool/us-east-1:two', roles: [roleArn('member')] },
      { to: 'certificate/servers', roles: [roleArn('server')], source: anchor('a') },
      { to: 'certificate/others', roles: [roleArn('server')], source: anchor('b') },
    ]
    const names = given.map(({ to }) => to)
    assert.deepEqual(verdicts(own, given, names), ['proven', 'none', 'none', 'proven', 'blocked'])
  })

  test('a server knows who is lent its roles (GRD-660)', async () => {
    const trust = { Version: '2012-10-17', Statement: trusts('pods.eks.amazonaws.com') }
    await using omen = await createOmen({
      seed: {
        roles: { web: { trust, policies: ['AdministratorAccess'] } },
        pods: [{ cluster: 'prod', namespace: 'shop', serviceAccount: 'web', role: 'web' }],
        identityCenter: {
          groups: { ops: {} },
          users: { alice: { groups: ['ops'] } },
          permissionSets: { Admin: { managed: ['AdministratorAccess'] } },
          assignments: [{ group: 'ops', set: 'Admin', accounts: [account] }],
        },
      },
    })
    const { body } = await ask(omen, omen.as('root').credentials, 'GetReach', {
      who: 'administrator',
      direction: 'to',
    })
    const comers = body.outside?.map(({ principal, kind, verdict }) => `${principal} ${kind} ${verdict}`)
    assert.deepEqual(comers?.toSorted(), ['center/group/ops lent proven', 'pod/prod/shop/web lent proven'])
    const held = body.reached?.flatMap(({ heldBy: who }) => (who === undefined ? [] : [who]))
    assert.deepEqual(held, [['center/group/ops', 'center/alice']])
    const { body: own } = await ask(omen, omen.as('root').credentials, 'ListPaths', { from: 'center/alice' })
    assert.equal(own.verdict, 'proven')
    const { Roles = [] } = await omen.client(IAM).listRoles({ PathPrefix: '/aws-reserved/' })
    const text = decodeURIComponent(Roles[0]?.AssumeRolePolicyDocument ?? '')
    assert.match(text, /"SAML:aud":"https:\/\/signin\.aws\.amazon\.com\/saml"/)
  })
})

describe('cuts of what is lent (SGN-88)', () => {
  const trust = [
    {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession'],
    },
  ]
  const roles = {
    ...reserved('Admin', [], { attached: [administratorAccess], trust }),
    ...reserved('Audit', [allow('iam:ListUsers')], { trust }),
    app: { trust: trusts('pods.eks.amazonaws.com'), ...boss },
    lead: {
      trust: trusts('account-access.amazonaws.com').map((each) => ({
        ...each,
        Action: ['sts:AssumeRole', 'sts:SetContext'],
      })),
      ...boss,
    },
  }
  const cutsOf = (lent: readonly object[], name?: string) => {
    const graph = graphIn(roles, lent)
    const start = name === undefined ? undefined : graph.findStart(name)
    const answer = proposeCuts(graph, {
      ...(start === undefined ? {} : { starts: [start] }),
      except: new Set([roleArn('app'), roleArn('lead')]),
      most: 3,
    })
    const [cut] = cutAnswerView(graph.world, answer, name, undefined).cuts
    return cut?.edits.map(({ text }) => text) ?? []
  }

  test('a membership, an assignment and an association are taken away where nothing less ends a path', () => {
    const ops = { to: 'center/group/ops', roles: [ofSet('Admin')] }
    const alice = { to: 'center/alice', roles: [ofSet('Audit')], groups: ['ops'] }
    assert.deepEqual(cutsOf([ops, alice], 'center/alice'), [
      'remove alice from the group ops of IAM Identity Center',
    ])
    assert.deepEqual(cutsOf([{ to: 'center/bob', roles: [ofSet('Admin')] }], 'center/bob'), [
      `remove the assignment of Admin in account ${account} from bob of IAM Identity Center`,
    ])
    assert.deepEqual(cutsOf([ops], 'center/group/ops'), [
      `remove the assignment of Admin in account ${account} from the group ops of IAM Identity Center`,
    ])
    assert.deepEqual(cutsOf([{ to: 'pod/prod/shop/web', roles: [roleArn('app')] }], 'pod/prod/shop/web'), [
      'delete the association of role/app with the pods prod/shop/web',
    ])
    assert.deepEqual(cutsOf([{ to: 'center/eve', roles: [roleArn('lead')] }], 'center/eve'), [
      `remove the entitlement of role/lead in account ${account} from eve of the account access manager`,
    ])
    // who is lent an administrator is meant to be one
    assert.deepEqual(cutsOf([ops, alice]), [])
  })
})
