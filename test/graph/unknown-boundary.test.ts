import assert from 'node:assert/strict'
import { test } from 'node:test'
import { techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  comparePaths,
  factValueIn,
  graphOf,
  readWorld,
  StepBudget,
} from '../../packages/server/src/graph/index.ts'
import { account, allow, detailsOf, graphOfFile, policyArn, roleArn, type Statement } from './account-file.ts'

const boundary = policyArn('in-no-file')

/** Roles under a boundary that no file has: each third one may change IAM, others pass or assume any role. */
function dark(count: number, more: Readonly<Record<string, readonly Statement[]>> = {}) {
  const statementsOf = (place: number): readonly Statement[] => [
    allow('s3:GetObject', `arn:aws:s3:::bucket-${place}/*`),
    ...(place % 3 === 0 ? [allow('iam:*')] : []),
    ...(place % 5 === 0 ? [allow(['iam:PassRole', 'lambda:*'])] : []),
    ...(place % 7 === 0 ? [allow('sts:AssumeRole')] : []),
  ]
  const roleOf = (place: number) => ({
    trust: place % 2 === 0 ? { AWS: account } : { Service: 'lambda.amazonaws.com' },
    statements: statementsOf(place),
    boundary,
  })
  const roles = Array.from({ length: count }, (_, place) => [`r${place}`, roleOf(place)] as const)
  const users = Object.entries(more).map(([name, statements]) => [name, { statements }] as const)
  return graphOfFile({ users: Object.fromEntries(users), roles: Object.fromEntries(roles) })
}

test('TPL-180 what waits for one boundary is asked once: twice as many roles take twice as many steps', () => {
  const steps = [60, 120, 240].map((count) => {
    const budget = new StepBudget()
    const { opened, incomplete } = comparePaths(undefined, dark(count), { budget })
    assert.equal(incomplete, undefined)
    assert.ok(opened.length >= count / 3)
    for (const { to, after } of opened) assert.deepEqual([to, after], ['administrator', 'undecided'])
    return budget.taken
  })
  const [few = 0, more = 0, many = 0] = steps
  assert.ok(more < 2.5 * few && many < 2.5 * more, steps.join())
})

test('TPL-180 of one whose way to an administrator is undecided, only what it surely reaches is shown', () => {
  const { opened } = comparePaths(undefined, dark(6, { dev: [allow('sts:AssumeRole', roleArn('r0'))] }))
  const ofDev = opened.flatMap(({ from, to, after }) => (from.endsWith('/dev') ? [[to, after]] : []))
  assert.deepEqual(ofDev, [
    ['administrator', 'undecided'],
    [roleArn('r0'), 'proven'],
  ])
})

test('TPL-180 a way that was sure closes when a boundary of no file comes, and opens when it goes', () => {
  const one = (more: object) =>
    graphOfFile({
      roles: {
        from: {
          trust: { AWS: account },
          statements: [allow('sts:AssumeRole', roleArn('to')), allow('iam:PutRolePolicy')],
          ...more,
        },
        to: { trust: { AWS: roleArn('from') }, statements: [allow('s3:*')] },
      },
    })
  const { opened, closed } = comparePaths(one({ boundary: policyArn('in-no-file') }), one({}))
  assert.deepEqual(
    opened.map(({ to, before, after }) => [to, before, after]),
    [['administrator', 'undecided', 'proven']],
  )
  assert.deepEqual(closed, [])
  const back = comparePaths(one({}), one({ boundary: policyArn('in-no-file') }))
  assert.deepEqual(
    back.closed.map(({ to, before, after }) => [to, before, after]),
    [['administrator', 'proven', 'undecided']],
  )
})

test('TPL-183 who assumes a role whose trust policy is in no file is undecided, and named with the role', () => {
  const details = JSON.parse(
    detailsOf({
      users: { dev: { statements: [allow('sts:AssumeRole')] }, idle: {} },
      roles: {
        dark: { trust: { AWS: account }, statements: [allow('*')] },
        other: { trust: { AWS: account }, statements: [allow('s3:*')] },
        closed: { trust: { Service: 'ec2.amazonaws.com' } },
      },
    }),
  )
  for (const role of details.RoleDetailList)
    if (role.RoleName !== 'closed') delete role.AssumeRolePolicyDocument
  const graph = graphOf(
    readWorld({ details: JSON.stringify(details), awsPolicy: () => undefined }),
    techniqueTable(),
  )
  const ask = (from: string, to?: string) =>
    graph.paths(graph.find(from)!, to === undefined ? to : graph.find(to))
  const { verdict, paths } = ask('user/dev')
  const [step] = paths[0]?.steps ?? []
  assert.deepEqual([verdict, step?.to], ['undecided', roleArn('dark')])
  const facts = step?.proof !== undefined && 'facts' in step.proof ? step.proof.facts : []
  assert.deepEqual(
    facts.map((each) => factValueIn(each, 'en')),
    [`the trust policy of ${roleArn('dark')} is in no file`],
  )
  assert.equal(ask('user/dev', 'role/other').verdict, 'undecided')
  // it may name the user itself
  assert.equal(ask('user/idle').verdict, 'undecided')
})
