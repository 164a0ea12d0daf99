// Begins first: CDK and Ansible deploy, for a quarter of a minute.

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { SQS } from '@aws-sdk/client-sqs'
import { STS } from '@aws-sdk/client-sts'
import { trustPolicy } from '../kit/index.ts'
import { inFolder, needs, type Outcome, startMoto, toolPath, type UpstreamServer } from '../support/index.ts'
import { assembly } from './cdk-app.ts'
import { account, allowing, type GuardServer, guardServer } from './house.ts'

const cdkProgram = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk')

const options = { concurrency: true, ...needs('moto') }

describe('frameworks in front of guard and moto, with roles of their own', options, () => {
  let moto: UpstreamServer
  let server: GuardServer
  let folder: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'omen-frameworks-'))
    moto = await startMoto()
    server = await guardServer({ upstream: { url: moto.url, sharedIam: true } })
  })
  after(async () => {
    await server?.close()
    await moto?.close()
    rmSync(folder, { recursive: true, force: true })
  })

  const succeed = ({ status, stdout, stderr }: Outcome) => assert.equal(status, 0, stdout + stderr)
  const roles = async () => (await server.iam.listRoles({})).Roles!.map(({ RoleName }) => RoleName!)

  test(
    'Ansible: a role is made, put on, refused what it lacks, and removed; a stack too (GRD-121, GRD-126)',
    needs('ansible', 'boto3'),
    async () => {
      const own = mkdtempSync(join(folder, 'ansible-'))
      const playbook = join(own, 'play.yaml')
      writeFileSync(playbook, playWith(toolPath('boto3')))
      writeFileSync(join(own, 'stack.json'), stack)
      const args = ['-i', 'localhost,', playbook]
      const target = {
        endpoint: server.omen.endpoint,
        credentials: server.admin,
        environment: {
          HOME: own,
          ANSIBLE_LOCAL_TEMP: own,
          ANSIBLE_REMOTE_TEMP: own,
          ANSIBLE_PIPELINING: 'true',
        },
      }
      succeed(await inFolder(own, 'ansible', args, target))
      assert.ok(!(await roles()).some((name) => /direct|stacked/.test(name)))
    },
  )

  test('AWS CDK: bootstrap, deploy, put the deployed role on, destroy (GRD-126)', async () => {
    for (const [name, text] of Object.entries(assembly)) writeFileSync(join(folder, name), text)
    const cdk = async (...args: readonly string[]) => {
      const all = [cdkProgram, '--app', folder, '--no-notices', '--no-version-reporting', ...args]
      const environment = { HOME: folder, CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true' }
      const target = { endpoint: server.omen.endpoint, credentials: server.admin, environment }
      succeed(await inFolder(folder, process.execPath, all, target))
    }
    await cdk('bootstrap', `aws://${account}/us-east-1`)
    assert.equal((await roles()).filter((name) => name.startsWith('cdk-hnb659fds-')).length, 5)
    await cdk('deploy', '--require-approval', 'never', 'Jobs')
    const [executed] = await server.events('ExecuteChangeSet')
    assert.match(
      String((executed!.userIdentity as { readonly arn?: string }).arn),
      /cdk-hnb659fds-deploy-role/,
    )
    const [put] = await server.events('PutObject')
    assert.match(
      String((put!.userIdentity as { readonly arn?: string }).arn),
      /cdk-hnb659fds-file-publishing-role/,
    )
    // Ansible, beside it, makes roles as well
    const created = (await server.events('CreateRole')).find(
      ({ requestParameters }) => (requestParameters as { readonly roleName?: string }).roleName === 'worker',
    )
    assert.match(
      String((created!.userIdentity as { readonly arn?: string }).arn),
      /cdk-hnb659fds-cfn-exec-role/,
    )

    const RoleArn = `arn:aws:iam::${account}:role/worker`
    const { Credentials: given } = await server.omen
      .client(STS, 'admin')
      .assumeRole({ RoleArn, RoleSessionName: 'work' })
    const sqs = server.omen.client(SQS, {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    })
    await sqs.sendMessage({ QueueUrl: `${server.omen.endpoint}/${account}/jobs`, MessageBody: 'hello' })
    await assert.rejects(
      sqs.createQueue({ QueueName: 'other' }),
      /not authorized to perform: sqs:createqueue/i,
    )

    await cdk('destroy', '--force', 'Jobs')
    assert.ok(!(await roles()).includes('worker'))
  })
})

const trust = trustPolicy({ AWS: `arn:aws:iam::${account}:root` })
const stack = JSON.stringify({
  Resources: {
    R: {
      Type: 'AWS::IAM::Role',
      Properties: { RoleName: 'stacked', AssumeRolePolicyDocument: JSON.parse(trust) },
    },
  },
})
const lists = allowing({ action: 's3:ListAllMyBuckets' })
/** The playbook, whose modules a Python with boto3 runs. */
const playWith = (python: string): string => `
- hosts: localhost
  connection: local
  gather_facts: false
  vars: { ansible_python_interpreter: ${python} }
  tasks:
    - amazon.aws.iam_role:
        name: direct
        assume_role_policy_document: '${trust}'
        create_instance_profile: false
    - amazon.aws.iam_policy: { iam_type: role, iam_name: direct, policy_name: lists, policy_json: '${lists}' }
    - amazon.aws.sts_assume_role: { role_arn: 'arn:aws:iam::${account}:role/direct', role_session_name: ansible }
      register: worn
    - amazon.aws.s3_bucket_info:
      environment: &as
        AWS_ACCESS_KEY_ID: '{{ worn.sts_creds.access_key }}'
        AWS_SECRET_ACCESS_KEY: '{{ worn.sts_creds.secret_key }}'
        AWS_SESSION_TOKEN: '{{ worn.sts_creds.session_token }}'
    - amazon.aws.iam_role: { name: direct, state: absent }
      environment: *as
      register: refused
      failed_when: "'not authorized' not in (refused | string)"
    - amazon.aws.iam_policy: { iam_type: role, iam_name: direct, policy_name: lists, state: absent }
    - amazon.aws.iam_role: { name: direct, state: absent, create_instance_profile: false }
    - amazon.aws.cloudformation: { stack_name: ansible, template: stack.json, capabilities: [CAPABILITY_NAMED_IAM] }
      # moto 5.2 leaves LastUpdatedTimestamp out of ListStackResources, which the module reads after the stack was made
      ignore_errors: true
    - amazon.aws.sts_assume_role: { role_arn: 'arn:aws:iam::${account}:role/stacked', role_session_name: ansible }
    - amazon.aws.cloudformation: { stack_name: ansible, state: absent }
`
