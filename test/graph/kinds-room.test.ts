import { account, allow, policyArn, userArn } from './account-file.ts'
import { adm, describeKinds, dev, type Kind, lambda, many, passes, when } from './kinds.ts'

const group = (name: string) => `arn:aws:iam::${account}:group/${name}`

/** dev is in some groups, may leave some of them, and may join two more. One of the groups lets it run functions. */
const joins = (count: number, leaving: readonly string[] = []) => {
  const groups = many(count, (place) => `other${place}`)
  const runs = [allow(['lambda:InvokeFunction', 's3:GetObject'])]
  return dev(
    [
      allow('iam:AddUserToGroup', [group('one'), group('two')]),
      ...leaving.map((name) => allow('iam:RemoveUserFromGroup', group(name))),
    ],
    { groups },
    {
      groups: {
        ...Object.fromEntries(groups.map((name) => [name, { statements: [allow('s3:GetObject')] }])),
        other5: { statements: runs },
        one: { statements: [passes()] },
        two: { statements: [allow('lambda:CreateFunction')] },
      },
      roles: adm(lambda),
    },
  )
}

/** dev has nine policies, may detach some of them, and may attach two more. */
const attaches = (detaching: readonly string[]) => {
  const attached = many(9, (place) => `other${place}`)
  return dev(
    [
      allow('iam:AttachUserPolicy', userArn('dev'), when('ArnLike', 'iam:PolicyARN', policyArn('more-*'))),
      ...detaching.map((name) =>
        allow('iam:DetachUserPolicy', userArn('dev'), when('ArnEquals', 'iam:PolicyARN', policyArn(name))),
      ),
      allow('lambda:InvokeFunction'),
    ],
    { attached: attached.map(policyArn) },
    {
      policies: {
        ...Object.fromEntries(attached.map((name) => [name, [allow('s3:GetObject')]])),
        'more-1': [passes()],
        'more-2': [allow('lambda:CreateFunction')],
      },
      roles: adm(lambda),
    },
  )
}
const rooms: readonly Kind[] = [
  { name: 'two groups, and one place for them', expect: 'no', file: joins(9) },
  { name: 'two groups, one place, and one that may be left', expect: 'proven', file: joins(9, ['other3']) },
  { name: 'two groups, one place, and one that is needed', expect: 'no', file: joins(9, ['other5']) },
  {
    name: 'two groups, one place, and one that may be left besides one that is needed',
    expect: 'proven',
    file: joins(9, ['other5', 'other7']),
  },
  { name: 'two groups, no place, and one that may be left', expect: 'no', file: joins(10, ['other3']) },
  {
    name: 'two groups, no place, and two that may be left',
    expect: 'proven',
    file: joins(10, ['other3', 'other9']),
  },
  { name: 'two policies, and one place for them', expect: 'no', file: attaches([]) },
  { name: 'two policies, one place, and one that is detached', expect: 'proven', file: attaches(['other3']) },
  { name: 'two groups, and two places for them', expect: 'proven', file: joins(8) },
]

describeKinds({ 'room for several groups and policies': rooms })
