import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import {
  CreatePolicyCommand,
  IAMClient,
  PutRolePermissionsBoundaryCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  assertAllowed,
  assertCanAssume,
  assertCannotAssume,
  assertCannotPass,
  assertCannotReach,
  assertCanPass,
  assertDenied,
  createOmen,
  matchers,
  type RunningOmen,
} from 'omen-iam/testing'
import { createRole, putPolicy } from './roles.ts'

let omen: RunningOmen

before(async () => {
  omen = await createOmen({ randomSeed: 'assertions' })
  await createRole(omen, 'deployer')
  await createRole(omen, 'worker')
  await putPolicy(omen, 'deployer', { Sid: 'App', Action: ['s3:*', 'iam:PassRole', 'sts:AssumeRole'] })
  const boundary = {
    Version: '2012-10-17',
    Statement: [
      { Sid: 'Dev', Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::dev-*' },
      { Sid: 'Roles', Effect: 'Allow', Action: ['iam:*', 'sts:*'], Resource: '*' },
      { Sid: 'NoDelete', Effect: 'Deny', Action: 's3:Delete*', Resource: '*' },
    ],
  }
  const iam = omen.client(IAMClient)
  const input = { PolicyName: 'limits', PolicyDocument: JSON.stringify(boundary) }
  const { Policy } = await iam.send(new CreatePolicyCommand(input))
  await iam.send(
    new PutRolePermissionsBoundaryCommand({ RoleName: 'deployer', PermissionsBoundary: Policy?.Arn }),
  )
})
after(() => omen.close())

const dev = 'arn:aws:s3:::dev-a/x'
const pay = 'arn:aws:s3:::pay/x'

async function messageOf(failing: Promise<void>): Promise<string> {
  const error: unknown = await failing.then(
    () => assert.fail('the assertion held'),
    (thrown: unknown) => thrown,
  )
  assert.ok(error instanceof assert.AssertionError)
  return error.message
}

describe('assertions', () => {
  test('allowed and denied; by layer, statement and policy', async () => {
    const deployer = omen.as('role/deployer')
    await assertAllowed(deployer, ['s3:GetObject', 's3:PutObject'], [dev, 'arn:aws:s3:::dev-b/y'])
    for (const by of [
      'boundary',
      'permissions-boundary',
      'limits',
      'arn:aws:iam::123456789012:policy/limits',
    ])
      await assertDenied(deployer, 's3:GetObject', pay, { by })
    for (const by of ['boundary', 'NoDelete', 'limits'])
      await assertDenied(deployer, 's3:DeleteObject', dev, { by })
    const deny = { Version: '2012-10-17', Statement: { Effect: 'Deny', Action: 's3:*', Resource: pay } }
    const narrow = omen.as('role/deployer', { policy: deny })
    await assertDenied(narrow, 's3:GetObject', pay, { by: 'session' })
    await assertDenied(omen.as('role/worker'), 's3:GetObject', dev, { by: 'identity' })
  })

  test('a failure names the deciding statement and the smallest change', async () => {
    const deployer = omen.as('role/deployer')
    assert.equal(
      await messageOf(assertAllowed(deployer, 's3:GetObject', pay)),
      `role/deployer must be allowed s3:GetObject on ${pay}, and is denied
  User: arn:aws:sts::123456789012:assumed-role/deployer/test is not authorized to perform: s3:GetObject on resource: ${pay} because no permissions boundary allows the s3:GetObject action
  no permissions boundary allows it
  statement "Dev" of arn:aws:iam::123456789012:policy/limits (permissions boundary), line 1: Resource does not match
  smallest change: add ${pay} to Resource of statement "Dev" of arn:aws:iam::123456789012:policy/limits (permissions boundary)`,
    )
    assert.equal(
      await messageOf(assertDenied(deployer, 's3:GetObject', dev)),
      `role/deployer must be denied s3:GetObject on ${dev}, and is allowed
  allowed by statement "App" of role_deployer_app (identity policy), line 1`,
    )
    assert.match(
      await messageOf(assertDenied(deployer, 's3:GetObject', pay, { by: 'scp' })),
      /^role\/deployer must be denied s3:GetObject on arn:aws:s3:::pay\/x by scp, and is denied by something else\n/,
    )
    assert.match(
      await messageOf(assertAllowed(deployer, 's3:DeleteObject', dev)),
      /denied by statement "NoDelete" of .* \(permissions boundary\), line 1\n {2}smallest change: /,
    )
  })

  test('session policies and condition keys count', async () => {
    const policy = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Resource: '*',
        Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
      },
    }
    const narrow = omen.as('role/deployer', { policy })
    await assertAllowed(narrow, 's3:GetObject', dev, { context: { 'aws:SourceIp': '10.1.1.1' } })
    await assertDenied(narrow, 's3:GetObject', dev, { by: 'session' })
    assert.match(
      await messageOf(assertAllowed(narrow, 's3:GetObject', dev)),
      /IpAddress aws:SourceIp wants "10\.0\.0\.0\/8", the request has "127\.0\.0\.1"/,
    )
  })

  test('assuming and passing roles ask both sides', async () => {
    const deployer = omen.as('role/deployer')
    await assertCannotAssume(deployer, 'role/worker', { by: 'trust' })
    await assertCanPass(deployer, 'role/worker', 'ec2.amazonaws.com')
    await assertCannotPass(deployer, 'worker', 'lambda.amazonaws.com', { by: 'trust' })
    assert.match(
      await messageOf(assertCanPass(omen.as('role/worker'), 'worker', 'ec2.amazonaws.com')),
      /must be allowed iam:PassRole on worker for ec2\.amazonaws\.com, and is denied/,
    )
    const clean = await omen.snapshot()
    const trust = {
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Principal: { AWS: 'arn:aws:iam::123456789012:role/deployer' },
        Action: 'sts:AssumeRole',
      },
    }
    const input = { RoleName: 'worker', PolicyDocument: JSON.stringify(trust) }
    await omen.client(IAMClient).send(new UpdateAssumeRolePolicyCommand(input))
    await assertCanAssume(deployer, 'arn:aws:iam::123456789012:role/worker')
    await omen.restore(clean)
    await assertCannotAssume(deployer, 'role/worker')
    await assert.rejects(assertCanAssume(deployer, 'role/nobody'), /no role role\/nobody/)
  })

  test('credentials end with the clock, and say so', async () => {
    const clean = await omen.snapshot()
    const deployer = omen.as('role/deployer')
    omen.clock.advance(3_600_000)
    await assert.rejects(
      assertAllowed(deployer, 's3:GetObject', dev),
      /role\/deployer are not valid now: expiredToken/,
    )
    await omen.restore(clean)
    await assertAllowed(deployer, 's3:GetObject', dev)
  })
})

