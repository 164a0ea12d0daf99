import fc from 'fast-check'
import { type AccountImage, emptyAccount, type Image } from '../../packages/server/src/intake/index.ts'
import { policyText, trustPolicy } from '../kit/index.ts'

const at = { file: 'drawn', line: 1, column: 1 }
export const account = '111122223333' as AccountImage['account']
const arnOf = (kind: string, path: string, name: string) => `arn:aws:iam::${account}:${kind}${path}${name}`

/** Texts that shells, Terraform and YAML could misread. */
const awkward = fc.constantFrom(
  'plain',
  '${aws:username}',
  '%{if}',
  "it's",
  '"quoted"',
  '$(id)',
  '`id`',
  'a: b # c',
  'ä é',
  '\\n',
  '*',
)
const name = fc.stringMatching(/^[A-Za-z0-9+=,.@_-]{1,20}$/)
const path = fc.constantFrom('/', '/team/', '/a/b/')
const instant = fc.integer({ min: 1_500_000_000, max: 1_700_000_000 }).map((seconds) => seconds * 1000)
const tags = fc.uniqueArray(
  fc.record({
    Key: fc.stringMatching(/^[A-Za-z][A-Za-z0-9 _.:/=+@-]{0,10}$/).map((key) => key.trim()),
    Value: fc.constantFrom('', 'plain', 'a: b', 'ä é', '=1', '@x/y'),
  }),
  { maxLength: 3, selector: ({ Key }) => Key.toLowerCase() },
)
const document = fc
  .record({
    Action: fc.constantFrom<string | string[]>(
      's3:GetObject',
      ['sqs:SendMessage', 'sqs:ReceiveMessage'],
      'iam:*',
    ),
    Resource: fc.constantFrom<string | string[]>('*', 'arn:aws:s3:::b/${aws:username}/*', [
      'arn:aws:sqs:*:*:q-*',
    ]),
    value: awkward,
    effect: fc.constantFrom('Allow', 'Deny'),
  })
  .map(({ Action, Resource, value, effect }) =>
    policyText({
      Sid: 'S1',
      Effect: effect,
      Action,
      Resource,
      Condition: { StringLike: { 'aws:PrincipalTag/t': value } },
    }),
  )

const unique = <T extends { name: string }>(thing: fc.Arbitrary<T>, maxLength: number) =>
  fc.uniqueArray(thing, { maxLength, selector: (each) => each.name.toLowerCase() })

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
let number = 0
const id = (prefix: string) => {
  let text = ''
  for (let rest = ++number, i = 0; i < 16; i++, rest = Math.floor(rest / 32))
    text = alphabet[rest % 32] + text
  return `${prefix}${text}A`
}

const inline = unique(fc.record({ name, document }), 2).map((all) => all.map((each) => ({ at, ...each })))

/** Accounts with everything that a form may contain. */
export const images: fc.Arbitrary<Image> = fc
  .record({
    policies: unique(
      fc.record({
        name,
        path,
        createdAt: instant,
        description: awkward,
        tags,
        documents: fc.array(document, { minLength: 1, maxLength: 3 }),
      }),
      3,
    ),
    groups: unique(fc.record({ name, path, createdAt: instant, inline }), 2),
    users: unique(fc.record({ name, path, createdAt: instant, inline, tags }), 3),
    roles: unique(
      fc.record({
        name,
        path,
        createdAt: instant,
        inline,
        tags,
        description: awkward,
        hours: fc.integer({ min: 1, max: 12 }),
      }),
      3,
    ),
    picks: fc.array(fc.nat(), { minLength: 24, maxLength: 24 }),
  })
  .map(({ policies, groups, users, roles, picks }): Image => {
    let next = 0
    const pick = <T>(list: readonly T[]): T | undefined =>
      list[(picks[next++ % picks.length] ?? 0) % Math.max(1, list.length)]
    const arns = policies.map((policy) => arnOf('policy', policy.path, policy.name))
    const attached = () => [
      ...new Set([pick(arns), 'arn:aws:iam::aws:policy/ReadOnlyAccess'].filter((each) => each !== undefined)),
    ]
    const principals = [
      ...users.map((user) => arnOf('user', user.path, user.name)),
      ...roles.map((role) => arnOf('role', role.path, role.name)),
      `arn:aws:iam::${account}:root`,
    ]
    const trust = () => trustPolicy({ Service: 'ec2.amazonaws.com', AWS: pick(principals) })
    const image: AccountImage = {
      ...emptyAccount(account, 'aws', at),
      policies: policies.map(({ documents, ...policy }) => ({
        at,
        ...policy,
        id: id('ANPA'),
        updatedAt: policy.createdAt,
        defaultVersion: `v${documents.length}`,
        versions: documents.map((each, index) => ({
          at,
          id: `v${index + 1}`,
          document: each,
          createdAt: policy.createdAt,
        })),
      })),
      groups: groups.map((group) => ({ at, ...group, id: id('AGPA'), attached: attached() })),
      users: users.map((user) => ({
        at,
        ...user,
        id: id('AIDA'),
        attached: attached(),
        groups: [pick(groups)?.name].filter((each) => each !== undefined),
        boundaryArn: pick([undefined, ...arns]) ?? null,
      })),
      roles: roles.map(({ hours, ...role }) => ({
        at,
        ...role,
        id: id('AROA'),
        attached: attached(),
        trust: trust(),
        maxSessionSeconds: hours * 3600,
        boundaryArn: pick([undefined, ...arns]) ?? null,
        lastUsed: { at: role.createdAt + 60_000, region: 'eu-west-1' },
      })),
      instanceProfiles: roles.slice(0, 1).map((role) => ({
        at,
        name: role.name,
        id: id('AIPA'),
        path: '/',
        createdAt: role.createdAt,
        role: role.name,
        tags: [],
      })),
      oidcProviders: [
        {
          at,
          url: 'token.example.com/a',
          createdAt: 1_600_000_000_000,
          clientIds: ['sts.amazonaws.com'],
          thumbprints: ['a'.repeat(40)],
          tags: [],
        },
      ],
    }
    return { accounts: [image], notTaken: [], findings: [] }
  })
