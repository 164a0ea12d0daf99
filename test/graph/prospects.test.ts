import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { managedPolicies, techniqueTable } from '../../packages/server/src/authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld } from '../../packages/server/src/graph/index.ts'
import { accountOf } from '../../tools/bench/graph-account.ts'
import { allow } from '../kit/index.ts'

const account = '111122223333'

function worldWith(roles: number, seed: number) {
  const { details, inventory } = accountOf({ account, users: roles, roles }, seed)
  return readWorld({
    details,
    inventory: readInventory(inventory),
    awsPolicy: (arn) => managedPolicies().find(arn)?.document,
  })
}

describe('what cannot lead to the goal', () => {
  test('is left out, and no path with it: a search for everything finds no administrator more', () => {
    let found = 0
    for (const seed of [3, 4, 5]) {
      const graph = graphOf(worldWith(16, seed), techniqueTable())
      for (const principal of [...graph.world.users.values(), ...graph.world.roles.values()]) {
        const { verdict } = graph.paths(principal)
        const isOpen = verdict === 'proven' || verdict === 'conditional'
        const isCrowned = graph
          .reach(principal)
          .some(
            (each) => each.isAdministrator && (each.verdict === 'proven' || each.verdict === 'conditional'),
          )
        if (isCrowned) found++
        if (isCrowned) assert.ok(isOpen, `seed ${seed}: ${principal.arn} ${verdict}`)
        if (verdict === 'proven') assert.ok(isCrowned, `seed ${seed}: ${principal.arn}`)
      }
    }
    assert.ok(found > 3, `${found}`)
  })

  test('is left out of a list of everyone as well: each has the verdict that it has by itself', () => {
    let found = 0
    for (const seed of [3, 4, 5]) {
      const world = worldWith(16, seed)
      const alone = graphOf(world, techniqueTable())
      const answers = graphOf(world, techniqueTable()).comers(undefined)
      const listed = new Map(answers.map((answer) => [answer.from, answer]))
      for (const principal of [...world.users.values(), ...world.roles.values()]) {
        const { verdict, residual } = alone.paths(principal)
        const answer = listed.get(principal.arn)
        const isOpen = verdict !== 'none' && verdict !== 'blocked'
        assert.equal(answer?.verdict, isOpen ? verdict : undefined, principal.arn)
        assert.equal(answer?.residual.length, isOpen ? residual.length : undefined, principal.arn)
        if (!isOpen) continue
        found++
        assert.equal(answer?.paths[0]?.steps.at(-1)?.result, 'administrator', principal.arn)
      }
    }
    assert.ok(found > 3, `${found}`)
  })

  test('costs no question: a hundred roles more that lead nowhere', () => {
    const asked = [10, 110].map((idle) => {
      const document = (Statement: unknown) => ({ Version: '2012-10-17', Statement })
      const details = JSON.stringify({
        UserDetailList: [
          {
            UserName: 'dev',
            Arn: `arn:aws:iam::${account}:user/dev`,
            UserPolicyList: [{ PolicyName: 'p', PolicyDocument: document(allow('sts:AssumeRole', '*')) }],
          },
        ],
        RoleDetailList: Array.from({ length: idle + 1 }, (_, place) => ({
          RoleName: `r${place}`,
          Arn: `arn:aws:iam::${account}:role/r${place}`,
          AssumeRolePolicyDocument: document({
            Effect: 'Allow',
            Principal: { AWS: `arn:aws:iam::${account}:root` },
            Action: 'sts:AssumeRole',
          }),
          // each goes to the next one, and the first of them to nobody but itself
          RolePolicyList: [
            {
              PolicyName: 'p',
              PolicyDocument: document(
                place === idle
                  ? allow('*', '*')
                  : allow('sts:AssumeRole', `arn:aws:iam::${account}:role/r${Math.max(0, place - 1)}`),
              ),
            },
          ],
          InstanceProfileList: [],
        })),
      })
      const graph = graphOf(readWorld({ details }), techniqueTable())
      const { verdict, paths } = graph.paths(graph.find('dev')!)
      assert.equal(verdict, 'proven')
      assert.equal(paths[0]?.steps.length, 2)
      return graph.asked
    })
    assert.ok((asked[0] ?? 0) > 0)
    assert.equal(asked[1], asked[0])
  })
})