describe('paths', () => {
  test('nobody must come to be an administrator, or another principal', async () => {
    await putPolicy(omen, 'worker', { Sid: 'Self', Action: 'iam:PutRolePolicy' })
    const worker = omen.as('role/worker')
    const deployer = omen.as('role/deployer')
    await assertCannotReach(deployer)
    assert.match(
      await messageOf(assertCannotReach([deployer, worker])),
      /^role\/worker must not reach administrator, and may: role\/worker → administrator: proven, 1 step; iam:PutRolePolicy by role\/worker \(.* of worker:1:\d+\)$/,
    )
    await assert.rejects(assertCannotReach(deployer, 'role/nobody'), /there is no user or role role\/nobody/)
    await assert.rejects(assertCannotReach(omen.as('root')), /root is no user and no role/)
    assert.equal((await matchers.toReach(worker)).pass, true)
    assert.equal((await matchers.toReach(deployer, 'role/worker')).pass, false)
    assert.match((await matchers.toReach(deployer)).message(), /^role\/deployer must reach administrator: /)
  })
})

describe('matchers', () => {
  test('pass and fail with the message of the assertions', async () => {
    const deployer = omen.as('role/deployer')
    assert.equal((await matchers.toBeAllowedTo(deployer, 's3:GetObject', dev)).pass, true)
    assert.equal((await matchers.toBeDenied(deployer, 's3:GetObject', pay)).pass, true)
    assert.equal((await matchers.toBeDeniedBy(deployer, 'NoDelete', 's3:DeleteObject', dev)).pass, true)
    assert.equal((await matchers.toBeAbleToAssume(deployer, 'role/worker')).pass, false)
    assert.equal((await matchers.toBeAbleToPass(deployer, 'worker', 'ec2.amazonaws.com')).pass, true)
    const failed = await matchers.toBeAllowedTo(deployer, 's3:GetObject', pay)
    assert.match(failed.message(), /^role\/deployer must be allowed .*\n(.*\n)*? {2}smallest change: /)
    // `.not` shows the message of what holds
    const held = await matchers.toBeAllowedTo(deployer, 's3:GetObject', dev)
    assert.match(held.message(), /^role\/deployer must not be allowed/)
    const other = await matchers.toBeAllowedTo('deployer', 's3:GetObject', dev)
    assert.match(other.message(), /omen\.as/)
  })
})
