import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type CutQuestion,
  type Edit,
  editedWorld,
  type Graph,
  graphOf,
  proposeCuts,
  readInventory,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import { policyText } from '../kit/index.ts'
import {
  type AccountFile,
  administratorAccess,
  allow,
  detailsOf,
  graphOfFile,
  inventoryOf,
  policyArn,
  roleArn,
  userArn,
} from './account-file.ts'

const table = techniqueTable()
const account = 'arn:aws:iam::123456789012:root'

/** A policy of a resource. */
const letting = (Principal: object, Action: string, Resource: string) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action, Resource }],
})

function cutsOf(graph: Graph, from: string, question: CutQuestion = {}) {
  return proposeCuts(graph, { starts: [graph.find(from)!], most: 5, ...question })
}

function kindsOf(graph: Graph, from: string): readonly string[] {
  return cutsOf(graph, from).cuts[0]?.edits.map(({ edit }) => edit.kind) ?? []
}

describe('what an edit leaves behind', () => {
  /** A managed policy that lets dev write its own policies, and what dev may do besides. */
  const versioned = (more: AccountFile['users'], versions = 1): AccountFile => ({
    users: { dev: { attached: [policyArn('tools')] }, ...more },
    policies: {
      tools: {
        versions: {
          ...Object.fromEntries(
            Array.from({ length: versions - 1 }, (_, at) => [`v${at + 1}`, [allow('s3:*')]]),
          ),
          [`v${versions}`]: [allow('s3:*'), allow('iam:PutUserPolicy', userArn('dev'))],
        },
        default: `v${versions}`,
      },
    },
  })

  it('is the version before of a managed policy', () => {
    for (const versions of [1, 5]) {
      const may = {
        dev: { attached: [policyArn('tools')], statements: [allow('iam:SetDefaultPolicyVersion')] },
      }
      const graph = graphOfFile(versioned(may, versions))
      assert.deepEqual(kindsOf(graph, 'dev'), ['boundary'], `${versions}`)
    }
    assert.deepEqual(kindsOf(graphOfFile(versioned({})), 'dev'), ['remove-action'])
  })

  it('is a policy that allows nothing', () => {
    const graph = graphOfFile({
      users: { dev: { attached: [policyArn('tools')] } },
      policies: { tools: [allow('iam:PutUserPolicy', userArn('dev'))] },
    })
    const edits = cutsOf(graph, 'dev').cuts[0]!.edits.map(({ edit }) => edit)
    const { defaultVersion, versions } = editedWorld(graph.world, edits).policies.get(policyArn('tools'))!
    assert.deepEqual([defaultVersion, ...versions.keys()], ['v2', 'v1', 'v2'])
    assert.match(versions.get('v2')!.policy.text, /none:null/)
  })

  it('takes the oldest version of five', () => {
    const graph = graphOfFile(versioned({}, 5))
    const edits = cutsOf(graph, 'dev').cuts[0]!.edits.map(({ edit }) => edit)
    const { defaultVersion, versions } = editedWorld(graph.world, edits).policies.get(policyArn('tools'))!
    assert.deepEqual([defaultVersion, ...versions.keys()], ['v6', 'v2', 'v3', 'v4', 'v5', 'v6'])
  })
})

describe('an edit that concerns others', () => {
  const prod = { trust: { AWS: account }, attached: [administratorAccess] }
  /** dev may assume prod by a statement that cannot be edited for one role. */
  const all = { Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }

  it('comes after a Deny for one principal', () => {
    assert.deepEqual(
      kindsOf(graphOfFile({ users: { dev: { statements: [all] } }, roles: { prod } }), 'dev'),
      ['deny'],
    )
  })

  it('comes first if it names one principal', () => {
    const own = { ...prod, trust: { AWS: [userArn('dev'), userArn('ops')] } }
    const file = { users: { dev: { statements: [all] }, ops: {} }, roles: { prod: own } }
    assert.deepEqual(kindsOf(graphOfFile(file), 'dev'), ['trust'])
  })

  it('is made if it is one instead of several', () => {
    const users = { dev: { statements: [all] }, ops: { statements: [all] } }
    const graph = graphOfFile({ users, roles: { prod } })
    const starts = [graph.find('dev')!, graph.find('ops')!]
    assert.deepEqual(
      cutsOf(graph, 'dev', { starts }).cuts[0]?.edits.map(({ edit }) => edit.kind),
      ['trust'],
    )
  })
})

