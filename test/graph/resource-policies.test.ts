import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  type Graph,
  graphOf,
  joinWorlds,
  noteOfKey,
  readInventory,
  readOrganization,
  readWorld,
  type World,
} from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  account,
  allow,
  deny,
  detailsOf,
  inventoryOf,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'

const own = 'lambda:UpdateFunctionCode'
const pay = `arn:aws:lambda:eu-west-1:${account}:function:pay`
const payRole = { pay: { trust: { Service: 'lambda.amazonaws.com' }, statements: [allow('*')] } }

function policy(...Statement: readonly Statement[]) {
  return { Version: '2012-10-17', Statement }
}

function letsIn(
  Principal: object | string,
  Action: string | readonly string[] = own,
  more: object = {},
): Statement {
  return { Effect: 'Allow', Principal, Action, Resource: pay, ...more }
}

/** A function that runs by itself, with a policy. */
function lambda(resourcePolicy: unknown, arn = pay) {
  return {
    type: 'AWS::Lambda::Function',
    arn,
    role: roleArn('pay'),
    tags: {},
    invokedBy: 'a schedule',
    url: '',
    codeSigningConfig: '',
    policy: resourcePolicy,
  }
}

function worldOf(file: AccountFile, resources: readonly object[], organization: object = {}): World {
  return readWorld({
    details: detailsOf(file),
    inventory: readInventory({ ...(inventoryOf(file) as object), resources }),
    organization: readOrganization(organization),
  })
}

function graphOfOne(file: AccountFile, resources: readonly object[], organization: object = {}): Graph {
  return graphOf(worldOf(file, resources, organization), techniqueTable())
}

/** What is found from dev to an administrator. */
function verdictOf(
  statements: readonly Statement[],
  resourcePolicy: unknown,
  organization: object = {},
): string {
  const file = { users: { dev: { statements } }, roles: payRole }
  const graph = graphOfOne(file, [lambda(resourcePolicy)], organization)
  return graph.paths(graph.find('user/dev')!).verdict
}

describe('policies of resources in an account', () => {
  test('a policy that names a user lets it use the resource without an Allow of its own', () => {
    assert.equal(verdictOf([], policy(letsIn({ AWS: userArn('dev') }))), 'proven')
    assert.equal(verdictOf([], policy(letsIn({ AWS: userArn('other') }))), 'none')
    assert.equal(verdictOf([], policy(letsIn({ AWS: userArn('dev') }, 'lambda:InvokeFunction'))), 'none')
    assert.equal(verdictOf([], policy(letsIn('*', 'lambda:*'))), 'proven')
    assert.equal(verdictOf([], null), 'none')
  })

  test('a policy that names the account leaves it to the policies of IAM', () => {
    const root = { AWS: `arn:aws:iam::${account}:root` }
    assert.equal(verdictOf([], policy(letsIn(root))), 'none')
    assert.equal(verdictOf([allow(own, pay)], policy(letsIn(root))), 'proven')
  })

  test('a Deny of a resource stops what the policies of IAM allow', () => {
    const refused = { Effect: 'Deny', Principal: '*', Action: own, Resource: pay }
    assert.equal(verdictOf([allow(own, pay)], policy(refused)), 'blocked')
    const office = { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } }
    const outside = { ...refused, Condition: { NotIpAddress: office.IpAddress } }
    assert.equal(verdictOf([allow(own, pay)], policy(outside)), 'conditional')
  })

  test('an SCP, a Deny of the user and a condition of the policy count', () => {
    const named = policy(letsIn({ AWS: userArn('dev') }))
    const few = { scps: [[{ name: 'few', document: policy(allow('*'), deny(own)) }]] }
    assert.notEqual(verdictOf([], named, few), 'proven')
    assert.notEqual(verdictOf([deny(own)], named), 'proven')
    const tagged = { Condition: { StringEquals: { 'aws:PrincipalTag/team': 'red' } } }
    assert.equal(verdictOf([], policy(letsIn({ AWS: userArn('dev') }, own, tagged))), 'none')
  })

  test('the policy of a bucket is that of its objects', () => {
    const bucket = 'arn:aws:s3:::build'
    const role = { ...payRole, pay: { ...payRole.pay, trust: { Service: 'codebuild.amazonaws.com' } } }
    const verdict = (Principal: object) => {
      const written = { Effect: 'Allow', Principal, Action: 's3:PutObject', Resource: `${bucket}/*` }
      const graph = graphOfOne({ users: { dev: {} }, roles: role }, [
        { type: 'AWS::S3::Bucket', arn: bucket, policy: policy(written) },
        { type: 'AWS::S3::Object', arn: `${bucket}/source.zip`, role: roleArn('pay'), tags: {} },
      ])
      return graph.paths(graph.find('user/dev')!).verdict
    }
    assert.equal(verdict({ AWS: userArn('dev') }), 'proven')
    assert.equal(verdict({ AWS: userArn('other') }), 'none')
  })
})

