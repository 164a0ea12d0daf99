import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  factValueIn,
  graphOf,
  noteOfKeyPolicy,
  pathView,
  readInventory,
  readWorld,
  StepBudget,
} from '../../packages/server/src/graph/index.ts'
import {
  type AccountFile,
  account,
  allow,
  deny,
  detailsOf,
  inventoryOf,
  policyArn,
  roleArn,
  userArn,
} from './account-file.ts'
import { root, when } from './kinds.ts'

const key = `arn:aws:kms:eu-west-1:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
const foreign = '999988887777'
const queue = `arn:aws:sqs:eu-west-1:${foreign}:orders`

function graphOfResources(file: AccountFile, resources: readonly object[] = []) {
  const inventory = readInventory({ ...(inventoryOf(file) as object), resources })
  return graphOf(readWorld({ details: detailsOf(file), inventory }), techniqueTable())
}

function letting(AWS: string, Action: string, Resource: string) {
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS }, Action, Resource }] }
}

type Who = ReturnType<ReturnType<typeof graphOfResources>['powers']>
const names = (found: Who): readonly string[] =>
  found.map(({ principal, verdict, steps }) => `${principal.name} ${verdict} ${steps.length}`).sort()

describe('who can make a call', () => {
  test('of a resource of another account whose policy the inventory has, is who both sides allow it (GRD-430)', () => {
    const file = {
      users: { dev: { statements: [allow('sqs:SendMessage', queue)] }, guest: {} },
      roles: { app: { trust: { AWS: root }, statements: [allow('sqs:*')] } },
    }
    const who = (AWS: string) => {
      const resource = { type: 'AWS::SQS::Queue', arn: queue, policy: letting(AWS, 'sqs:SendMessage', queue) }
      return names(graphOfResources(file, [resource]).powers('sqs:SendMessage', queue))
    }
    assert.deepEqual(who(account), ['app proven 0', 'dev proven 0'])
    assert.deepEqual(who(userArn('dev')), ['dev proven 0'])
    assert.deepEqual(who(userArn('guest')), [])
  })

  test('of a resource that an inventory of an account without a dump has, is who both sides allow it (GRD-723)', () => {
    const file = {
      users: { dev: { statements: [allow('sqs:SendMessage', queue), allow('s3:*', '*')] }, guest: {} },
      roles: { app: { trust: { AWS: root }, statements: [allow('sqs:*')] } },
    }
    const bucket = 'arn:aws:s3:::far'
    const resources = (AWS: string) => [
      { type: 'AWS::SQS::Queue', arn: queue, policy: letting(AWS, 'sqs:SendMessage', queue) },
      { type: 'AWS::S3::Bucket', arn: bucket },
    ]
    const who = (AWS: string, action = 'sqs:SendMessage', arn = queue) => {
      const world = readWorld({ details: detailsOf(file), inventory: readInventory(inventoryOf(file)) })
      const elsewhere = new Map([[foreign, readInventory({ resources: resources(AWS) }).resources ?? []]])
      return names(graphOf({ ...world, elsewhere }, techniqueTable()).powers(action, arn))
    }
    assert.deepEqual(who(account), ['app proven 0', 'dev proven 0'])
    assert.deepEqual(who(userArn('dev')), ['dev proven 0'])
    assert.deepEqual(who(userArn('guest')), [])
    // the bucket is of the other account, and has no policy
    assert.deepEqual(who(account, 's3:GetObject', `${bucket}/a`), [])
    assert.deepEqual(who(account, 'sqs:SendMessage', `${queue}-other`), ['app undecided 0'])
  })

  test('through what a build runs, waits for the resources that its own call takes (GRD-724)', () => {
    const file = {
      users: {
        dev: { statements: [allow('s3:PutObject')] },
        pusher: { statements: [allow('codecommit:GitPush')] },
      },
      roles: { app: { trust: { Service: 'codebuild.amazonaws.com' }, statements: [allow('sqs:*')] } },
    }
    const graph = graphOf(readWorld({ details: detailsOf(file) }), techniqueTable())
    const seen = (user: string) => {
      const [from, to] = [graph.findStart(userArn(user)), graph.find(roleArn('app'))]
      assert.ok(from && to)
      const [path] = graph.paths(from, to, {}).paths
      assert.ok(path)
      return pathView(graph.world, path).steps.map(({ label, facts }) => [
        label,
        ...facts.map(({ value }) => value),
      ])
    }
    assert.deepEqual(seen('dev'), [
      ['PutObject', 'the inventory has no list of AWS::S3::Object: no list says what runs it'],
    ])
    assert.deepEqual(seen('pusher'), [
      [
        'GitPush',
        'the inventory has no list of AWS::CodeCommit::Repository: no list says what builds from it',
      ],
    ])
  })

  test('by two calls on one resource, waits for its list once (GRD-725)', () => {
    const file = {
      users: { dev: { statements: [allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'])] } },
      roles: { app: { trust: { Service: 'lambda.amazonaws.com' }, statements: [allow('sqs:*')] } },
    }
    const graph = graphOf(readWorld({ details: detailsOf(file) }), techniqueTable())
    const [from, to] = [graph.findStart(userArn('dev')), graph.find(roleArn('app'))]
    assert.ok(from && to)
    const [path] = graph.paths(from, to, {}).paths
    assert.ok(path)
    const [step] = pathView(graph.world, path).steps
    assert.deepEqual(
      step?.facts.flatMap(({ readBy }) => readBy ?? []),
      ['aws lambda list-functions'],
    )
  })

  test('of a resource whose account and policy are in no file, is undecided and names the fact (GRD-431)', () => {
    const graph = graphOfResources({
      users: { dev: { statements: [allow('sqs:SendMessage', queue)] }, guest: {} },
    })
    const [dev, ...others] = graph.powers('sqs:SendMessage', queue)
    assert.deepEqual(others, [])
    assert.equal(dev?.verdict, 'undecided')
    assert.deepEqual(
      dev?.facts.map((each) => factValueIn(each, 'en')),
      [`the policy of ${queue} is in no file`],
    )
  })

  test('with a key of AWS KMS whose policy is in no file, is undecided (GRD-432)', () => {
    const file = { users: { dev: { statements: [allow('kms:Decrypt')] }, guest: {} } }
    assert.deepEqual(names(graphOfResources(file).powers('kms:Decrypt', key)), ['dev undecided 0'])
    const without = [{ type: 'AWS::KMS::Key', arn: key }]
    assert.deepEqual(names(graphOfResources(file, without).powers('kms:Decrypt', key)), ['dev undecided 0'])
    const far = key.replace(account, foreign)
    assert.deepEqual(names(graphOfResources(file).powers('kms:Decrypt', far)), ['dev undecided 0'])
  })

  test('on a resource under a key whose policy is in no file, is undecided without an Allow for the key (GRD-801)', () => {
    const secret = `arn:aws:secretsmanager:eu-west-1:${account}:secret:db-AbCdEf`
    const reads = allow('secretsmanager:GetSecretValue')
    const file = {
      users: {
        dev: { statements: [reads] },
        refused: { statements: [reads, deny('kms:Decrypt')] },
        guest: {},
      },
    }
    const resources = [{ type: 'AWS::SecretsManager::Secret', arn: secret, kmsKey: key }]
    const who = (more: readonly object[]) =>
      names(graphOfResources(file, [...resources, ...more]).powers('secretsmanager:GetSecretValue', secret))
    assert.deepEqual(who([]), ['dev undecided 0'])
    const policy = letting(userArn('guest'), 'kms:*', '*')
    assert.deepEqual(who([{ type: 'AWS::KMS::Key', arn: key, policy }]), [])
    const { world } = graphOfResources(file, resources)
    assert.match(noteOfKeyPolicy(world, key) ?? '', /is in no file/)
    assert.equal(noteOfKeyPolicy(world, secret), undefined)
    assert.equal(
      noteOfKeyPolicy(graphOfResources(file, [{ type: 'AWS::KMS::Key', arn: key, policy }]).world, key),
      undefined,
    )
  })

  test('of a resource of its account, is also who may change the policy of the resource (GRD-812)', () => {
    const bucket = 'arn:aws:s3:::pay'
    const own = `arn:aws:sqs:eu-west-1:${account}:orders`
    const file = {
      users: {
        get: { statements: [allow('s3:GetObject')] },
        put: { statements: [allow('s3:PutBucketPolicy')] },
        rid: { statements: [allow(['s3:GetObject', 's3:DeleteBucketPolicy'])] },
        drop: { statements: [allow('s3:DeleteBucketPolicy')] },
        never: { statements: [allow('s3:PutBucketPolicy'), deny('s3:GetObject')] },
        adds: { statements: [allow('sqs:AddPermission')] },
        sets: { statements: [allow('sqs:SetQueueAttributes', own), allow('sqs:SetQueueAttributes', queue)] },
      },
    }
    const refusing = (Action: string, Resource: string) => ({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Deny', Principal: '*', Action, Resource }],
    })
    const who = (resource: string, action: string, policy?: object) => {
      const type = resource === bucket ? 'AWS::S3::Bucket' : 'AWS::SQS::Queue'
      const object = resource === bucket ? `${bucket}/x` : resource
      return graphOfResources(file, [{ type, arn: resource, policy }])
        .powers(action, object)
        .map(({ principal, verdict, after = 'directly' }) => `${principal.name} ${verdict} ${after}`)
        .sort()
    }
    const changers = ['put proven s3:PutBucketPolicy', 'rid proven s3:DeleteBucketPolicy']
    assert.deepEqual(who(bucket, 's3:GetObject', refusing('s3:GetObject', `${bucket}/*`)), changers)
    assert.deepEqual(who(bucket, 's3:GetObject'), [
      'get proven directly',
      'put proven s3:PutBucketPolicy',
      'rid proven directly',
    ])
    assert.deepEqual(who(own, 'sqs:SendMessage'), [
      'adds proven sqs:AddPermission',
      'sets proven sqs:SetQueueAttributes',
    ])
    assert.deepEqual(who(own, 'sqs:SendMessage', refusing('sqs:SendMessage', own)), [
      'sets proven sqs:SetQueueAttributes',
    ])
    assert.deepEqual(who(queue, 'sqs:SendMessage', refusing('sqs:SendMessage', queue)), [])
  })

  test('of a resource, is also whom its policy lets in from outside of the accounts (GRD-813)', () => {
    const bucket = 'arn:aws:s3:::pay'
    const letIn = (Principal: unknown, Condition: object = {}) => ({
      ...{ Effect: 'Allow', Principal, Action: 's3:GetObject', Resource: `${bucket}/*`, Condition },
    })
    const who = (...Statement: readonly object[]) => {
      const policy = { Version: '2012-10-17', Statement }
      return graphOfResources({ users: { guest: {} } }, [{ type: 'AWS::S3::Bucket', arn: bucket, policy }])
        .outsidePowers('s3:GetObject', `${bucket}/x`)
        .map(({ outsider, verdict }) => `${outsider.is} ${verdict}`)
    }
    assert.deepEqual(who(letIn('*')), ['anyone proven'])
    assert.deepEqual(who(letIn('*', when('IpAddress', 'aws:SourceIp', '10.0.0.0/8'))), ['anyone conditional'])
    assert.deepEqual(who(letIn({ AWS: foreign })), ['account conditional'])
    assert.deepEqual(who(letIn({ AWS: account })), [])
    assert.deepEqual(who(letIn({ Service: 'logs.amazonaws.com' })), [])
    assert.deepEqual(who(letIn('*'), { ...letIn('*'), Effect: 'Deny' }), [])
  })

  test('of a key, is who may make a grant for itself (GRD-793)', () => {
    const grants = (Condition: object = {}) => ({ ...allow('kms:CreateGrant'), Condition })
    const only = (...operations: readonly string[]) =>
      grants({ 'ForAllValues:StringEquals': { 'kms:GrantOperations': operations } })
    const policy = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: account }, Action: 'kms:*', Resource: '*' }],
    }
    const file = {
      users: {
        any: { statements: [grants()] },
        same: { statements: [only('Decrypt')] },
        other: { statements: [only('Encrypt')] },
        refused: { statements: [grants(), deny('kms:Decrypt')] },
        service: { statements: [grants({ Bool: { 'kms:GrantIsForAWSResource': 'true' } })] },
        guest: {},
      },
    }
    const graph = graphOfResources(file, [{ type: 'AWS::KMS::Key', arn: key, policy }])
    assert.deepEqual(names(graph.powers('kms:Decrypt', key)), ['any proven 0', 'same proven 0'])
    assert.deepEqual(names(graph.powers('kms:ScheduleKeyDeletion', key)), [])
    const refuses = { Effect: 'Deny', Principal: '*', Action: 'kms:Decrypt', Resource: '*' }
    const shut = { ...policy, Statement: [...policy.Statement, refuses] }
    const resources = [{ type: 'AWS::KMS::Key', arn: key, policy: shut }]
    assert.deepEqual(names(graphOfResources(file, resources).powers('kms:Decrypt', key)), [])
    assert.deepEqual(names(graphOfResources(file).powers('kms:Decrypt', key)), [
      'any undecided 0',
      'same undecided 0',
    ])
  })

  test('under a condition, is decided by the keys that are stated', () => {
    const near = when('IpAddress', 'aws:SourceIp', '10.0.0.0/8')
    const graph = graphOfResources({ users: { dev: { statements: [allow('s3:GetObject', '*', near)] } } })
    const who = (context?: Record<string, string>) =>
      names(graph.powers('s3:GetObject', 'arn:aws:s3:::pay/a', {}, context))
    assert.deepEqual(who(), ['dev conditional 0'])
    assert.deepEqual(who({ 'aws:SourceIp': '10.0.0.7' }), ['dev proven 0'])
    assert.deepEqual(who({ 'AWS:sourceip': '192.0.2.1' }), [])
  })

  test('of its own name, is not taken for another one that is alike', () => {
    const own = allow('iam:CreateAccessKey', `arn:aws:iam::${account}:user/\${aws:username}`)
    const users = Object.fromEntries(['a', 'b', 'c'].map((name) => [name, { statements: [own] }]))
    assert.deepEqual(names(graphOfResources({ users }).powers('iam:CreateAccessKey', userArn('b'))), [
      'b proven 0',
    ])
  })

  test('counts who changes itself, also within a boundary', () => {
    const edge = { edge: [allow(['s3:*', 'iam:PutUserPolicy'])] }
    const dev = { statements: [allow('iam:PutUserPolicy', userArn('dev'))], boundary: policyArn('edge') }
    const graph = graphOfResources({ users: { dev, guest: {} }, policies: edge })
    assert.deepEqual(names(graph.powers('s3:GetObject', 'arn:aws:s3:::pay/a')), ['dev proven 1'])
    assert.deepEqual(graph.powers('sqs:SendMessage', `arn:aws:sqs:eu-west-1:${account}:q`), [])
  })

  test('costs a few steps for each principal, however many lead to an administrator', () => {
    const of = (count: number): number => {
      const users = Object.fromEntries(
        Array.from({ length: count }, (_, place) => [
          `u-${place}`,
          { statements: [place % 2 ? allow('iam:*') : allow('sts:AssumeRole', roleArn(`r-${place}`))] },
        ]),
      )
      const roles = Object.fromEntries(
        Array.from({ length: count }, (_, place) => [
          `r-${place}`,
          {
            trust: { AWS: root },
            statements:
              place % 8 === 0
                ? [allow('*')]
                : place % 3 === 0
                  ? []
                  : [allow('iam:PutRolePolicy', roleArn('r-*')), deny('s3:DeleteBucket')],
          },
        ]),
      )
      const budget = new StepBudget()
      const found = graphOfResources({ users, roles }).powers('s3:GetObject', 'arn:aws:s3:::pay/a', {
        budget,
      })
      assert.ok(found.length > count)
      assert.equal(budget.incomplete, undefined)
      return budget.taken
    }
    const few = of(16)
    const many = of(64)
    assert.ok(many < few * 8 && many < 2_000, `${few} steps with 32 principals, ${many} with 128`)
  })

  test('whose policy no file has, is decided for each principal by its first way (GRD-721)', () => {
    const of = (action: string, resource: string, count: number): number => {
      const everything = allow(['lambda:*', 'ec2:*', 's3:*', 'codebuild:*', 'kms:Decrypt'])
      const roles = Object.fromEntries(
        Array.from({ length: count }, (_, place) => [
          `r-${place}`,
          {
            trust: { Service: 'lambda.amazonaws.com' },
            statements: [allow('sqs:*', `arn:aws:sqs:*:*:q-${place}`)],
          },
        ]),
      )
      const dump = { users: { dev: { statements: [everything] } }, roles }
      const graph = graphOf(readWorld({ details: detailsOf(dump) }), techniqueTable())
      const budget = new StepBudget()
      const found = graph.powers(action, resource, { budget })
      assert.equal(found.find(({ principal }) => principal.name === 'dev')?.verdict, 'undecided')
      assert.equal(budget.incomplete, undefined)
      return budget.taken
    }
    assert.ok(of('kms:Decrypt', key, 60) < 100)
    const few = of('sqs:SendMessage', `arn:aws:sqs:eu-west-1:${account}:q-1`, 20)
    const many = of('sqs:SendMessage', `arn:aws:sqs:eu-west-1:${account}:q-1`, 160)
    assert.ok(many < few * 6, `${few} steps with 20 roles, ${many} with 160`)
  })

  test('that is a pattern, is who may make every call that fits it (GRD-570)', () => {
    const user = (...statements: readonly object[]) => ({ statements: statements as never[] })
    const graph = graphOfResources({
      users: {
        all: user(allow('s3:*')),
        most: user(allow('s3:*'), deny('s3:DeleteBucket')),
        reader: user(allow('s3:*'), deny('s3:Put*')),
        spared: user(
          { Effect: 'Allow', NotAction: 's3:DeleteBucket', Resource: '*' },
          { Effect: 'Deny', NotAction: 's3:*', Resource: '*' },
        ),
        only: user(allow('s3:*'), { Effect: 'Deny', NotAction: 's3:Get*', Resource: '*' }),
        guarded: user(
          allow('s3:*'),
          deny('s3:DeleteBucket', '*', when('Bool', 'aws:SecureTransport', 'false')),
        ),
        some: user(allow('s3:Get*')),
      },
    })
    const who = (action: string) => names(graph.powers(action, '*')).map((each) => each.split(' ')[0])
    assert.deepEqual(who('s3:*'), ['all', 'guarded'])
    assert.deepEqual(who('s3:Get*'), ['all', 'guarded', 'most', 'only', 'reader', 'some', 'spared'])
    assert.deepEqual(who('s3:DeleteBucket'), ['all', 'guarded', 'reader'])
    assert.deepEqual(who('s3:Delete*'), ['all', 'guarded', 'reader'])
  })
})
