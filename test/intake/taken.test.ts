import { join } from 'node:path'
import { describe, test } from 'node:test'
import { createOmen } from 'omen-iam/testing'
import {
  type AccountImage,
  applyImage,
  compareImage,
  emptyAccount,
  type Image,
  imageOfAccount,
  imageOfOrganization,
  type OrganizationImage,
} from '../../packages/server/src/intake/index.ts'
import { checkCorpus } from '../corpus/index.ts'
import { policyText } from '../kit/index.ts'
import { changesOf, problemOf, said } from './changes.ts'
import { account, fullAccount, fullImage, member } from './full.ts'
import { differences, plain } from './values.ts'

const corpus = join(import.meta.dirname, 'corpus', 'taken.txt')
const at = { file: 'given', line: 1, column: 1 }
type Deps = Awaited<ReturnType<typeof createOmen>>['omen']['deps']

/** An image of an account with these things and nothing else. */
const of = (things: Partial<AccountImage>, organization?: Partial<OrganizationImage>): Image => ({
  accounts: [{ ...emptyAccount(account, 'aws', at), ...things }],
  ...(organization === undefined ? {} : { organization: { ...lone, ...organization } }),
  notTaken: [],
  findings: [],
})
const lone: OrganizationImage = {
  id: 'o-abcdefghij',
  at,
  managementAccount: account,
  accounts: [],
  units: [],
  policies: [],
  attachments: [],
}
const [ann] = fullAccount.users
const [web] = fullAccount.roles
const [read] = fullAccount.policies
const versions = (...letters: readonly string[]): Image =>
  of({
    policies: letters.map((letter) => ({
      at,
      name: 'Often',
      versions: [{ at, document: policyText({ Effect: 'Allow', Action: `s3:${letter}`, Resource: '*' }) }],
    })),
  })

/** The image with each text, number and flag replaced. */
function mapped(image: Image, change: (name: string, value: unknown) => unknown): Image {
  return JSON.parse(JSON.stringify(image), (name, value) => change(name, value))
}

const ids = /^(?:AIDA|AGPA|AROA|ANPA|AIPA)/
const later = 86_400_000

