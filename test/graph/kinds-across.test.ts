import { administratorAccess, allow, roleArn, userArn } from './account-file.ts'
import { describeKinds, dev, type Kind, ofOther, root, when } from './kinds.ts'

const same = when('StringEquals', 'aws:ResourceTag/tier', '${aws:PrincipalTag/tier}')
const session = ['sts:AssumeRole', 'sts:TagSession']

/** A role of another account with a tag, which the caller's must equal. */
const beside = (Condition?: object) => ({
  roles: {
    spoke: {
      trust: [
        {
          Effect: 'Allow',
          Principal: { AWS: 'arn:aws:iam::OWN:root' },
          Action: 'sts:AssumeRole',
          ...(Condition === undefined ? {} : { Condition }),
        },
      ],
      tags: { tier: 'gold' },
      attached: [administratorAccess],
    },
  },
})
/** A role whose sessions dev may tag. */
const tags = (condition?: object, asked?: object) =>
  dev(
    [allow(session, roleArn('hub'))],
    {},
    {
      roles: {
        hub: {
          trust: [
            {
              Effect: 'Allow',
              Principal: { AWS: root },
              Action: session,
              ...(asked === undefined ? {} : { Condition: asked }),
            },
          ],
          statements: [allow('sts:AssumeRole', '*', condition)],
        },
      },
    },
  )
const compared: readonly Kind[] = [
  { name: 'by the trust policy, in a session', expect: 'proven', file: tags(), beside: beside(same) },
  { name: 'by the policy of the caller, in a session', expect: 'proven', file: tags(same), beside: beside() },
  {
    name: 'in a session that may not have this tag',
    expect: 'no',
    file: tags(undefined, when('StringEquals', 'aws:RequestTag/tier', 'iron')),
    beside: beside(same),
  },
  {
    name: 'by the policy of a user, who may tag itself',
    expect: 'proven',
    file: dev([allow('iam:TagUser', userArn('dev')), allow('sts:AssumeRole', '*', same)]),
    beside: beside(),
  },
]

describeKinds({
  'a tag of a role of another account that is compared with one of the caller': compared.map((kind) => ({
    ...kind,
    to: ofOther('spoke'),
  })),
})
