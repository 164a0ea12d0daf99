import type { Chapter } from './cast.ts'
import { allowPassing, trust } from './policies.ts'
import { at, textAt } from './stage.ts'

const image = ['--image-id ami-0abcdef1234567890 --instance-type t3.micro']
const wrapped = 'You are not authorized to perform this operation.'

/** Chapter 2: AmazonEC2FullAccess alone cannot launch an instance with a role. */
export const refusedPassing: Chapter = {
  title: 'Handing a mask to something that is not human',
  tale: 'PassRole is no call of its own but a permission asked alongside another call, whenever a role is handed to a service. AmazonEC2FullAccess does not hold it: dev may launch an instance, but not one that wears a role.',
  async play(stage, cast) {
    const dev = cast.dev!
    await stage.does(dev, 'ec2 run-instances', ...image)
    const refusal = await stage.refused(dev, 'ec2 run-instances', ...image, '--iam-instance-profile Name=web')
    stage.check('the code is UnauthorizedOperation', refusal.code === 'UnauthorizedOperation')
    stage.check(
      'the message is encoded',
      refusal.message.startsWith(wrapped) &&
        refusal.message.includes('Encoded authorization failure message: '),
    )
    const encoded = refusal.message.slice(refusal.message.lastIndexOf(' ') + 1)
    const mayNot = await stage.refused(dev, 'sts decode-authorization-message --encoded-message', encoded)
    stage.check(
      'dev may not open it',
      mayNot.code === 'AccessDenied' && mayNot.message.includes('sts:DecodeAuthorizationMessage'),
    )
    const opened = await stage.does(
      stage.admin,
      'sts decode-authorization-message --encoded-message',
      encoded,
    )
    const decoded: unknown = JSON.parse(textAt(opened, 'DecodedMessage'))
    stage.check('what was missing is iam:PassRole …', at(decoded, 'context', 'action') === 'iam:PassRole')
    stage.check(
      '… on the role',
      at(decoded, 'context', 'resource') === `arn:aws:iam::${stage.account}:role/web`,
    )
    stage.check(
      'nothing denies it, nothing allows it',
      at(decoded, 'allowed') === false && at(decoded, 'explicitDeny') === false,
    )
  },
}

/** Chapter 3: with the permission it works, only for that role and that service. */
export const grantedPassing: Chapter = {
  title: 'The permission to hand it on, and its edges',
  tale: 'Given iam:PassRole on that role for that service, dev may hand it over. Another role, another service, or a role of another account is still refused, and changing the mask of a running instance needs the permission just the same.',
  async play(stage, cast) {
    const dev = cast.dev!
    const { admin, account } = stage
    const role = `arn:aws:iam::${account}:role/web`
    const mayPass = (service: string) =>
      stage.does(
        admin,
        'iam put-user-policy --user-name dev --policy-name pass-web --policy-document',
        allowPassing(role, service),
      )
    const launch = ['ec2 run-instances', ...image, '--iam-instance-profile']

    await mayPass('lambda.amazonaws.com')
    const service = await stage.refused(dev, ...launch, 'Name=web')
    stage.check('a permission for Lambda does not cover EC2', service.code === 'UnauthorizedOperation')
    await mayPass('ec2.amazonaws.com')
    const launched = await stage.does(dev, ...launch, 'Name=web')
    cast.instance = textAt(launched, 'Instances', 0, 'InstanceId')
    stage.check(
      'the instance has the profile',
      textAt(launched, 'Instances', 0, 'IamInstanceProfile', 'Arn').endsWith(':instance-profile/web'),
    )

    await stage.does(
      admin,
      'iam create-role --role-name other --assume-role-policy-document',
      trust({ Service: 'ec2.amazonaws.com' }),
    )
    await stage.does(admin, 'iam create-instance-profile --instance-profile-name other')
    await stage.does(
      admin,
      'iam add-role-to-instance-profile --instance-profile-name other --role-name other',
    )
    const other = await stage.refused(dev, ...launch, 'Name=other')
    stage.check(
      'another role is refused',
      other.code === 'UnauthorizedOperation' && other.message.includes(':role/other'),
    )
    const foreign = await stage.refused(dev, ...launch, 'Arn=arn:aws:iam::999988887777:instance-profile/web')
    stage.check(
      'so is one of another account',
      foreign.code === 'UnauthorizedOperation' || foreign.code === 'InvalidParameterValue',
    )

    const associations = await stage.does(
      dev,
      `ec2 describe-iam-instance-profile-associations --filters Name=instance-id,Values=${cast.instance}`,
    )
    const association = textAt(associations, 'IamInstanceProfileAssociations', 0, 'AssociationId')
    const replaced = await stage.refused(
      dev,
      'ec2 replace-iam-instance-profile-association --association-id',
      association,
      '--iam-instance-profile Name=other',
    )
    stage.check(
      'changing the mask of a running instance needs it too',
      replaced.code === 'UnauthorizedOperation',
    )
    await stage.does(
      dev,
      'ec2 replace-iam-instance-profile-association --association-id',
      association,
      '--iam-instance-profile Name=web',
    )
  },
}