/** By name: images that are taken one after the other by a server that is new. */
const histories: Readonly<Record<string, readonly Image[]>> = {
  'everything of nothing': [of({})],
  'least, then everything': [
    of({
      users: [{ at, name: 'ANN' }],
      groups: [{ at, name: 'STAFF' }],
      roles: [{ at, name: 'WEB', trust: web!.trust! }],
      policies: [{ at, name: 'READ', versions: read!.versions! }],
      instanceProfiles: [{ at, name: 'WEB' }],
      oidcProviders: [{ at, url: 'token.example.com/a', clientIds: [] }],
      samlProviders: [{ ...fullAccount.samlProviders[0]!, name: 'CORP' }],
      loginProfiles: [{ at, user: 'aNN' }],
      mfaDevices: [{ at, serial: 'GAHT12345678', user: 'ANN' }],
      center: { at, id: 'ssoins-1234567890abcdef' },
      centerUsers: [{ at, id: 'other-user', name: 'DORA', given: '{}' }],
      centerGroups: [{ at, id: 'other-group', name: 'ADMINS' }],
      permissionSets: [{ at, id: 'ps-other', name: 'ADMIN' }],
    }),
    fullImage,
  ],
  'everything, then without what may be absent': [
    fullImage,
    of({
      users: fullAccount.users.map(({ name }) => ({ at, name: name.toUpperCase() })),
      groups: [{ at, name: 'STAFF' }],
      roles: fullAccount.roles.map(({ name }) => ({ at, name: name.toUpperCase() })),
      policies: [{ at, name: 'READ' }],
      instanceProfiles: [{ at, name: 'WEB' }],
      oidcProviders: [{ at, url: 'token.example.com/a' }],
      samlProviders: [{ at, name: 'Corp' }],
      accessKeys: fullAccount.accessKeys.map(({ id, user, active }) => ({ at, id, user, active })),
      loginProfiles: [{ at, user: 'ann' }],
      identityPools: fullAccount.identityPools.map(({ id }) => ({ at, id })),
      trustAnchors: fullAccount.trustAnchors.map(({ id }) => ({ at, id })),
      certificateProfiles: fullAccount.certificateProfiles.map(({ id }) => ({ at, id })),
    }),
  ],
  'everything, then later and otherwise': [
    fullImage,
    mapped(fullImage, (name, value) => {
      if (typeof value === 'number' && value > later) return value + later
      if (/^(?:Value|description|relayState|email|managementEmail)$/.test(name)) return `${value}!`
      if (/^(?:document|inline|content|sessionPolicy|policy)$/.test(name) && typeof value === 'string')
        return value.replace('s3:', 'sqs:')
      return value
    }),
  ],
  'everything, then earlier': [
    fullImage,
    mapped(fullImage, (_, value) => (typeof value === 'number' && value > later ? value - later : value)),
  ],
  'everything, then with other ids': [
    fullImage,
    mapped(fullImage, (name, value) =>
      name === 'id' && ids.test(String(value)) ? `${String(value).slice(0, -1)}Z` : value,
    ),
  ],
  'everything, then at other paths': [
    fullImage,
    mapped(fullImage, (name, value) => (name === 'path' ? '/moved/' : value)),
  ],
  'an id of one name and of another': [
    fullImage,
    of({ users: [{ at, id: ann!.id!, name: 'bob' }] }),
    of({ policies: [{ at, id: 'ANPAZZZZZZZZZZZZZZZZZ', name: 'read', versions: read!.versions! }] }),
  ],
  'one document after the other': ['a', 'b', 'c', 'd', 'e', 'f', 'b', 'f', 'g'].map((each) => versions(each)),
  'numbered versions': [
    of({ policies: [read!] }),
    of({ policies: [{ at, name: 'Read', defaultVersion: 'v1' }] }),
    of({ policies: [{ ...read!, defaultVersion: 'v1' }] }),
    of({ policies: [{ ...read!, versions: [{ ...read!.versions![1]!, id: 'v9' }], defaultVersion: 'v9' }] }),
    of({ policies: [{ at, name: 'Read', defaultVersion: 'v9' }] }),
    of({ policies: [{ at, name: 'Read', defaultVersion: 'v3' }] }),
    of({ policies: [{ at, name: 'None' }] }),
  ],
  'what belongs to nobody': [
    of({
      accessKeys: [{ at, id: 'AKIAQEXAMPLEAAAAAAAA', user: 'none', active: true }],
      loginProfiles: [{ at, user: 'none' }],
      mfaDevices: [{ at, serial: 'GAHT12345678', user: 'none' }],
      instanceProfiles: [{ at, name: 'p', role: 'none' }],
      roles: [{ at, name: 'untrusted' }],
      oidcProviders: [{ at, url: 'without.example.com' }],
      samlProviders: [
        { at, name: 'without' },
        { at, name: 'unread', metadata: '<x/>' },
      ],
      identityPools: [{ at, id: 'eu-west-1:1' }],
      trustAnchors: [{ at, id: 'ta' }],
      certificateProfiles: [{ at, id: 'cp' }],
      centerUsers: [{ at, id: 'u', name: 'u', given: '{}' }],
    }),
  ],
  'roles of nobody': [
    of({
      podAssociations: [
        {
          at,
          id: 'a-1',
          region: 'eu-west-1',
          cluster: 'c',
          namespace: 'n',
          serviceAccount: 's',
          roleArn: `arn:aws:iam::${account}:role/none`,
        },
        {
          at,
          id: 'a-2',
          region: 'eu-west-1',
          cluster: 'c',
          namespace: 'n',
          serviceAccount: 't',
          roleArn: `arn:aws:iam::${member}:role/far`,
        },
      ],
      certificateProfiles: [
        { at, id: 'cp', region: 'eu-west-1', name: 'p', roleArns: [`arn:aws:iam::${account}:role/x/none`] },
      ],
    }),
    // a subject has one association
    of({
      podAssociations: [
        {
          at,
          id: 'a-3',
          region: 'eu-west-1',
          cluster: 'c',
          namespace: 'n',
          serviceAccount: 's',
          roleArn: `arn:aws:iam::${account}:role/other`,
        },
      ],
    }),
  ],
  'a password policy, another, and none': [
    of({ passwordPolicy: fullAccount.passwordPolicy! }),
    of({ passwordPolicy: { ...fullAccount.passwordPolicy!, minimumLength: 20 } }),
    of({ passwordPolicy: null }),
    of({ passwordPolicy: null }),
  ],
  'an alias, another, and none': [
    of({ alias: 'one-alias' }),
    of({ alias: 'two-alias' }),
    of({}),
    of({ alias: null }),
  ],
  'the administrator': [
    of({ users: [{ at, name: 'admin', tags: [{ Key: 'a', Value: 'b' }] }] }),
    of({ users: [{ at, name: 'Admin', id: 'AIDAZZZZZZZZZZZZZZZZZ' }] }),
  ],
  'an organization with the least': [
    of(
      {},
      {
        id: 'o-abcdefghij',
        accounts: [{ at, account: member }],
        units: [{ at, id: 'ou-abcd-12345678', name: 'Prod' }],
      },
    ),
    of({}, { managementEmail: 'other@example.com', featureSet: 'CONSOLIDATED_BILLING' }),
    of({}, { id: 'o-zzzzzzzzzz' }),
  ],
  'an organization of bills': [of({}, { featureSet: 'CONSOLIDATED_BILLING' })],
  'a policy without a document, and one of AWS': [
    of(
      {},
      {
        policies: [
          { at, id: 'p-12345678', type: 'SERVICE_CONTROL_POLICY', name: 'Empty' },
          {
            at,
            id: 'p-87654321',
            type: 'SERVICE_CONTROL_POLICY',
            name: 'AWS',
            awsManaged: true,
            content: '{}',
          },
          { at, id: 'p-FullAWSAccess', type: 'SERVICE_CONTROL_POLICY', name: 'FullAWSAccess', content: '{}' },
          {
            at,
            id: 'p-11111111',
            type: 'SERVICE_CONTROL_POLICY',
            name: 'Wrong',
            content: '{"Statement":[]}',
          },
          {
            at,
            id: 'p-22222222',
            type: 'RESOURCE_CONTROL_POLICY',
            name: 'Wrong',
            content: '{"Statement":[]}',
          },
          { at, id: 'p-33333333', type: 'TAG_POLICY', name: 'Tags', content: '{"tags":{}}' },
        ],
        attachments: [
          { at, policyId: 'p-33333333', target: account },
          { at, policyId: 'p-RCPFullAWSAccess', target: account },
          { at, policyId: 'p-11111111', target: account },
        ],
      },
    ),
    of({}, { attachments: [{ at, policyId: 'p-22222222', target: account }] }),
    of({}, { policies: [{ at, id: 'p-33333333', type: 'TAG_POLICY', name: 'Labels' }] }),
  ],
  'units beneath themselves': [
    of({}, { units: [{ at, id: 'ou-abcd-12345678', name: 'Prod', parentId: 'ou-abcd-12345678' }] }),
    of(
      {},
      {
        units: Array.from({ length: 18 }, (_, index) => ({
          at,
          id: `ou-abcd-000000${10 + index}`,
          name: `Unit ${index}`,
          parentId: `ou-abcd-000000${11 + index}`,
        })),
      },
    ),
    of(
      {},
      {
        units: Array.from({ length: 15 }, (_, index) => ({
          at,
          id: `ou-abcd-000000${10 + index}`,
          name: `Unit ${index}`,
          parentId: `ou-abcd-000000${11 + index}`,
        })),
      },
    ),
  ],
  'a member of another organization': [
    of({}, { accounts: [{ at, account: member }] }),
    {
      ...of({}),
      organization: { ...lone, managementAccount: member, accounts: [{ at, account }] },
    },
  ],
  'an account of another partition': [{ ...of({}), accounts: [{ ...emptyAccount(member, 'aws-cn', at) }] }],
}

