import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import {
  graphOf,
  type PathsAnswer,
  readInventory,
  readOrganization,
  readWorld,
} from '../../packages/server/src/graph/index.ts'
import { allow, deny, graphOfFile, roleArn, userArn } from './account-file.ts'
import { adm, lambda, root } from './kinds.ts'

test('a list of who can become a principal says of each what a question about it says', () => {
  const lines = readFileSync(new URL('./worlds.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  let found = 0
  for (const line of lines.filter((_, place) => place % 3 === 0)) {
    const { name, details, inventory, organization } = JSON.parse(line)
    if (details === undefined) continue
    const world = readWorld({
      details: JSON.stringify(details),
      awsPolicy: (arn) => managedPolicies().find(arn)?.document,
      ...(inventory === undefined ? {} : { inventory: readInventory(inventory) }),
      ...(organization === undefined ? {} : { organization: readOrganization(organization) }),
    })
    const principals = [...world.users.values(), ...world.roles.values()]
    for (const to of principals) {
      const listed = graphOf(world, techniqueTable()).comers(to)
      const graph = graphOf(world, techniqueTable())
      const asked = principals
        .filter((from) => from !== to)
        .map((from) => graph.paths(from, to))
        .filter(({ verdict }) => verdict !== 'none' && verdict !== 'blocked')
      assert.deepEqual(listed.map(said).sort(), asked.map(said).sort(), `${name} → ${to.name}`)
      for (const {
        from,
        paths: [best],
      } of listed) {
        const shortest = asked.find((each) => each.from === from)?.paths[0]
        if (shortest?.verdict === 'proven' && shortest.steps.length === 1)
          assert.equal(best?.steps.length, 1, name)
      }
      found += listed.length
    }
  }
  assert.ok(found > 100, `${found} found`)
})

test('a list joins what is known of others only where all of it counts', () => {
  const mfa = { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }
  // mid is assumed with MFA, and gets a policy without it
  const both = [allow(['sts:AssumeRole', 'iam:PutRolePolicy'], roleArn('mid')), deny('iam:*', '*', mfa)]
  const trust = { Effect: 'Allow', Principal: { AWS: root }, Action: 'sts:AssumeRole' }
  const file = {
    users: { dev: { statements: both }, clerk: { statements: [allow('sts:AssumeRole', roleArn('hub'))] } },
    roles: {
      hub: { trust: [trust], statements: [allow('iam:CreateAccessKey', userArn('dev'))] },
      mid: { trust: [{ ...trust, Condition: mfa }] },
    },
  }
  const listed = graphOfFile(file).comers(undefined)
  assert.deepEqual(listed.map(said).sort(), [
    `${roleArn('hub')} conditional 1`,
    `${userArn('clerk')} conditional 1`,
    `${userArn('dev')} conditional 1`,
  ])
})

test('a list asks each of two users who are alike, where a condition names whom a function lets in', () => {
  for (const name of ['anna', 'zoe']) {
    const statements = [
      allow(['lambda:CreateFunction', 'iam:PassRole']),
      allow('lambda:AddPermission', '*', { StringEquals: { 'lambda:Principal': userArn(name) } }),
    ]
    const roles = adm(lambda)
    const listed = graphOfFile({ users: { anna: { statements }, zoe: { statements } }, roles }).comers(
      undefined,
    )
    const users = listed.filter(({ from }) => from !== roleArn('adm'))
    assert.deepEqual(users.map(said), [`${userArn(name)} proven 0`])
  }
})

const said = ({ from, verdict, residual }: PathsAnswer): string => `${from} ${verdict} ${residual.length}`