const other = '999988887777'

/** What is found from dev to an administrator of another account, in which the function is. */
function across(
  statements: readonly Statement[],
  resourcePolicy: unknown,
  organization: object = {},
): string {
  const text = (value: unknown): string => JSON.stringify(value).replaceAll(`:${account}:`, `:${other}:`)
  const first = worldOf({ users: { dev: { statements } } }, [])
  const roles = text(JSON.parse(detailsOf({ roles: payRole })))
  const second = readWorld({
    details: roles,
    inventory: readInventory({ ...JSON.parse(text({ resources: [lambda(null)] })), accessKeys: {} }),
    organization: readOrganization(organization),
  })
  const [resource] = JSON.parse(text([lambda(null)])) as readonly object[]
  const inventory = readInventory({ resources: [{ ...resource, policy: resourcePolicy }], accessKeys: {} })
  const graph = graphOf(joinWorlds([first, { ...second, inventory }]), techniqueTable())
  return graph.paths(graph.find('user/dev')!, undefined, { account: other }).verdict
}

describe('policies of resources across accounts', () => {
  const foreign = pay.replace(account, other)
  const open = (Principal: object | string, Action = own) =>
    policy({ Effect: 'Allow', Principal, Action, Resource: foreign })

  test('both sides must allow the call', () => {
    const root = { AWS: `arn:aws:iam::${account}:root` }
    assert.equal(across([allow(own)], open(root)), 'proven')
    assert.equal(across([allow(own)], open({ AWS: userArn('dev') })), 'proven')
    assert.equal(across([], open({ AWS: userArn('dev') })), 'none')
    assert.notEqual(across([allow(own)], open({ AWS: userArn('other') })), 'proven')
    assert.notEqual(across([allow(own)], null), 'proven')
    assert.notEqual(across([allow(own)], open(root, 'lambda:InvokeFunction')), 'proven')
  })

  test('an administrator comes to the other account by the resource', () => {
    assert.equal(across([allow('*')], open({ AWS: account })), 'proven')
    assert.notEqual(across([allow('*')], open({ AWS: '121212121212' })), 'proven')
  })

  test('the RCPs of the account of the resource count', () => {
    const rcp = policy({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*' })
    assert.equal(
      across([allow(own)], open({ AWS: account }), { rcps: [[{ name: 'r', document: rcp }]] }),
      'proven',
    )
  })
})

describe('who can make a call on a resource', () => {
  const who = (graph: Graph, action: string, arn: string): readonly string[] =>
    graph
      .powers(action, arn)
      .map(({ principal, verdict }) => `${principal.name} ${verdict}`)
      .sort()

  test('the policy of the resource and the RCPs count', () => {
    const bucket = 'arn:aws:s3:::pay'
    const file = { users: { dev: { statements: [allow('s3:GetObject')] }, guest: {} } }
    const graph = (...statements: readonly Statement[]) =>
      graphOfOne(file, [{ type: 'AWS::S3::Bucket', arn: bucket, policy: policy(...statements) }])
    const read = { Action: 's3:GetObject', Resource: `${bucket}/*` }
    const named = { Effect: 'Allow', Principal: { AWS: userArn('guest') }, ...read }
    assert.deepEqual(who(graph(named), 's3:GetObject', `${bucket}/x`), ['dev proven', 'guest proven'])
    const denied = { Effect: 'Deny', Principal: { AWS: userArn('dev') }, ...read }
    assert.deepEqual(who(graph(named, denied), 's3:GetObject', `${bucket}/x`), ['guest proven'])
    const rcps = { rcps: [[{ name: 'r', document: policy({ Effect: 'Deny', Principal: '*', ...read }) }]] }
    assert.deepEqual(who(graphOfOne(file, [], rcps), 's3:GetObject', `${bucket}/x`), [])
  })

  test('a key of AWS KMS counts where the inventory has it (GRD-190)', () => {
    const bucket = 'arn:aws:s3:::pay'
    const key = `arn:aws:kms:eu-west-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
    const through = (service: string) => ({
      ...allow('kms:Decrypt'),
      Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } },
    })
    const users = {
      both: { statements: [allow('s3:GetObject'), through('s3')] },
      other: { statements: [allow('s3:GetObject'), through('sqs')] },
      one: { statements: [allow('s3:GetObject')] },
      writer: { statements: [allow('s3:PutObject')] },
    }
    const graph = (kmsKey: string | null | undefined) =>
      graphOfOne({ users }, [
        { type: 'AWS::S3::Bucket', arn: bucket, ...(kmsKey !== undefined && { kmsKey }) },
        {
          type: 'AWS::KMS::Key',
          arn: key,
          policy: policy({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: 'kms:*',
            Resource: '*',
          }),
        },
      ])
    const readers = (kmsKey: string | null | undefined) => who(graph(kmsKey), 's3:GetObject', `${bucket}/x`)
    assert.deepEqual(readers(key), ['both proven'])
    for (const none of [null, 'alias/aws/s3', undefined]) assert.equal(readers(none).length, 3, String(none))
    assert.match(noteOfKey(graph(undefined).world, 's3:GetObject', `${bucket}/x`) ?? '', /needs kms:Decrypt/)
    assert.equal(noteOfKey(graph(null).world, 's3:GetObject', `${bucket}/x`), undefined)
    assert.equal(noteOfKey(graph(undefined).world, 's3:DeleteObject', `${bucket}/x`), undefined)
    // who writes may name another key, or none
    const writers = who(graph(key), 's3:PutObject', `${bucket}/x`)
    assert.deepEqual(writers, ['writer proven'])
    assert.match(
      noteOfKey(graph(key).world, 's3:PutObject', `${bucket}/x`) ?? '',
      /unless the call names another/,
    )
  })

  test('of a key, the policies of IAM count if its policy names the account', () => {
    const key = `arn:aws:kms:eu-west-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
    const file = { users: { dev: { statements: [allow('kms:Decrypt')] } } }
    const graph = (AWS: string) =>
      graphOfOne(file, [
        {
          type: 'AWS::KMS::Key',
          arn: key,
          policy: policy({ Effect: 'Allow', Principal: { AWS }, Action: 'kms:*', Resource: '*' }),
        },
      ])
    assert.deepEqual(who(graph(`arn:aws:iam::${account}:root`), 'kms:Decrypt', key), ['dev proven'])
    assert.deepEqual(who(graph(userArn('other')), 'kms:Decrypt', key), [])
  })

  test('the trust policy of a role counts for sts:AssumeRole', () => {
    const file = {
      users: { dev: { statements: [allow('sts:AssumeRole')] }, ops: {} },
      roles: { app: { trust: { AWS: userArn('ops') } } },
    }
    assert.deepEqual(who(graphOfOne(file, []), 'sts:AssumeRole', roleArn('app')), ['ops proven'])
  })

  test('principals of other accounts need an Allow on both sides', () => {
    const bucket = 'arn:aws:s3:::pay'
    const open = policy({
      Effect: 'Allow',
      Principal: { AWS: userArn('dev') },
      Action: 's3:GetObject',
      Resource: `${bucket}/*`,
    })
    const details = detailsOf({ users: { boss: {} } }).replaceAll(account, other)
    const inventory = readInventory({ resources: [{ type: 'AWS::S3::Bucket', arn: bucket, policy: open }] })
    const foreign = readWorld({ details, inventory })
    const graph = (statements: readonly Statement[]) =>
      graphOf(joinWorlds([worldOf({ users: { dev: { statements } } }, []), foreign]), techniqueTable())
    assert.deepEqual(who(graph([allow('s3:GetObject')]), 's3:GetObject', `${bucket}/x`), ['dev proven'])
    assert.deepEqual(who(graph([]), 's3:GetObject', `${bucket}/x`), [])
  })
})

describe('starts that only the policy of a resource names', () => {
  const foreign = '999988887777'
  const code = 'lambda:UpdateFunctionCode'

  /** The outsiders, and what is found from each to an administrator. */
  function starts(resourcePolicy: unknown, more: object = {}, organization: object = {}): string[] {
    const graph = graphOfOne({ roles: payRole }, [{ ...lambda(resourcePolicy), ...more }], organization)
    return graph.outsiders.flatMap((outsider) => {
      if (outsider.is === 'service') return []
      const { verdict, residual } = graph.paths(graph.findOutsider(outsider.arn)!)
      return [[outsider.arn, verdict, ...residual.map(({ operator, key }) => `${operator} ${key}`)].join(' ')]
    })
  }

  test('another account comes in as far as its own policies allow the call', () => {
    const root = `arn:aws:iam::${foreign}:root`
    assert.deepEqual(starts(policy(letsIn({ AWS: root }))), [`${root} conditional Allow ${code}`])
    assert.deepEqual(starts(policy(letsIn({ AWS: foreign }))), [`${root} conditional Allow ${code}`])
    assert.deepEqual(starts(policy(letsIn({ AWS: root }, 'lambda:GetFunction'))), [`${root} none`])
    const ci = `arn:aws:iam::${foreign}:role/ci`
    assert.deepEqual(starts(policy(letsIn({ AWS: ci }))), [
      `${root} conditional Allow ${code}`,
      `${ci} conditional Allow ${code}`,
    ])
  })

  test('each request of the way is asked of the other account', () => {
    const both = policy(letsIn({ AWS: foreign }, [code, 'lambda:InvokeFunction']))
    const idle = { invokedBy: '' }
    const root = `arn:aws:iam::${foreign}:root`
    assert.deepEqual(starts(both, idle), [`${root} conditional Allow ${code} Allow lambda:InvokeFunction`])
    assert.match(starts(policy(letsIn({ AWS: foreign })), idle)[0] ?? '', / (?:none|blocked)$/)
  })

  test('anyone comes in if the policy names everyone', () => {
    assert.deepEqual(starts(policy(letsIn('*'))), ['* proven'])
    const graph = graphOfOne({ roles: payRole }, [lambda(policy(letsIn('*')))])
    for (const name of [foreign, `arn:aws:iam::${foreign}:role/ci`]) {
      const { verdict, residual } = graph.paths(graph.findStart(name)!)
      assert.deepEqual([verdict, residual.map(({ key }) => key)], ['conditional', [code]])
    }
    assert.equal(graph.findStart(account), undefined)
    const org = { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }
    assert.deepEqual(starts(policy(letsIn('*', code, org))), [
      '* conditional StringEquals aws:PrincipalOrgID',
    ])
    const own = { Condition: { StringEquals: { 'aws:PrincipalAccount': account } } }
    assert.match(starts(policy(letsIn('*', code, own)))[0] ?? '', /^\* (?:none|blocked|conditional)/)
  })

  test('a policy of a resource that wears no role names no start', () => {
    const bucket = {
      type: 'AWS::S3::Bucket',
      arn: 'arn:aws:s3:::pay',
      policy: policy({ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: '*' }),
    }
    assert.deepEqual(graphOfOne({ users: { dev: {} } }, [bucket]).outsiders, [])
  })

  test('a member with one of a few values must have one of them', () => {
    const arn = `arn:aws:ec2:eu-west-1:${account}:instance/i-0123456789abcdef0`
    const inventory = (ssmAgent: unknown) => ({
      resources: [{ type: 'AWS::EC2::Instance', arn, ssmAgent }],
    })
    assert.throws(() => readInventory(inventory(true)), /ssmAgent .* must be online or offline/)
    assert.equal(readInventory(inventory('online')).resources?.length, 1)
    assert.equal(readInventory(inventory(undefined)).resources?.length, 1)
  })
})
