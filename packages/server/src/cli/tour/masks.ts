import type { Chapter } from './cast.ts'
import { allow, trust } from './policies.ts'
import { at, keysIn, textAt } from './stage.ts'

/** Chapter 1: a user, and a role with its three policies. */
export const masks: Chapter = {
  title: 'A mask and its three policies',
  tale: 'A role is a mask (お面): it does nothing by itself, and whoever puts it on gains its powers and lays down their own. Three policies make it: what it may do, how far at most, and who may wear it.',
  async play(stage, cast) {
    const { admin } = stage
    await stage.does(admin, 'iam create-user --user-name dev')
    await stage.does(
      admin,
      'iam attach-user-policy --user-name dev --policy-arn arn:aws:iam::aws:policy/AmazonEC2FullAccess',
    )
    const key = await stage.does(admin, 'iam create-access-key --user-name dev')
    cast.dev = stage.actor('dev', keysIn(key))
    await stage.does(
      admin,
      'iam create-role --role-name web --assume-role-policy-document',
      trust({ Service: 'ec2.amazonaws.com' }),
    )
    await stage.does(
      admin,
      'iam put-role-policy --role-name web --policy-name app --policy-document',
      allow(['iam:ListUsers', 'iam:ListRoles']),
    )
    const boundary = await stage.does(
      admin,
      'iam create-policy --policy-name web-limit --policy-document',
      allow(['iam:ListUsers', 'ec2:*']),
    )
    const boundaryArn = textAt(boundary, 'Policy', 'Arn')
    await stage.does(
      admin,
      'iam put-role-permissions-boundary --role-name web --permissions-boundary',
      boundaryArn,
    )
    await stage.does(admin, 'iam create-instance-profile --instance-profile-name web')
    await stage.does(admin, 'iam add-role-to-instance-profile --instance-profile-name web --role-name web')

    const role = await stage.does(admin, 'iam get-role --role-name web')
    stage.check(
      'its trust policy says who may wear it',
      at(role, 'Role', 'AssumeRolePolicyDocument', 'Statement', 0, 'Principal', 'Service') ===
        'ec2.amazonaws.com',
    )
    stage.check(
      'its permissions boundary says how far at most',
      textAt(role, 'Role', 'PermissionsBoundary', 'PermissionsBoundaryArn') === boundaryArn,
    )
    const inline = await stage.does(admin, 'iam get-role-policy --role-name web --policy-name app')
    stage.check(
      'its identity policy says what it may do',
      at(inline, 'PolicyDocument', 'Statement', 0, 'Action', 1) === 'iam:ListRoles',
    )
  },
}
