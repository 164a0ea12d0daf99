import { notAuthorized } from '@omen-iam/policy'
import type { Chapter } from './cast.ts'
import { allow, allowPassing, trust } from './policies.ts'
import { keysIn, textAt } from './stage.ts'

/** Chapter 5: a person puts a mask on. */
export const assuming: Chapter = {
  title: 'Praying to STS',
  tale: 'AssumeRole weighs both sides: the caller must be allowed to ask, and the mask must be willing to be worn. What comes back is a temporary avatar, an access key, a secret and a session token, that acts and is recorded in one’s place.',
  async play(stage, cast) {
    const dev = cast.dev!
    const { admin, account } = stage
    const arn = `arn:aws:iam::${account}:role/deployer`
    const assume = ['sts assume-role --role-arn', arn, '--role-session-name morning']
    await stage.does(
      admin,
      'iam create-role --role-name deployer --assume-role-policy-document',
      trust({ AWS: account }),
    )
    await stage.does(
      admin,
      'iam put-role-policy --role-name deployer --policy-name deploy --policy-document',
      allow(['iam:ListUsers', 'iam:ListRoles', 'ec2:RunInstances', 'sts:AssumeRole']),
    )
    await stage.does(
      admin,
      'iam put-role-policy --role-name deployer --policy-name hand-on --policy-document',
      allowPassing(`arn:aws:iam::${account}:role/web`, 'ec2.amazonaws.com'),
    )
    const alone = await stage.refused(dev, ...assume)
    stage.check(
      'the mask is willing, dev may not ask',
      alone.code === 'AccessDenied' &&
        alone.message.includes(notAuthorized(`arn:aws:iam::${account}:user/dev`, 'sts:AssumeRole', arn)),
    )
    await stage.does(
      admin,
      'iam put-user-policy --user-name dev --policy-name assume --policy-document',
      allow('sts:AssumeRole', arn),
    )
    await stage.does(
      admin,
      'iam update-assume-role-policy --role-name deployer --policy-document',
      trust({ Service: 'ec2.amazonaws.com' }),
    )
    const unwilling = await stage.refused(dev, ...assume)
    stage.check('dev may ask, the mask is unwilling: the same words', unwilling.message === alone.message)
    await stage.does(
      admin,
      'iam update-assume-role-policy --role-name deployer --policy-document',
      trust({ AWS: account }),
    )

    const session = await stage.does(dev, ...assume)
    stage.check(
      'both agree: an access key …',
      textAt(session, 'Credentials', 'AccessKeyId').startsWith('ASIA'),
    )
    stage.check(
      '… a secret, and a session token',
      textAt(session, 'Credentials', 'SecretAccessKey').length === 40 &&
        textAt(session, 'Credentials', 'SessionToken').length > 700,
    )
    cast.deployer = stage.actor('dev wearing deployer', keysIn(session))
    const identity = await stage.does(cast.deployer, 'sts get-caller-identity')
    stage.check(
      'the avatar has a name of its own',
      textAt(identity, 'Arn') === `arn:aws:sts::${account}:assumed-role/deployer/morning`,
    )
    await stage.does(cast.deployer, 'iam list-users')
    const laidDown = await stage.refused(cast.deployer, 'ec2 describe-instances')
    stage.check('what dev could do, the avatar cannot', laidDown.code === 'UnauthorizedOperation')

    const narrowed = await stage.does(dev, ...assume, '--policy', allow('iam:ListUsers'))
    const narrow = stage.actor('dev wearing deployer, narrowed', keysIn(narrowed))
    await stage.does(narrow, 'iam list-users')
    const cut = await stage.refused(narrow, 'iam list-roles')
    stage.check(
      'a session policy narrows one wearing',
      cut.message.includes('because no session policy allows the iam:ListRoles action'),
    )
    await stage.does(
      cast.deployer,
      'ec2 run-instances --image-id ami-0abcdef1234567890 --iam-instance-profile Name=web',
    )
    stage.check('an avatar can hand on a mask itself', true)
  },
}

