import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import type { RunningOmen } from '../../packages/server/src/index.ts'

/** A role that EC2 may put on. */
export async function createRole(omen: RunningOmen, name: string): Promise<void> {
  const trust = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  }
  const input = { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }
  await omen.client(IAMClient).send(new CreateRoleCommand(input))
}

/** An inline policy that allows what the statement says. */
export async function putPolicy(omen: RunningOmen, role: string, statement: object): Promise<void> {
  const policy = { Version: '2012-10-17', Statement: { Effect: 'Allow', Resource: '*', ...statement } }
  const input = { RoleName: role, PolicyName: 'app', PolicyDocument: JSON.stringify(policy) }
  await omen.client(IAMClient).send(new PutRolePolicyCommand(input))
}