describe('what a server has after an import', () => {
  test('of one image after the other: what becomes of each thing, and what it has otherwise than the image (IMP-5)', async ({
    mock,
  }) => {
    mock.timers.enable({ apis: ['Date'], now: Date.UTC(2026, 8, 1) })
    const answers = new Map<string, readonly string[]>()
    for (const [name, images] of Object.entries(histories)) {
      await using one = await createOmen({ account, port: false })
      const lines: string[] = []
      for (const image of images) {
        const { deps } = one.omen
        const outcome = await applyImage(image, deps).then(said, problemOf)
        lines.push(...outcome, ...(await lost(image, deps)).map((each) => `has ${each}`))
        lines.push(...(await compareImage(image, deps).then(said, problemOf)).map((each) => `again: ${each}`))
      }
      answers.set(name, lines)
    }
    answers.set('everything, then one member otherwise', await withOneOtherwise())
    checkCorpus(corpus, (input) => answers.get(input) ?? [`there is no ${input}`])
  })
})

/** What a server does not have of images that have one member otherwise, beyond what it has otherwise of all of them. */
async function withOneOtherwise(): Promise<readonly string[]> {
  await using one = await createOmen({ account, port: false })
  const { deps } = one.omen
  const lines: string[] = []
  for (const [path, image] of changesOf(fullImage)) {
    if (path.endsWith(' absent')) continue
    await applyImage(fullImage, deps)
    const usual = await lost(fullImage, deps)
    const outcome = await applyImage(image, deps).catch(() => undefined)
    const others = (await lost(image, deps)).filter((each) => !usual.includes(each))
    if (outcome !== undefined && outcome.notTaken.length === 0 && others.length > 0)
      lines.push(`${path}: ${others.join('; ')}`)
  }
  return lines
}

/** The members of an image that a server has otherwise. */
async function lost(image: Image, deps: Deps): Promise<readonly string[]> {
  const accounts: AccountImage[] = []
  for (const { account: id } of image.accounts) {
    const kept = await deps.directory.find(id)
    if (kept !== undefined) accounts.push(imageOfAccount(kept, deps.directory))
  }
  const manager = image.organization && (await deps.directory.find(image.organization.managementAccount))
  const organization = manager && imageOfOrganization(manager)
  const back: Image = { ...image, accounts, ...(organization === undefined ? {} : { organization }) }
  return differences(plain(image), plain(back)).filter((each) => !/: undefined, read /.test(each))
}
