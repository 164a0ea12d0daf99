import { allow, deny, policyArn, roleArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, mfa, root, when } from './kinds.ts'

const own = userArn('${aws:username}')
const people = allow('iam:CreateAccessKey', [userArn('a'), userArn('b')])
const enrolls = [
  allow('iam:CreateVirtualMFADevice'),
  allow('iam:EnableMFADevice', own),
  allow('sts:AssumeRole', roleArn('adm')),
]
/** dev may make keys of two users of one class. */
const both = (a: object, b: object, more: object = {}) =>
  dev([people], {}, { users: { dev: { statements: [people] }, a, b }, ...more })
const withMfa = {
  roles: adm([
    {
      Effect: 'Allow',
      Principal: { AWS: root },
      Action: 'sts:AssumeRole',
      Condition: when('Bool', mfa, 'true'),
    },
  ]),
  groups: { people: { statements: enrolls } },
}
const inGroup = { groups: ['people'] }

/** What two users may do to themselves is refused by a policy that one of them has attached and the other one inline. */
const refuses = deny('iam:PutUserPolicy')
const lifts = [allow(['iam:PutUserPolicy', 'iam:DetachUserPolicy'], own)]
const attached = { attached: [policyArn('no'), policyArn('lifts')] }
const inline = { statements: [refuses], attached: [policyArn('lifts')] }
const policies = { no: [refuses], lifts }

const alike: readonly Kind[] = [
  {
    name: 'two users, of whom the second one alone can enroll MFA',
    expect: 'proven',
    file: both(inGroup, inGroup, withMfa),
    inventory: { mfaDevices: { a: 8 } },
  },
  {
    name: 'two users, of whom the first one alone can enroll MFA',
    expect: 'proven',
    file: both(inGroup, inGroup, withMfa),
    inventory: { mfaDevices: { b: 8 } },
  },
  {
    name: 'two users, of whom none can enroll MFA',
    expect: 'conditional',
    file: both(inGroup, inGroup, withMfa),
    inventory: { mfaDevices: { a: 8, b: 8 } },
  },
  {
    name: 'a user with an MFA device, which without it can add none (CRED-95)',
    expect: 'conditional',
    file: both(inGroup, {}, withMfa),
    inventory: { mfaDevices: { a: 1 } },
  },
  {
    name: 'two users, of whom the second one alone can detach what refuses',
    expect: 'proven',
    file: both(inline, attached, { policies }),
  },
  {
    name: 'two users, of whom the first one alone can detach what refuses',
    expect: 'proven',
    file: both(attached, inline, { policies }),
  },
]

describeKinds({ 'principals that are alike': alike })
