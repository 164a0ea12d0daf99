import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { DisassociateIamInstanceProfileCommand } from '@aws-sdk/client-ec2'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { fromHttp, fromInstanceMetadata } from '@aws-sdk/credential-providers'
import { awsCli, needs, python } from '../support/index.ts'

import { onlyAssociation, type WorkloadServer, wearing } from './workload-house.ts'

describe('Clients that find their credentials by themselves', () => {
  const program = 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'
  const arnOf = (w: WorkloadServer) => `arn:aws:sts::123456789012:assumed-role/web/${w.instanceId}`

  it('SDK for JavaScript: instance metadata', async () => {
    await using w = await wearing({ tokens: 'required' })
    process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `${w.endpoint}/`
    try {
      const sts = new STSClient({ ...w.server.omen.clientConfig(), credentials: fromInstanceMetadata() })
      assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Arn, arnOf(w))
      sts.destroy()
    } finally {
      delete process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT
    }
  })

  it('SDK for JavaScript: its default chain, in a process of its own', async () => {
    await using w = await wearing({ tokens: 'required' })
    const outcome = await node(w.server.omen.endpoint, {
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `${w.endpoint}/`,
    })
    assert.equal(outcome.stdout.trim(), arnOf(w), outcome.stderr)
    const { AssociationId } = onlyAssociation(w)
    await w.ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }))
    const after = await node(w.server.omen.endpoint, { AWS_EC2_METADATA_SERVICE_ENDPOINT: `${w.endpoint}/` })
    assert.notEqual(after.status, 0)
  })

  it('boto3: instance metadata, and no credentials once the profile is gone', needs('boto3'), async () => {
    await using w = await wearing({ tokens: 'required' })
    const environment = {
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `${w.endpoint}/`,
    }
    const target = { endpoint: w.server.omen.endpoint, environment }
    const first = await python(target, program)
    assert.equal(first.stdout.trim(), arnOf(w), first.stderr)
    const { AssociationId } = onlyAssociation(w)
    await w.ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }))
    const second = await python(target, program)
    assert.notEqual(second.status, 0)
    assert.match(second.stderr, /NoCredentialsError/)
  })

  it('AWS CLI: instance metadata', needs('awsCli'), async () => {
    await using w = await wearing()
    const environment = {
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: `${w.endpoint}/`,
    }
    const target = { endpoint: w.server.omen.endpoint, environment }
    const outcome = await awsCli(target, 'sts', 'get-caller-identity')
    assert.equal(outcome.status, 0, outcome.stderr)
    assert.equal(JSON.parse(outcome.stdout).Arn, arnOf(w))
  })

  it(
    "a container's address and token, for boto3 and the AWS CLI (WKL-30, WKL-31)",
    needs('boto3', 'awsCli'),
    async () => {
      await using w = await wearing()
      await w.server.role('task', 'ecs-tasks.amazonaws.com')
      const { uri, token } = await w.workload.containerOf('arn:aws:iam::123456789012:role/task', {
        service: 'ecs-tasks.amazonaws.com',
        sessionName: 'a-task',
      })
      const environment = {
        AWS_CONTAINER_CREDENTIALS_FULL_URI: uri,
        AWS_CONTAINER_AUTHORIZATION_TOKEN: token,
      }
      const target = { endpoint: w.server.omen.endpoint, environment }
      const arn = 'arn:aws:sts::123456789012:assumed-role/task/a-task'
      const boto = await python(target, program)
      assert.equal(boto.stdout.trim(), arn, boto.stderr)
      const cli = await awsCli(target, 'sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text')
      assert.equal(cli.stdout.trim(), arn, cli.stderr)
    },
  )

  it(
    "a pod's address and token file, for boto3 and the SDK for JavaScript (WKL-32)",
    needs('boto3'),
    async () => {
      await using w = await wearing()
      await w.server.role('pod', 'pods.eks.amazonaws.com')
      const name = { service: 'pods.eks.amazonaws.com', sessionName: 'eks-cluster-pod-1' }
      const { uri, token } = await w.workload.containerOf('arn:aws:iam::123456789012:role/pod', name)
      const folder = mkdtempSync(join(tmpdir(), 'omen-pod-'))
      try {
        const file = join(folder, 'eks-pod-identity-token')
        writeFileSync(file, token)
        const pod = new URL('/v1/credentials', uri).href
        const environment = {
          AWS_CONTAINER_CREDENTIALS_FULL_URI: pod,
          AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: file,
        }
        const arn = 'arn:aws:sts::123456789012:assumed-role/pod/eks-cluster-pod-1'
        const boto = await python({ endpoint: w.server.omen.endpoint, environment }, program)
        assert.equal(boto.stdout.trim(), arn, boto.stderr)
        const provider = fromHttp({
          awsContainerCredentialsFullUri: pod,
          awsContainerAuthorizationTokenFile: file,
        })
        const sts = new STSClient({ ...w.server.omen.clientConfig(), credentials: provider })
        assert.equal((await sts.send(new GetCallerIdentityCommand({}))).Arn, arn)
        sts.destroy()
      } finally {
        rmSync(folder, { recursive: true })
      }
    },
  )
})

/** A program with nothing but its environment to find credentials by. */
function node(endpoint: string, environment: Readonly<Record<string, string>>) {
  const program = `
    import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
    const { Arn } = await new STSClient({}).send(new GetCallerIdentityCommand({}))
    console.log(Arn)`
  const nowhere = join(tmpdir(), 'omen-has-no-such-folder')
  const env = {
    HOME: nowhere,
    AWS_CONFIG_FILE: nowhere,
    AWS_SHARED_CREDENTIALS_FILE: nowhere,
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: 'us-east-1',
    ...environment,
  }
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { env, timeout: 20_000 })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (status) => resolve({ status, stdout, stderr }))
  })
}