test('a cut that is not proven to cost least has no edit that it does not need', () => {
  const full = 'arn:aws:iam::aws:policy/IAMFullAccess'
  const g1 = 'arn:aws:iam::123456789012:group/g1'
  const file: AccountFile = {
    users: { dev: { groups: ['g1'], statements: [allow('iam:AttachGroupPolicy', g1)] } },
    groups: { g1: { attached: [full] } },
  }
  const everything = policyText(allow('*'))
  const world = readWorld({
    details: detailsOf(file),
    inventory: readInventory(inventoryOf(file)),
    awsPolicy: (arn) => (arn === full ? everything.replace('"*"', '"iam:*"') : everything),
  })
  const graph = graphOf(world, table)
  for (const mostSearches of [0, 1, 2, 3]) {
    const [cut] = cutsOf(graph, 'dev', { mostSearches }).cuts
    const edits = cut?.edits.map(({ edit }) => edit) ?? []
    const isCut = (fewer: readonly Edit[]): boolean => {
      const edited = graphOf(editedWorld(world, fewer), table)
      return !['proven', 'conditional'].includes(edited.paths(edited.find('dev')!).verdict)
    }
    assert.equal(isCut(edits), true)
    for (const edit of edits) assert.equal(isCut(edits.filter((each) => each !== edit)), false)
  }
})

describe('a boundary', () => {
  it('allows what others allow a role by name', () => {
    const queue = 'arn:aws:sqs:eu-west-1:123456789012:jobs'
    const key = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d'
    const ci = { AWS: roleArn('ci') }
    const file: AccountFile = {
      users: {},
      roles: {
        ci: {
          trust: { Service: 'ec2.amazonaws.com' },
          statements: [
            allow('iam:PutRolePolicy', roleArn('ci')),
            allow('iam:AttachRolePolicy', roleArn('ci')),
          ],
        },
        app: { trust: ci },
        other: { trust: { AWS: account } },
      },
    }
    const resources = readInventory({
      ...(inventoryOf(file) as object),
      resources: [
        { type: 'AWS::SQS::Queue', arn: queue, policy: letting(ci, 'sqs:SendMessage', `${queue}`) },
        { type: 'AWS::KMS::Key', arn: key, policy: letting(ci, 'kms:Decrypt', '*') },
      ],
    })
    const world = readWorld({ details: detailsOf(file), inventory: resources })
    const edited = graphOf(editedWorld(world, [{ kind: 'boundary', principal: roleArn('ci') }]), table)
    const may = (action: string, resource: string): boolean =>
      edited.powers(action, resource).some(({ principal }) => principal.arn === roleArn('ci'))
    assert.equal(may('sts:AssumeRole', roleArn('app')), true)
    assert.equal(may('sqs:SendMessage', queue), true)
    assert.equal(may('kms:Decrypt', key), true)
    assert.equal(may('kms:Decrypt', `${key}0`), false)
    assert.equal(may('sts:AssumeRole', roleArn('other')), false)
  })
})

describe('a role of IAM Identity Center', () => {
  const reserved = (more: object): AccountFile => ({
    users: {},
    roles: {
      AWSReservedSSO_Dev_0123456789abcdef: {
        path: '/aws-reserved/sso.amazonaws.com/',
        trust: { Federated: 'arn:aws:iam::123456789012:saml-provider/AWSSSO_0123_DO_NOT_DELETE' },
        ...more,
      },
      prod: { trust: { AWS: account }, attached: [administratorAccess] },
    },
  })
  const name = 'AWSReservedSSO_Dev_0123456789abcdef'

  it('keeps its policies: IAM does not change them', () => {
    const graph = graphOfFile(reserved({ statements: [allow('sts:AssumeRole', roleArn('prod'))] }))
    assert.deepEqual(kindsOf(graph, name), ['trust'])
  })

  it('keeps what is attached to it', () => {
    const full: AccountFile = {
      ...reserved({ attached: [policyArn('tools')] }),
      policies: { tools: [allow('sts:AssumeRole', roleArn('prod'))] },
    }
    const { considered } = cutsOf(graphOfFile(full), name)
    assert.deepEqual(considered.map(({ edit }) => edit.kind).sort(), ['remove-action', 'trust'])
  })

  it('cannot be cut off from what the account does not limit', () => {
    const alone = reserved({
      statements: [allow('iam:CreateUser'), allow('iam:PutUserPolicy'), allow('iam:CreateAccessKey')],
    })
    const { cuts, unbreakable } = cutsOf(graphOfFile(alone), name)
    assert.deepEqual(cuts, [])
    assert.notEqual(unbreakable, undefined)
    const everything = { Version: '2012-10-17', Statement: [allow('*')] }
    const scps = { scps: [[{ name: 'FullAWSAccess', document: everything }]] }
    assert.deepEqual(kindsOf(graphOfFile(alone, scps), name), ['scp'])
  })
})
