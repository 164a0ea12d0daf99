import type { Policy } from '@omen-iam/policy'
import type { Questions } from '../request/question.ts'
import { bareResource, currentOf, type Group, nameOfArn, type World } from '../world/world.ts'
import type { FactOption } from './fact-option.ts'

/** The most groups and policies that are tried: which one goes does not matter otherwise. */
const most = 20

/** Whether a policy may allow a call of IAM: what rests on it must not be taken away first. */
function isAboutIam({ statements }: Policy): boolean {
  return statements.some(
    ({ effect, action }) =>
      effect === 'Allow' &&
      (action.negated || action.values.some(({ value }) => /^(?:iam:|[^:]*[*?])/i.test(value))),
  )
}

/** Whether there is room for one more at most among the groups of a user, or among attached policies. */
export function isFull(all: readonly unknown[]): boolean {
  return all.length >= 9
}

/** Whether no policy of a group is about IAM. */
export function isFreeGroup(world: World, { inline, attached }: Group): boolean {
  return !inline.some(({ policy }) => isAboutIam(policy)) && areFree(world, attached)
}

/** Whether none of some managed policies is about IAM. Nobody knows what one says that is not in the files. */
export function areFree({ policies }: World, attached: readonly string[]): boolean {
  return attached.every((arn) => {
    const document = currentOf(policies.get(arn))
    return document !== undefined && !isAboutIam(document.policy)
  })
}

/** Room among the groups of a user: one of them is left. Groups whose policies are about IAM are kept. */
export function roomByLeaving(
  { world }: Questions,
  groups: readonly string[],
  fact: string,
): readonly FactOption[] {
  const free = groups.flatMap((name) => {
    const group = world.groups.get(name)
    return group !== undefined && isFreeGroup(world, group) ? [group] : []
  })
  return free.slice(0, most).map(({ arn, name }) => ({
    facts: [{ fact, says: 'isLeft', of: { count: String(groups.length), group: name }, known: 'details' }],
    needs: [{ action: 'iam:RemoveUserFromGroup', on: { is: 'resource', type } }],
    resources: new Map([[type, bareResource(type, arn, {})]]),
  }))
}

const type = 'AWS::IAM::Group'

/** Room among attached policies: one of them is detached. Those that are about IAM are kept. */
export function roomByDetaching(
  { world }: Questions,
  kind: 'user' | 'role' | 'group' | undefined,
  fact: string,
  attached: readonly string[],
): readonly FactOption[] {
  if (kind === undefined) return []
  const free = attached.filter((arn) => areFree(world, [arn]))
  const action = {
    user: 'iam:DetachUserPolicy',
    role: 'iam:DetachRolePolicy',
    group: 'iam:DetachGroupPolicy',
  }[kind]
  return free.slice(0, most).map((arn) => ({
    facts: [
      {
        fact,
        says: 'detached',
        of: { count: String(attached.length), policy: nameOfArn(arn) },
        known: 'details',
      },
    ],
    needs: [{ action, on: { is: kind === 'group' ? 'group' : 'target' }, with: { 'iam:PolicyARN': arn } }],
  }))
}
