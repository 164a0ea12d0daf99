import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import {
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam'
import { policyText } from '../kit/index.ts'
import { needs, toolPath } from '../support/index.ts'
import { omen } from './process.ts'
import { type ServerWithRoles, serverWithRoles } from './roles.ts'

const ecs = 'ecs-tasks.amazonaws.com'
const whoAmI = `
  import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
  console.log((await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn)`
const worn = 'arn:aws:sts::123456789012:assumed-role/task/task-1'

/** Runs a command as the service that puts the role `task` on. */
function asTask({ home }: ServerWithRoles, ...command: readonly string[]) {
  const wearer = ['--service', ecs, '--role', 'task', '--session', 'task-1', '--home', home]
  return omen(['exec', ...wearer, '--', ...command])
}

const node = (program: string) => [process.execPath, '--input-type=module', '-e', program]

describe('omen exec --service', { concurrency: 2 }, () => {
  test('lets the SDK for JavaScript find the role by itself (WKL-30)', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('task', { Service: ecs })
    const ended = await asTask(server, ...node(whoAmI))
    assert.equal(ended.stdout, `${worn}\n`, ended.stderr)
  })

  test('and the AWS CLI', needs('awsCli'), async (t) => {
    const server = await serverWithRoles(t)
    await server.role('task', { Service: ecs })
    const words = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text']
    const ended = await asTask(server, toolPath('awsCli'), ...words)
    assert.equal(ended.stdout, `${worn}\n`, ended.stderr)
  })

  test('and boto3', needs('boto3'), async (t) => {
    const server = await serverWithRoles(t)
    await server.role('task', { Service: ecs })
    const program = 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'
    const ended = await asTask(server, toolPath('boto3'), '-c', program)
    assert.equal(ended.stdout, `${worn}\n`, ended.stderr)
  })

  test('hands nothing out any more once the trust is withdrawn, to who runs and to who comes (WKL-33)', async (t) => {
    const server = await serverWithRoles(t)
    await server.role('task', { Service: ecs })
    const trust = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
    }
    // what runs withdraws the trust itself, between its two questions
    const program = `
      import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
      const { AWS_CONTAINER_CREDENTIALS_FULL_URI: uri, AWS_CONTAINER_AUTHORIZATION_TOKEN: authorization } = process.env
      const ask = async () => (await fetch(uri, { headers: { authorization } })).status
      const before = await ask()
      await new IAMClient({}).send(new UpdateAssumeRolePolicyCommand({
        RoleName: 'task', PolicyDocument: ${JSON.stringify(JSON.stringify(trust))} }))
      console.log(before, await ask(), (await fetch(uri)).status)`
    const ended = await asTask(server, ...node(program))
    assert.equal(ended.stdout, '200 403 403\n', ended.stderr)
    const after = await asTask(server, ...node(whoAmI))
    assert.equal(after.status, 1)
    assert.match(after.stderr, /does not trust ecs-tasks\.amazonaws\.com|Could not load credentials/)
  })

  test('says which role, which service and which instance are not there', async (t) => {
    const server = await serverWithRoles(t)
    const exec = (...words: readonly string[]) =>
      omen(['exec', '--home', server.home, ...words, '--', 'true'])
    const noRole = await exec('--service', ecs, '--role', 'none')
    assert.equal(noRole.status, 254)
    assert.match(noRole.stderr, /The role arn:aws:iam::123456789012:role\/none cannot be found/)
    assert.equal((await exec('--service', ecs)).status, 252)
    const noInstance = await exec('--as-instance', 'i-0123456789abcdef0')
    assert.equal(noInstance.status, 254)
    assert.match(noInstance.stderr, /'i-0123456789abcdef0' does not exist/)
  })
})

test('omen exec --as-instance: the instance’s role, by its metadata endpoint (WKL-6)', async (t) => {
  const server = await serverWithRoles(t)
  await server.role('web', { Service: 'ec2.amazonaws.com' })
  const profile = { InstanceProfileName: 'web' }
  await server.iam.send(new CreateInstanceProfileCommand(profile))
  await server.iam.send(new AddRoleToInstanceProfileCommand({ ...profile, RoleName: 'web' }))
  const ec2 = new EC2Client({ endpoint: server.url, region: 'us-east-1', credentials: server.keys.admin })
  const { Instances } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12345678',
      MinCount: 1,
      MaxCount: 1,
      IamInstanceProfile: { Name: 'web' },
    }),
  )
  ec2.destroy()
  const id = Instances![0]!.InstanceId!
  const exec = () => omen(['exec', '--as-instance', id, '--home', server.home, '--', ...node(whoAmI)])
  const ended = await exec()
  assert.equal(ended.stdout, `arn:aws:sts::123456789012:assumed-role/web/${id}\n`, ended.stderr)
  const trust = { Effect: 'Allow', Principal: { Service: ecs }, Action: 'sts:AssumeRole' }
  const PolicyDocument = policyText(trust)
  await server.iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'web', PolicyDocument }))
  assert.equal((await exec()).status, 1)
})