/** Chapter 6: from one account into another. */
export const crossing: Chapter = {
  title: 'Into another account',
  tale: 'An organization makes a second account, with a role in it that the first account may wear. Crossing the border needs the trust there and the permission here; one alone is not enough.',
  async play(stage, cast) {
    const dev = cast.dev!
    const { admin, account } = stage
    await stage.does(admin, 'organizations create-organization --feature-set ALL')
    const asked = await stage.does(
      admin,
      'organizations create-account --account-name second --email second@example.com',
    )
    const status = await stage.does(
      admin,
      'organizations describe-create-account-status --create-account-request-id',
      textAt(asked, 'CreateAccountStatus', 'Id'),
    )
    const other = textAt(status, 'CreateAccountStatus', 'AccountId')
    stage.check(
      'the account is there',
      textAt(status, 'CreateAccountStatus', 'State') === 'SUCCEEDED' && other.length === 12,
    )
    cast.otherAccount = other
    const entered = await stage.does(
      admin,
      `sts assume-role --role-arn arn:aws:iam::${other}:role/OrganizationAccountAccessRole --role-session-name admin`,
    )
    const there = stage.actor('admin in the second account', keysIn(entered))
    const visitor = `arn:aws:iam::${other}:role/visitor`
    const cross = ['sts assume-role --role-arn', visitor, '--role-session-name visit']
    await stage.does(
      there,
      'iam create-role --role-name visitor --assume-role-policy-document',
      trust({ AWS: account }),
    )
    const noPermission = await stage.refused(dev, ...cross)
    stage.check('trust there alone is not enough', noPermission.code === 'AccessDenied')
    await stage.does(
      admin,
      'iam put-user-policy --user-name dev --policy-name visit --policy-document',
      allow('sts:AssumeRole', visitor),
    )
    await stage.does(
      there,
      'iam update-assume-role-policy --role-name visitor --policy-document',
      trust({ AWS: other }),
    )
    const noTrust = await stage.refused(dev, ...cross)
    stage.check('permission here alone is not enough', noTrust.code === 'AccessDenied')
    await stage.does(
      there,
      'iam update-assume-role-policy --role-name visitor --policy-document',
      trust({ AWS: account }),
    )
    const crossed = await stage.does(dev, ...cross)
    stage.check(
      'both: dev acts in the second account',
      textAt(crossed, 'AssumedRoleUser', 'Arn') === `arn:aws:sts::${other}:assumed-role/visitor/visit`,
    )
  },
}

/** Chapter 7: one mask over another. */
export const chaining: Chapter = {
  title: 'A mask over a mask',
  tale: 'An avatar can put on the next mask: that is a chain. Each link lives an hour at most, and nothing of the powers before it remains.',
  async play(stage, cast) {
    const deployer = cast.deployer!
    const { admin, account } = stage
    const arn = `arn:aws:iam::${account}:role/auditor`
    const chain = ['sts assume-role --role-arn', arn, '--role-session-name audit']
    await stage.does(
      admin,
      'iam create-role --role-name auditor --max-session-duration 43200 --assume-role-policy-document',
      trust({ AWS: `arn:aws:iam::${account}:role/deployer` }),
    )
    await stage.does(
      admin,
      'iam put-role-policy --role-name auditor --policy-name audit --policy-document',
      allow('iam:ListRoles'),
    )
    const long = await stage.refused(deployer, ...chain, '--duration-seconds 7200')
    stage.check(
      'longer than an hour is refused',
      long.message ===
        'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
    const session = await stage.does(deployer, ...chain, '--duration-seconds 3600')
    const auditor = stage.actor('dev wearing deployer wearing auditor', keysIn(session))
    await stage.does(auditor, 'iam list-roles')
    const gone = await stage.refused(auditor, 'iam list-users')
    stage.check('the powers of the mask beneath are gone', gone.code === 'AccessDenied')
  },
}
