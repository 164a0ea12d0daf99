import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account } from '../../../../test/kit/index.ts'
import type { Call } from '../authorization/index.ts'
import type { Account } from '../directory/index.ts'
import { seekRole } from './seek-role.ts'

const other = '210987654321'
const arn = (resource: string, owner: string = other) => `arn:aws:iam::${owner}:${resource}`

/** The role that is looked for, as `ACCOUNT NAME`. */
async function soughtBy(
  operation: string,
  input: Readonly<Record<string, unknown>>,
): Promise<readonly string[]> {
  const [service, name] = operation.split(':')
  const found: string[] = []
  const call = {
    service: { id: service },
    operation: { name },
    account: { id: account },
    deps: { directory: { find: async (id: string) => (id === other ? { id } : undefined) } },
  } as unknown as Call
  await seekRole(input, call, async ({ id }: Account, role) => {
    found.push(`${id} ${role}`)
  })
  return found
}

test('a call of IAM names a role of its account by name, one of STS by its ARN', async () => {
  const table: readonly (readonly [
    operation: string,
    input: Readonly<Record<string, unknown>>,
    found: string[],
  ])[] = [
    ['iam:GetRole', { RoleName: 'web' }, [`${account} web`]],
    ['iam:DeleteRole', { RoleName: 'web' }, [`${account} web`]],
    // a role that is made now is not there yet
    ['iam:CreateRole', { RoleName: 'web' }, []],
    ['iam:GetRole', { RoleName: 1 }, []],
    ['iam:GetRole', {}, []],
    ['iam:GetRole', { RoleArn: arn('role/web') }, []],
    ['ec2:GetRole', { RoleName: 'web', RoleArn: arn('role/web') }, []],
    ['sts:AssumeRole', { RoleArn: arn('role/web') }, [`${other} web`]],
    ['sts:AssumeRole', { RoleArn: arn('role/a/b/web') }, [`${other} web`]],
    ['sts:AssumeRole', { RoleArn: arn('role/web', '999988887777') }, []],
    ['sts:AssumeRole', { RoleArn: arn('role/web', 'none') }, []],
    ['sts:AssumeRole', { RoleArn: arn('role/web/') }, []],
    ['sts:AssumeRole', { RoleArn: arn('a-role/web') }, []],
    ['sts:AssumeRole', { RoleArn: arn('user/web') }, []],
    ['sts:AssumeRole', { RoleArn: 'web' }, []],
    ['sts:AssumeRole', { RoleArn: ['x'] }, []],
    ['sts:AssumeRole', { RoleName: 'web' }, []],
  ]
  for (const [operation, input, found] of table)
    assert.deepEqual(await soughtBy(operation, input), found, `${operation} ${JSON.stringify(input)}`)
})
