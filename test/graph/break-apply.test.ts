import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { Lambda } from '@aws-sdk/client-lambda'
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { omen as command } from '../cli/process.ts'
import { zipOf } from '../support/index.ts'
import { allow } from '../wire/iam/house.ts'
import { account, stsServer, trusting } from '../wire/sts-house.ts'

/** `omen break --apply` in another account of a server: of its IAM, and of the policy of a function. */
const server = await stsServer()
const { omen } = server
const folder = mkdtempSync(join(tmpdir(), 'omen-break-'))
const clients: { destroy(): void }[] = []
after(async () => {
  for (const client of clients) client.destroy()
  rmSync(folder, { recursive: true, force: true })
  await server.close()
})
const { endpoint: url, keys } = omen
writeFileSync(join(folder, 'server.json'), JSON.stringify({ url, pid: process.pid, account, keys }))

const organizations = omen.client(OrganizationsClient)
await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
await organizations.send(new CreateAccountCommand({ AccountName: 'member', Email: 'member@example.com' }))
const { Accounts = [] } = await organizations.send(new ListAccountsCommand({}))
const member = Accounts.find(({ Id }) => Id !== account)?.Id ?? ''
const inMember = (rest: string): string => `arn:aws:iam::${member}:${rest}`
const boss = await server.user('boss', allow('sts:AssumeRole'))
const credentials = await server.assume(boss, inMember('role/OrganizationAccountAccessRole'))
const config = { endpoint: url, region: 'eu-west-1', maxAttempts: 1, credentials }
const iam = new IAM(config)
const lambda = new Lambda(config)
clients.push(iam, lambda)

const breaks = (who: string, ...more: string[]) =>
  command(['break', inMember(who), `${member}/administrator`, '--apply', '--yes', '--home', folder, ...more])

await iam.createRole({
  RoleName: 'prod',
  AssumeRolePolicyDocument: trusting({ Service: 'lambda.amazonaws.com' }),
})
await iam.putRolePolicy({ RoleName: 'prod', PolicyName: 'own', PolicyDocument: allow('*') })

describe('omen break --apply in another account', () => {
  test('edits a policy with the role that Organizations makes', async () => {
    await iam.createUser({ UserName: 'dev' })
    const PolicyDocument = allow(['iam:PutUserPolicy', 'iam:GetUser'])
    await iam.putUserPolicy({ UserName: 'dev', PolicyName: 'own', PolicyDocument })
    const { status, stdout, stderr } = await breaks('user/dev')
    assert.equal(status, 0, stderr)
    assert.match(stdout, /\nApplied:\n {2}\w+ dev own in \d{12}\nNo path is left\.\n$/)
    const { PolicyDocument: left = '' } = await iam.getUserPolicy({ UserName: 'dev', PolicyName: 'own' })
    assert.equal(JSON.parse(decodeURIComponent(left)).Statement[0].Action, 'iam:GetUser')
  })

  test('takes a statement out of the policy of a function, in the region of the function', async () => {
    await iam.createUser({ UserName: 'eve' })
    const FunctionName = 'pay'
    await lambda.createFunction({
      FunctionName,
      Role: inMember('role/prod'),
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: zipOf({ 'index.js': 'exports.handler = async () => 1' }) },
    })
    for (const name of ['UpdateFunctionCode', 'InvokeFunction'])
      await lambda.addPermission({
        FunctionName,
        StatementId: name,
        Action: `lambda:${name}`,
        Principal: inMember('user/eve'),
      })
    const { status, stdout, stderr } = await breaks('user/eve')
    assert.equal(status, 0, stderr)
    assert.match(
      stdout,
      /\n {2}RemovePermission arn:aws:lambda:eu-west-1:\d{12}:function:pay \w+ in \d{12}\n/,
    )
    assert.match(stdout, /No path is left\.\n$/)
    const { Policy = '' } = await lambda.getPolicy({ FunctionName })
    assert.equal(JSON.parse(Policy).Statement.length, 1)
  })

  test('names who has a path by derived techniques alone, as of files (GRD-569)', async () => {
    await iam.createRole({
      RoleName: 'hybrid',
      AssumeRolePolicyDocument: trusting({ Service: 'ssm.amazonaws.com' }),
    })
    await iam.putRolePolicy({ RoleName: 'hybrid', PolicyName: 'own', PolicyDocument: allow('*') })
    await iam.createUser({ UserName: 'fleet' })
    const PolicyDocument = allow(['iam:PassRole', 'ssm:CreateActivation'])
    await iam.putUserPolicy({ UserName: 'fleet', PolicyName: 'own', PolicyDocument })
    const words = ['break', inMember('user/fleet'), `${member}/administrator`, '--home', folder]
    const line = /\(--derived\): user\/fleet \(proven: PassRole to ssm\)\n$/
    const { stdout } = await command(words)
    assert.match(stdout, line)
    const json = await command([...words, '--output', 'json'])
    assert.match(json.stderr, line)
    assert.deepEqual(JSON.parse(json.stdout).onlyDerived, ['user/fleet (proven: PassRole to ssm)'])
  })

  test('changes nothing if the caller may not assume that role', async () => {
    await iam.createUser({ UserName: 'ann' })
    const own = { UserName: 'ann', PolicyName: 'own' }
    await iam.putUserPolicy({ ...own, PolicyDocument: allow('iam:PutUserPolicy') })
    const { accessKeyId, secretAccessKey } = await server.user('auditor', allow(['omen:*', 'iam:Get*']))
    const { status, stderr } = await command(
      ['break', inMember('user/ann'), `${member}/administrator`, '--apply', '--yes', '--home', folder],
      { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey },
    )
    assert.notEqual(status, 0)
    assert.match(stderr, /may not assume .*OrganizationAccountAccessRole.* Nothing was changed\./)
    assert.ok(await iam.getUserPolicy(own))
  })
})

describe('omen paths of a running house, as a user', () => {
  const paths = ({ accessKeyId, secretAccessKey }: { accessKeyId: string; secretAccessKey: string }) =>
    command(['paths', 'boss', '--home', folder], {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
    })

  test('names the permissions that are missing, and who is asked otherwise', async () => {
    const { status, stderr } = await paths(await server.user('reader', allow('iam:Get*')))
    assert.equal(status, 254)
    assert.match(stderr, /user\/reader is not authorized to perform: omen:GetAccountDetails/)
    assert.match(stderr, /user\/reader needs omen:GetAccountDetails and iam:GetAccountAuthorizationDetails\./)
    assert.match(stderr, /Without AWS_ACCESS_KEY_ID in the environment, the admin of the home asks/)
  })

  test('answers a user that has them', async () => {
    const permitted = allow(['omen:GetAccountDetails', 'iam:GetAccountAuthorizationDetails'])
    const { status, stdout, stderr } = await paths(await server.user('analyst', permitted))
    assert.equal(status, 1, stderr)
    assert.match(stdout, /^\d{12}\/user\/boss → administrator {8}proven/)
  })
})
