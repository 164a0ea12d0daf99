import assert from 'node:assert/strict'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld, StepBudget } from '../../packages/server/src/graph/index.ts'

export const account = '111122223333'
export const iam = (rest: string): string => `arn:aws:iam::${account}:${rest}`
export const document = (...Statement: readonly unknown[]) => ({ Version: '2012-10-17', Statement })
export const allow = (Action: string | readonly string[], Resource: string, more = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
export const inline = (...statements: readonly unknown[]) => [
  { PolicyName: 'own', PolicyDocument: document(...statements) },
]
export const common = (name: string, kind: 'user' | 'role' | 'group') => ({
  Arn: iam(`${kind}/${name}`),
  Path: '/',
})
export const user = (UserName: string, ...statements: readonly unknown[]) => ({
  ...common(UserName, 'user'),
  UserName,
  UserId: `AIDA${UserName.toUpperCase().replaceAll(/\W/g, '').padStart(17, 'A')}`,
  GroupList: [],
  UserPolicyList: inline(...statements),
  AttachedManagedPolicies: [],
})
export const role = (RoleName: string, principal: unknown, ...statements: readonly unknown[]) => ({
  ...common(RoleName, 'role'),
  RoleName,
  RoleId: `AROA${RoleName.toUpperCase().replaceAll(/\W/g, '').padStart(17, 'A')}`,
  AssumeRolePolicyDocument: document({ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }),
  RolePolicyList: inline(...statements),
  AttachedManagedPolicies: [],
  InstanceProfileList: [],
})

export function worldOf(details: unknown, inventory: unknown) {
  return readWorld({
    details: JSON.stringify(details),
    inventory: readInventory(inventory),
    awsPolicy: (arn) => managedPolicies().find(arn)?.document,
  })
}

/** The steps of a question whose verdict is known. */
export function stepsOf(
  world: ReturnType<typeof worldOf>,
  from: string,
  to: string | undefined,
  verdict: string,
): number {
  const graph = graphOf(world, techniqueTable())
  const budget = new StepBudget()
  const start = graph.find(from)
  assert.ok(start, from)
  const answer = graph.paths(start, to === undefined ? undefined : graph.find(to), { budget })
  assert.equal(answer.verdict, verdict)
  assert.equal(answer.incomplete, undefined)
  return budget.taken
}
