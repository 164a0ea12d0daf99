import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListRolesCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { allow, policyText } from '../kit/index.ts'
import { omen, serve, temporaryHome } from './process.ts'

const policy = (...actions: readonly string[]) => policyText(allow(actions))

describe('omen plan, against what is there', () => {
  test('a running house: what was seen used and is lost; what the template does not have stays', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const client = (credentials: { accessKeyId: string; secretAccessKey: string }) => {
      const made = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials })
      t.after(() => made.destroy())
      return made
    }
    const admin = client(served.keys.admin)
    await admin.send(new CreateUserCommand({ UserName: 'dev' }))
    await admin.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'p',
        PolicyDocument: policy('iam:ListRoles', 'iam:ListUsers'),
      }),
    )
    const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
    const dev = client({ accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' })
    await dev.send(new ListRolesCommand({}))
    const template = join(home, 'dev.json')
    const user = {
      UserName: 'dev',
      Policies: [{ PolicyName: 'p', PolicyDocument: JSON.parse(policy('iam:ListGroups')) as unknown }],
    }
    writeFileSync(
      template,
      JSON.stringify({ Resources: { Dev: { Type: 'AWS::IAM::User', Properties: user } } }),
    )
    const { status, stdout } = await omen(['plan', template, '--against', home, '--output', 'json'])
    assert.equal(status, 1)
    const plan = JSON.parse(stdout) as {
      access: { arn: string; added: { actions: string[] }[]; removed: { actions: string[] }[] }[]
      lost: unknown[]
    }
    const arn = 'arn:aws:iam::123456789012:user/dev'
    assert.deepEqual(plan.lost, [{ who: arn, action: 'iam:ListRoles', resource: '*' }])
    assert.deepEqual(
      plan.access.map((each) => [each.arn, each.added[0]?.actions, each.removed[0]?.actions]),
      [[arn, ['iam:ListGroups'], ['iam:ListRoles', 'iam:ListUsers']]],
    )
    const human = await omen(['plan', template, '--against', home])
    assert.match(human.stdout, /^Lost, and seen used:\n {2}user\/dev: iam:ListRoles on \*$/m)
  })

  test('a dump: a role that CloudFormation named is found by the beginning of its name', async (t) => {
    const home = temporaryHome(t)
    const trust = {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
    }
    const name = 'shop-Worker-1A2B3C4D5E6F'
    const arn = `arn:aws:iam::210987654321:role/${name}`
    const inline = (...actions: readonly string[]) => [
      { PolicyName: 'p', PolicyDocument: JSON.parse(policy(...actions)) as unknown },
    ]
    const role = {
      RoleName: name,
      Arn: arn,
      Path: '/',
      RoleId: 'AROAEXAMPLEEXAMPLE123',
      CreateDate: '2026-01-01T00:00:00Z',
      AssumeRolePolicyDocument: trust,
      InstanceProfileList: [],
      RolePolicyList: inline('sqs:SendMessage'),
      AttachedManagedPolicies: [],
      Tags: [],
    }
    writeFileSync(
      join(home, 'dump.json'),
      JSON.stringify({ UserDetailList: [], GroupDetailList: [], RoleDetailList: [role], Policies: [] }),
    )
    const properties = {
      AssumeRolePolicyDocument: trust,
      Policies: inline('sqs:SendMessage', 'sqs:PurgeQueue'),
    }
    writeFileSync(
      join(home, 'shop.json'),
      JSON.stringify({ Resources: { Worker: { Type: 'AWS::IAM::Role', Properties: properties } } }),
    )
    const { stdout } = await omen(
      ['plan', 'shop.json', '--against', 'dump.json', '--output', 'json'],
      {},
      home,
    )
    const { access, wearers } = JSON.parse(stdout) as {
      access: { arn: string; state: string; added: { actions: string[] }[] }[]
      wearers: unknown[]
    }
    assert.deepEqual(
      access.map((each) => [each.arn, each.state, each.added.map(({ actions }) => actions)]),
      [[arn, 'changed', [['sqs:PurgeQueue']]]],
    )
    assert.deepEqual(wearers, [])
  })
})
