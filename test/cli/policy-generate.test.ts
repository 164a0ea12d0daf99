import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  GetRoleCommand,
  IAMClient,
  ListUsersCommand,
  PutUserPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam'
import { allow, policyText, trustPolicy } from '../kit/index.ts'
import { omen, type Served, serve, temporaryHome } from './process.ts'

const trust = trustPolicy({ Service: 'ec2.amazonaws.com' })
const role = (name: string) => `arn:aws:iam::123456789012:role/team/${name}`

/** A user `dev` of the server, and a client in its hand. */
async function devOf(served: Served): Promise<{ readonly admin: IAMClient; readonly dev: IAMClient }> {
  const client = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
    new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials })
  const admin = client(served.keys.admin)
  await admin.send(new CreateUserCommand({ UserName: 'dev' }))
  const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
  return {
    admin,
    dev: client({ accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }),
  }
}

describe('omen policy generate', () => {
  test('RSN-4 writes the least policy that allows what was seen, and proves it', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const { admin, dev } = await devOf(served)
    t.after(() => [admin, dev].forEach((client) => void client.destroy()))
    await admin.send(
      new PutUserPolicyCommand({
        UserName: 'dev',
        PolicyName: 'wide',
        PolicyDocument: policyText(allow(['iam:*Role'])),
      }),
    )
    const generate = (...args: readonly string[]) =>
      omen(['policy', 'generate', '--from-events', '--home', home, '--principal', 'dev', ...args])
    const none = await generate()
    assert.equal(none.status, 1)
    assert.match(none.stderr, /no event of dev was seen/)

    await dev.send(new CreateRoleCommand({ RoleName: 'a', Path: '/team/', AssumeRolePolicyDocument: trust }))
    await dev.send(new GetRoleCommand({ RoleName: 'a' }))
    // it was allowed, and is seen, although none of that name exists
    await dev.send(new GetRoleCommand({ RoleName: 'b' })).catch(() => {})
    await dev.send(new ListUsersCommand({})).catch(() => {}) // denied
    const exact = await generate()
    assert.deepEqual(JSON.parse(exact.stdout), {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Action: 'iam:CreateRole', Resource: role('a') },
        { Effect: 'Allow', Action: 'iam:GetRole', Resource: ['arn:aws:iam::123456789012:role/b', role('a')] },
      ],
    })
    assert.match(exact.stderr, /3 events, 3 different questions; asked again of this policy, all are allowed/)
    const wide = JSON.parse((await generate('--resources', 'wildcard', '--denied')).stdout) as {
      Statement: unknown
    }
    assert.deepEqual(wide.Statement, [
      {
        Effect: 'Allow',
        Action: ['iam:CreateRole', 'iam:GetRole'],
        Resource: 'arn:aws:iam::123456789012:role/*',
      },
      { Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' },
    ])

    // what is written does allow it
    await admin.send(
      new PutUserPolicyCommand({ UserName: 'dev', PolicyName: 'wide', PolicyDocument: exact.stdout }),
    )
    await dev.send(new GetRoleCommand({ RoleName: 'a' }))
    await assert.rejects(dev.send(new TagRoleCommand({ RoleName: 'a', Tags: [] })))
  })

  test('RSN-4 in audit mode what would be denied counts', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory', '--mode', 'audit'])
    t.after(() => served.stop('SIGTERM'))
    const { admin, dev } = await devOf(served)
    t.after(() => [admin, dev].forEach((client) => void client.destroy()))
    await dev.send(new CreateRoleCommand({ RoleName: 'a', Path: '/team/', AssumeRolePolicyDocument: trust }))
    const { stdout } = await omen([
      'policy',
      'generate',
      '--from-events',
      '--home',
      home,
      '--principal',
      'dev',
    ])
    assert.deepEqual((JSON.parse(stdout) as { Statement: unknown }).Statement, [
      { Effect: 'Allow', Action: 'iam:CreateRole', Resource: role('a') },
    ])
  })
})
