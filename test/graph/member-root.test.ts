import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  graphOf,
  joinWorlds,
  readInventory,
  readOrganizations,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import { account, allow, deny, detailsOf, inventoryOf, type Statement } from './account-file.ts'

const member = '999988887777'
const task = 'arn:aws:iam::aws:policy/root-task/'
const emails = ['account:StartPrimaryEmailUpdate', 'account:AcceptPrimaryEmailUpdate']
const everything = [allow([...emails, 'sts:AssumeRoot'])]

/** What is found from a user of the management account to an administrator of a member account. */
function answer(
  statements: readonly Statement[],
  more: { management?: string; scp?: Statement; derived?: boolean } = {},
) {
  const { management = account, scp, derived = true } = more
  const full = [
    { name: 'full', document: { Version: '2012-10-17', Statement: [allow('*'), ...(scp ? [scp] : [])] } },
  ]
  const organizations = readOrganizations({
    id: 'o-a1b2c3d4e5',
    rootId: 'r-ab12',
    managementAccount: management,
    scps: full,
    accounts: [account, member],
  })
  const file = { users: { dev: { statements } } }
  const own = readWorld({
    details: detailsOf(file),
    inventory: readInventory(inventoryOf(file)),
    organization: organizations,
  })
  const foreign = readWorld({
    details: detailsOf({ users: { ops: {} } }).replaceAll(account, member),
    organization: organizations,
  })
  const graph = graphOf(joinWorlds([own, foreign]), techniqueTable())
  const { verdict, paths } = graph.paths(graph.find(`${account}/user/dev`)!, undefined, {
    account: member,
    derived,
  })
  const [step] = paths[0]?.steps ?? []
  const found = /^(?:none|blocked)$/.test(verdict) ? 'no' : verdict
  return { verdict: found, technique: step?.technique, facts: factsOf(step?.proof) }
}

function factsOf(proof: object | undefined): readonly string[] {
  const facts = proof !== undefined && 'facts' in proof ? proof.facts : []
  return (facts as readonly { fact: string; known: string }[]).map(({ fact, known }) => `${fact} ${known}`) // facts of a proof
}

describe('trust.member-root: the root user of a member account', () => {
  test('is had by a new address and a new password, if root access is centralized (ORG-105, POL-160)', () => {
    assert.deepEqual(answer(everything), {
      verdict: 'undecided',
      technique: 'trust.member-root',
      facts: ['managementAccount inventory', 'rootAccess unknown'],
    })
    assert.equal(answer(everything, { derived: false }).verdict, 'no')
  })

  test('is not had without one of the calls, or with another task policy', () => {
    for (const action of [...emails, 'sts:AssumeRoot'])
      assert.equal(answer([...everything, deny(action)]).verdict, 'no', action)
    const tasks = (name: string) => [
      allow(emails),
      allow('sts:AssumeRoot', '*', { ArnEquals: { 'sts:TaskPolicyArn': `${task}${name}` } }),
    ]
    assert.equal(answer(tasks('IAMCreateRootUserPassword')).verdict, 'undecided')
    for (const name of [
      'IAMAuditRootUserCredentials',
      'IAMDeleteRootUserCredentials',
      'S3UnlockBucketPolicy',
      'SQSUnlockQueuePolicy',
    ])
      assert.equal(answer(tasks(name)).verdict, 'no', name)
  })

  test('is that of the account that the policies name', () => {
    const of = (number: string) => [allow(emails), allow('sts:AssumeRoot', `arn:aws:iam::${number}:root`)]
    assert.equal(answer(of(member)).verdict, 'undecided')
    assert.equal(answer(of('121212121212')).verdict, 'no')
    const email = (number: string) => [
      allow('sts:AssumeRoot'),
      allow(emails, `arn:aws:account::${account}:account/o-a1b2c3d4e5/${number}`),
    ]
    assert.equal(answer(email(member)).verdict, 'undecided')
    assert.equal(answer(email('121212121212')).verdict, 'no')
  })

  test('is not that of the management account', () => {
    assert.equal(answer(everything, { management: member }).verdict, 'no')
  })
})
