import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { parsePolicy } from '@omen-iam/policy'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  keepingEqual,
  readInventory,
  readWorld,
  type World,
} from '../../packages/server/src/graph/index.ts'
import { accountOf } from '../../tools/bench/graph-account.ts'
import { policyText } from '../kit/index.ts'
import { type AccountFile, allow, policyArn, userArn, worldOf } from './account-file.ts'

const { details, inventory } = accountOf({ account: '111122223333', users: 12, roles: 24 })
const before = readWorld({
  details,
  inventory: readInventory(inventory),
  awsPolicy: (arn) => managedPolicies().find(arn)?.document,
})

/** A statement that a policy gets. */
const statements = [
  { Effect: 'Allow', Action: 'iam:CreatePolicyVersion', Resource: '*' },
  { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
  { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: '*' },
  {
    Effect: 'Allow',
    Action: ['iam:PutUserPolicy', 'iam:PutRolePolicy'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalTag/team': 'team-1' } },
  },
  {
    Effect: 'Allow',
    Action: 'iam:AttachUserPolicy',
    Resource: '*',
    Condition: { StringEquals: { 'aws:PrincipalTag/colour': 'red' } },
  },
]

/** The world with one statement as a managed policy. */
function withPolicy(world: World, arn: string, statement: object): World {
  const policy = world.policies.get(arn)
  const document = policy?.versions.get(policy.defaultVersion)
  const parsed = parsePolicy(policyText(statement), 'identity')
  assert.ok(policy !== undefined && document !== undefined && parsed.ok)
  const versions = new Map([[policy.defaultVersion, { ...document, policy: parsed.policy }]])
  return { ...world, policies: new Map([...world.policies, [arn, { ...policy, versions }]]) }
}

function answers(graph: Graph): readonly unknown[] {
  return [...graph.world.users.values(), ...graph.world.roles.values()].map((principal) => {
    const { verdict, residual, paths } = graph.paths(principal)
    return [principal.name, verdict, residual.map(({ key }) => key), paths[0]?.steps.length]
  })
}

describe('the graph after a change', () => {
  for (const [place, statement] of statements.entries()) {
    test(`answers as one that is made anew: ${statement.Effect} ${String(statement.Action)}`, () => {
      const names = ['team-0-read', 'team-1-assume', 'self-service', 'boundary-ci', 'key-desk']
      const arn = `arn:aws:iam::111122223333:policy/${names[place]}`
      const graph = graphOf(before, techniqueTable())
      const first = answers(graph)
      const after = withPolicy(before, arn, statement)
      assert.deepEqual(answers(graph.changed(after)), answers(graphOf(after, techniqueTable())))
      assert.deepEqual(answers(graph.changed(after).changed(before)), first)
    })
  }

  test('answers as one that is made anew when inline policies come and go, and trust policies change', () => {
    const allow = (Action: string, more: object = { Resource: '*' }) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action, ...more }],
    })
    const iam = (name: string) => `arn:aws:iam::111122223333:${name}`
    const trusts = (AWS: string) => allow('sts:AssumeRole', { Principal: { AWS } })
    const owner = { AttachedManagedPolicies: [], Tags: [] }
    const state = (action: string | undefined, trust: string): World =>
      readWorld({
        details: JSON.stringify({
          UserDetailList: ['dev', 'ann'].map((name) => ({
            ...owner,
            UserName: name,
            Arn: iam(`user/${name}`),
            GroupList: [],
            UserPolicyList:
              name === 'dev' && action !== undefined
                ? [{ PolicyName: 'own', PolicyDocument: allow(action) }]
                : [],
          })),
          RoleDetailList: [
            {
              ...owner,
              RoleName: 'admin',
              Arn: iam('role/admin'),
              AssumeRolePolicyDocument: trusts(iam(trust)),
              RolePolicyList: [{ PolicyName: 'all', PolicyDocument: allow('*') }],
            },
          ],
          GroupDetailList: [],
          Policies: [],
        }),
        inventory: before.inventory,
        awsPolicy: () => undefined,
      })
    let graph = graphOf(state(undefined, 'user/dev'), techniqueTable())
    answers(graph)
    for (const [action, trust] of [
      ['iam:PutUserPolicy', 'user/ann'],
      [undefined, 'user/ann'],
      ['s3:GetObject', 'user/dev'],
      [undefined, 'role/admin'],
      ['iam:PutUserPolicy', 'role/admin'],
      [undefined, 'root'],
      ['sts:AssumeRole', 'root'],
    ] as const) {
      const { inventory, organization } = graph.world
      const after = state(action, trust)
      graph = graph.changed({ ...keepingEqual(graph.world, after), inventory, organization })
      assert.deepEqual(answers(graph), answers(graphOf(after, techniqueTable())), `${action} ${trust}`)
    }
  })

  test('asks only what differs in an account that is read again', () => {
    const graph = graphOf(before, techniqueTable())
    answers(graph)
    const text = details.replace('"iam:UpdateAssumeRolePolicy"', '"iam:UpdateRole"')
    assert.notEqual(text, details)
    const again = readWorld({
      details: text,
      inventory: readInventory(inventory),
      awsPolicy: (arn) => managedPolicies().find(arn)?.document,
    })
    const after = {
      ...keepingEqual(before, again),
      inventory: before.inventory,
      organization: before.organization,
    }
    assert.equal(after.users, before.users)
    assert.notEqual(after.policies, before.policies)
    const differing = [...after.policies].filter(([arn, policy]) => before.policies.get(arn) !== policy)
    assert.equal(differing.length, 1)
    const changed = graph.changed(after)
    assert.deepEqual(answers(changed), answers(graphOf(again, techniqueTable())))
    assert.ok(changed.asked < graph.asked / 2, `${changed.asked} of ${graph.asked}`)
  })

  test('asks only what the change touches', () => {
    const graph = graphOf(before, techniqueTable())
    answers(graph)
    const asked = graph.asked
    const after = graph.changed(
      withPolicy(before, 'arn:aws:iam::111122223333:policy/shared-1', statements[2] ?? {}),
    )
    answers(after)
    assert.ok(asked > 10, `${asked}`)
    assert.ok(after.asked < asked / 5, `${after.asked} of ${asked}`)
  })

  test('a user that is gone is nobody that one can become', () => {
    const world = (users: NonNullable<AccountFile['users']>): World =>
      worldOf({
        users: { dev: { attached: [policyArn('own')], boundary: policyArn('limit') }, ...users },
        policies: {
          limit: [allow(['iam:CreateAccessKey', 'iam:AttachUserPolicy'])],
          own: [allow('iam:AttachUserPolicy', userArn('dev'))],
        },
      })
    const first = world({ ann: { statements: [allow('iam:CreateAccessKey')] } })
    const graph = graphOf(first, techniqueTable())
    assert.equal(graph.paths(graph.find('dev')!).verdict, 'proven')
    const changed = graph.changed(keepingEqual(first, world({})))
    assert.notEqual(changed.paths(changed.find('dev')!).verdict, 'proven')
  })

  test('a policy that is new takes a name, though all principals are as before', () => {
    const world = (policies: NonNullable<AccountFile['policies']>): World =>
      worldOf({
        users: {
          dev: {
            statements: [
              allow('iam:CreatePolicy', policyArn('tool')),
              {
                ...allow('iam:AttachUserPolicy', userArn('dev')),
                Condition: { ArnEquals: { 'iam:PolicyARN': policyArn('tool') } },
              },
            ],
          },
        },
        policies: { other: [allow('s3:GetObject')], ...policies },
      })
    const first = world({})
    const graph = graphOf(first, techniqueTable())
    assert.equal(graph.paths(graph.find('dev')!).verdict, 'proven')
    const after = keepingEqual(first, world({ tool: [allow('s3:ListAllMyBuckets')] }))
    assert.equal(after.users, first.users)
    const changed = graph.changed(after)
    assert.notEqual(changed.paths(changed.find('dev')!).verdict, 'proven')
  })
})
