import { either, list, map, object, oneOf, oneOrMany, type Shape, text } from '../../shape/index.ts'

const anything: Shape = { type: 'anything' }
const flag: Shape = { type: 'flag' }
const texts = map(text())

/** The options of a session: of a role, or of a user who has used MFA. */
export const sessionShape: Shape = object(
  {
    policy: { type: 'anything', description: 'A session policy.' },
    policyArns: list(text()),
    tags: texts,
    mfa: flag,
    sessionName: text(),
    sourceIdentity: text(),
    durationSeconds: { type: 'number' },
  },
  [],
  'How the role or the user is worn: the session that is asked about.',
)

/** The members that checks of a seed have beside those of the short decision case. */
export const seededMembers = {
  session: sessionShape,
  bearer: text('Who assumes a role: the ARN of an identity provider, or a service.'),
  call: text('A call that is made: iam:ListUsers. Of IAM, STS and EC2.', /^(?:iam|sts|ec2):\w+$/),
  input: anything,
  code: text('The code with which the call is refused; if absent, it must work.'),
  equals: map(text(), 'Texts of the answer by the names of its elements.'),
  keep: map(text(), 'Names for texts of the answer: later inputs write $NAME.'),
  wears: text('A name for the session that the call begins: later calls are made by $NAME.', /^\w+$/),
  trail: text('The name of events in the trail.'),
  where: map(text(), 'Texts of their records by path: userIdentity.userName.'),
  count: { type: 'number', description: 'How many; at least one if absent.' } as const,
  most: { type: 'anything', description: 'A policy: `who` may do nothing that it does not allow.' } as const,
  of: text('Of most: only actions of this pattern.'),
  'most-trust': {
    type: 'anything',
    description: 'A trust policy: the role in `who` lets nobody in whom it does not.',
  } as const,
}

/** A check of a lesson. */
export const checkShape: Shape = object({
  who: text(),
  can: oneOrMany(text()),
  cannot: oneOrMany(text()),
  on: oneOrMany(text()),
  context: map(either([text(), flag, list(either([text(), flag]))])),
  because: text(),
  'can-assume': oneOrMany(text()),
  'cannot-assume': oneOrMany(text()),
  'can-pass': oneOrMany(text()),
  'cannot-pass': oneOrMany(text()),
  to: text(),
  paths: object({ from: text(), to: text(), expect: oneOf(['none', 'conditional', 'proven']) }, [
    'from',
    'expect',
  ]),
  ...seededMembers,
})
