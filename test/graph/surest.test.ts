import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type AccountFile,
  account,
  administratorAccess,
  allow,
  graphOfFile,
  roleArn,
  type Statement,
  userArn,
} from './account-file.ts'

const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
const ownAccount = { AWS: `arn:aws:iam::${account}:root` }

function verdictOf(file: AccountFile): string {
  const graph = graphOfFile(file)
  return graph.paths(graph.find('user/dev')!).verdict
}

/** Users of one group, of whom dev gets a key: with MFA, but of one without. */
function alike(count: number, free: number, members: readonly Statement[]): AccountFile {
  const names = Array.from({ length: count }, (_, place) => `a${place}`)
  const others = names.filter((_, place) => place !== free).map(userArn)
  return {
    users: {
      dev: {
        statements: [
          allow('iam:CreateAccessKey', others, mfa),
          allow('iam:CreateAccessKey', userArn(`a${free}`)),
        ],
      },
      ...Object.fromEntries(names.map((name) => [name, { groups: ['team'] }])),
    },
    groups: { team: { statements: members } },
    roles: { admin: { trust: ownAccount, attached: [administratorAccess] } },
  }
}

describe('the surest path', () => {
  test('leads through the one of several principals that are alike which is held without a condition', () => {
    const assuming = [allow('sts:AssumeRole', roleArn('admin'))]
    const giving = [allow('iam:PutGroupPolicy', `arn:aws:iam::${account}:group/team`)]
    for (const members of [assuming, giving])
      for (const free of [0, 1, 5]) assert.equal(verdictOf(alike(6, free, members)), 'proven', `${free}`)
  })

  test('is found after its principal was held under a condition, and led to the goal so', () => {
    const trust = ownAccount
    const giving = [allow('iam:AttachUserPolicy', userArn('dev'))]
    const network = { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }
    for (const [near, far] of [
      ['r1', 'r2'],
      ['r2', 'r1'],
      ['r1', 'r1'],
    ] as const) {
      const dev = [allow('sts:AssumeRole', roleArn(near), network), allow('sts:AssumeRole', roleArn('mid'))]
      const roles = {
        mid: { trust, statements: [allow('sts:AssumeRole', roleArn(far))] },
        r1: { trust, statements: giving },
        r2: { trust, statements: giving },
      }
      assert.equal(verdictOf({ users: { dev: { statements: dev } }, roles }), 'proven', `${near}, ${far}`)
    }
  })

  test('is looked for behind many ways that need a condition', () => {
    const names = Array.from({ length: 40 }, (_, place) => `boss${String(place).padStart(2, '0')}`)
    for (const free of ['boss00', 'boss39']) {
      const others = names.filter((name) => name !== free).map(userArn)
      const dev = [allow('iam:CreateAccessKey', others, mfa), allow('iam:CreateAccessKey', userArn(free))]
      const users = Object.fromEntries(names.map((name) => [name, { attached: [administratorAccess] }]))
      assert.equal(verdictOf({ users: { ...users, dev: { statements: dev } } }), 'proven', free)
    }
  })
})

test('each change with which the start is an administrator is a way', () => {
  const graph = graphOfFile({
    users: { dev: { groups: ['team'], statements: [allow(['iam:PutUserPolicy', 'iam:PutGroupPolicy'])] } },
    groups: { team: {} },
  })
  const { paths } = graph.paths(graph.find('user/dev')!)
  const ways = paths.map(({ steps }) => steps[0]?.technique)
  assert.deepEqual(ways, ['empower.put-user-policy', 'empower.put-group-policy'])
})
