import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { awsCli, needs, toolPath } from '../support/index.ts'
import { omen } from './process.ts'
import { type ServerWithRoles, serverWithRoles } from './roles.ts'

const pods = 'pods.eks.amazonaws.com'
const node = (program: string) => [process.execPath, '--input-type=module', '-e', program]
const whoAmI = `
  import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
  console.log((await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn)`
const worn = /^arn:aws:sts::123456789012:assumed-role\/pod\/eks-prod-web-0-[0-9a-f-]{36}\n$/

const asPod = ({ home }: ServerWithRoles, ...command: readonly string[]) =>
  omen(['exec', '--as-pod', 'prod/shop/web', '--home', home, '--', ...command])

describe('omen exec --as-pod', () => {
  test('says what is missing, and gives every client the role of the association (POD-20)', {
    ...needs('awsCli', 'boto3'),
  }, async (t) => {
    const server = await serverWithRoles(t)
    const role = await server.role(
      'pod',
      { Service: pods },
      { actions: ['sts:AssumeRole', 'sts:TagSession'] },
    )
    const before = await asPod(server, ...node(whoAmI))
    assert.equal(before.status, 255)
    assert.match(
      before.stderr,
      /aws eks create-pod-identity-association --cluster-name prod --namespace shop/,
    )
    const target = { endpoint: server.url, credentials: server.keys.admin }
    const made = await awsCli(
      target,
      ...['eks', 'create-pod-identity-association', '--cluster-name', 'prod', '--namespace', 'shop'],
      ...['--service-account', 'web', '--role-arn', role],
    )
    assert.equal(made.status, 0, made.stderr)
    const words = ['sts', 'get-caller-identity', '--query', 'Arn', '--output', 'text']
    const program = 'import boto3; print(boto3.client("sts").get_caller_identity()["Arn"])'
    for (const command of [
      node(whoAmI),
      [toolPath('awsCli'), ...words],
      [toolPath('boto3'), '-c', program],
    ]) {
      const ended = await asPod(server, ...command)
      assert.match(ended.stdout, worn, ended.stderr)
    }
  })
})
