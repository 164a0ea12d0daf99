import assert from 'node:assert/strict'
import { test } from 'node:test'
import { deny, policyText } from '../../../../../test/kit/index.ts'
import { type AccountImage, emptyAccount, type Image, type OrganizationImage } from '../../intake/index.ts'
import { newWays } from './roles.ts'
import { Places, World } from './world.ts'

const at = { file: 'x', line: 1, column: 1 }
const [management, one, two] = ['111111111111', '222222222222', '333333333333'] as AccountImage['account'][]
const allow = (Action: string, more: object = { Resource: '*' }) => ({ Effect: 'Allow', Action, ...more })

/** A user of each account, who may assume and pass anything, and a role of the second that all may assume. */
function worldOf(organization?: OrganizationImage): World {
  const accounts = [management, one, two].map((id): AccountImage => {
    const trust = policyText(
      allow('sts:AssumeRole', { Principal: { AWS: [management, one, two], Service: 'ec2.amazonaws.com' } }),
    )
    const document = policyText(allow('sts:*'), allow('iam:*'))
    return {
      ...emptyAccount(id!, 'aws', at),
      users: [{ at, name: 'dev', inline: [{ at, name: 'all', document }] }],
      roles: id === one ? [{ at, name: 'worker', trust }] : [],
    }
  })
  const image: Image = { accounts, notTaken: [], findings: [], ...(organization && { organization }) }
  return new World(image, new Places(), new Map())
}

const nobody = new World({ accounts: [], notTaken: [], findings: [] }, new Places(), new Map())
const ways = (organization?: OrganizationImage) =>
  newWays(nobody, worldOf(organization)).ways.map(
    ({ how, who }) => `${how} ${who.replace(/^arn:aws:iam::(\d).*:user\/(.*)$/, '$2 of $1')}`,
  )

/** An organization of the three accounts, the second in a unit; with policies by what they are attached to. */
function organizationOf(
  type: string,
  attached: Readonly<Record<string, readonly string[]>>,
  enabledPolicyTypes = [type],
): OrganizationImage {
  const entries = Object.entries(attached).flatMap(([target, texts]) =>
    texts.map((content, index) => ({ target, content, policyId: `p-${target}-${index}` })),
  )
  return {
    at,
    id: 'o-a',
    managementAccount: management!,
    rootId: 'r-a',
    enabledPolicyTypes,
    accounts: [
      { at, account: management!, parentId: 'r-a' },
      { at, account: one!, parentId: 'ou-a' },
      { at, account: two! },
    ],
    units: [{ at, id: 'ou-a', name: 'a', parentId: 'r-a' }],
    policies: entries.map(({ policyId, content }) => ({ at, id: policyId, type, name: policyId, content })),
    attachments: entries.map(({ policyId, target }) => ({ at, policyId, target })),
  }
}

const everybody = [
  'assume ec2.amazonaws.com',
  'assume dev of 1',
  'assume dev of 2',
  'assume dev of 3',
  'pass dev of 2',
]
const full = policyText(allow('*'))

test('an SCP takes ways to a role away, but from the management account', () => {
  const scp = 'SERVICE_CONTROL_POLICY'
  assert.deepEqual(ways(), everybody)
  assert.deepEqual(ways(organizationOf(scp, { 'r-a': [full] })), everybody)
  const denying = organizationOf(scp, { 'r-a': [full, policyText(deny('sts:AssumeRole'))] })
  assert.deepEqual(ways(denying), ['assume ec2.amazonaws.com', 'assume dev of 1', 'pass dev of 2'])
  const ofUnit = organizationOf(scp, { 'r-a': [full], 'ou-a': [policyText(allow('s3:*'))] })
  assert.deepEqual(ways(ofUnit), ['assume ec2.amazonaws.com', 'assume dev of 1', 'assume dev of 3'])
  assert.deepEqual(
    ways(organizationOf(scp, { 'r-a': [policyText(deny('*'))] }, [])),
    everybody,
    'not enabled',
  )
})

test('an RCP of the role’s account refuses who would assume it', () => {
  const guarded = policyText({
    ...deny('sts:AssumeRole'),
    Principal: '*',
    Condition: { StringNotEquals: { 'aws:PrincipalAccount': one } },
  })
  const rcp = 'RESOURCE_CONTROL_POLICY'
  const expected = ['assume ec2.amazonaws.com', 'assume dev of 2', 'pass dev of 2']
  assert.deepEqual(ways(organizationOf(rcp, { 'ou-a': [guarded] })), expected)
  assert.deepEqual(ways(organizationOf(rcp, { [two!]: [guarded] })), everybody)
})
