import type { Chapter } from './cast.ts'
import { trust } from './policies.ts'
import { textAt } from './stage.ts'

/** Chapter 4: the instance puts the mask on. */
export const wearing: Chapter = {
  title: 'The instance wears the mask',
  tale: 'EC2 prays to STS in the instance’s place: the trust policy is weighed, and temporary credentials appear at the metadata endpoint. A program on the instance has no key of its own, and whatever it does is recorded under the mask’s name.',
  async play(stage, cast) {
    const program = await stage.onInstance(cast.instance!)
    const identity = await stage.does(program, 'sts get-caller-identity')
    stage.check(
      'it acts as the role, in a session named after the instance',
      textAt(identity, 'Arn') === `arn:aws:sts::${stage.account}:assumed-role/web/${cast.instance}`,
    )
    await stage.does(program, 'iam list-users')
    const limited = await stage.refused(program, 'iam list-roles')
    stage.check(
      'the boundary stops what the identity policy allows',
      limited.message.includes('because no permissions boundary allows the iam:ListRoles action'),
    )

    await stage.does(
      stage.admin,
      'iam update-assume-role-policy --role-name other --policy-document',
      trust({ Service: 'lambda.amazonaws.com' }),
    )
    const launched = await stage.does(
      stage.admin,
      'ec2 run-instances --image-id ami-0abcdef1234567890 --iam-instance-profile Name=other',
    )
    const stranger = await stage.onInstance(textAt(launched, 'Instances', 0, 'InstanceId'))
    const refusal = await stage.refused(stranger, 'sts get-caller-identity')
    stage.check('a role that does not trust EC2 gives an instance nothing', refusal.code === 'NoCredentials')
  },
}
