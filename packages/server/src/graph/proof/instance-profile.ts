import { bareResource } from '../world/world.ts'
import type { FactOption, FactQuestion } from './fact-option.ts'

/** The most instance profiles of other roles, or of none, that are tried. */
const most = 16

/** The condition keys that hold the profile which a new instance gets. */
function keysOf(profile: string): Readonly<Record<string, string>> {
  return { 'ec2:InstanceProfile': profile, 'ec2:NewInstanceProfile': profile }
}

/**
 * The instance profiles by which an instance can run as a role: those that hold it, a new one, and one that exists and is
 * given the role instead of its own. Conditions may limit which one an instance gets.
 */
export function profileOptions({ questions, read, headsFor }: FactQuestion, fact: string): FactOption[] {
  const { index } = questions
  const own = read('profiles')
  const held = own.map(({ arn }) => ({
    facts: [{ fact, says: 'value', of: { value: arn }, known: 'details' as const }],
    needs: [],
    context: keysOf(arn),
  }))
  const made: FactOption = {
    facts: [{ fact, says: 'isNew', known: 'details' }],
    needs: [
      { action: 'iam:CreateInstanceProfile', on: { is: 'new' } },
      { action: 'iam:AddRoleToInstanceProfile', on: { is: 'new' } },
    ],
    context: keysOf('new arn:${Partition}:iam::${Account}:instance-profile/${InstanceProfileNameWithPath}'),
  }
  const others = index.profiles
    .startingWith(headsFor('iam:AddRoleToInstanceProfile'))
    .filter(({ arn }) => !own.some((each) => each.arn === arn))
    .slice(0, most)
    .map(({ arn }): FactOption => {
      const holder = index.holders.get(arn)
      const on = { is: 'resource', type } as const
      return {
        facts: [
          {
            fact,
            says: 'instead',
            of: { profile: arn, holder: holder?.arn ?? 'none' },
            known: 'details',
          },
        ],
        needs: [
          ...(holder === undefined ? [] : [{ action: 'iam:RemoveRoleFromInstanceProfile', on }]),
          { action: 'iam:AddRoleToInstanceProfile', on },
        ],
        resources: new Map([[type, bareResource(type, arn)]]),
        context: keysOf(arn),
      }
    })
  return [...held, made, ...others]
}

const type = 'AWS::IAM::InstanceProfile'
