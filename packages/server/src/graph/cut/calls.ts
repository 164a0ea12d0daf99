import { accountOfArn, nameOfArn, type World, worldOfAccount } from '../world/world.ts'
import type { DocumentName } from './edit.ts'
import type { EditCall } from './edit-row.ts'
import { outdatedVersion } from './versions.ts'

/** A call of IAM. */
export function iam(operation: string, input: EditCall['input']): EditCall {
  return { service: 'iam', operation, input }
}

/** The type of owner that operations name, `User`, `Role` or `Group`, and the parameter that has its name. */
export function ownerIn(arn: string): {
  readonly type: string
  readonly named: Readonly<Record<string, string>>
} {
  const [, first = '', rest = ''] = /^arn:[^:]*:iam::\d*:(\w)(\w*)\//.exec(arn) ?? []
  const type = `${first.toUpperCase()}${rest}`
  return { type, named: { [`${type}Name`]: nameOfArn(arn) } }
}

/** The account of an ARN, if it is in view. */
export function worldOfArn(world: World, arn: string): World {
  return worldOfAccount(world, accountOfArn(arn)) ?? world
}

/** The calls that write a policy document, or delete it if there is no text. */
export function documentCalls(
  document: Exclude<DocumentName, { is: 'resource' }>,
  text: string | undefined,
  world: World,
): readonly EditCall[] {
  switch (document.is) {
    case 'inline': {
      const { type, named } = ownerIn(document.owner)
      const policy = { ...named, PolicyName: document.name }
      return text === undefined
        ? [iam(`Delete${type}Policy`, policy)]
        : [iam(`Put${type}Policy`, { ...policy, PolicyDocument: text })]
    }
    case 'trust':
      return [iam('UpdateAssumeRolePolicy', { RoleName: nameOfArn(document.role), PolicyDocument: text })]
    case 'managed': {
      const PolicyArn = document.arn
      const policy = worldOfArn(world, PolicyArn).policies.get(PolicyArn)
      const old = policy && outdatedVersion(policy)
      return [
        ...(old === undefined ? [] : [iam('DeletePolicyVersion', { PolicyArn, VersionId: old })]),
        iam('CreatePolicyVersion', { PolicyArn, PolicyDocument: text, SetAsDefault: 'true' }),
      ]
    }
  }
}
