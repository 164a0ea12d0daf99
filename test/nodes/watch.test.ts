import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyText, trustPolicy } from '../kit/index.ts'
import { chance } from './chance.ts'
import { account, openNodes } from './twins.ts'

test('two nodes that refuse new paths to an administrator open none together', async () => {
  const random = chance(11)
  const { nodes, close } = await openNodes(
    [1, 2].map(() => ({ delay: () => Math.floor(random() * 6) })),
    {},
  )
  try {
    for (const { omen } of nodes) omen.watchPaths({ refuse: true })
    const [one, other] = nodes.map((node) => node.iam())
    const trust = (AWS: string) => trustPolicy({ AWS })
    const root = nodes[0]!.iam(nodes[0]!.omen.firstKeys.root)
    for (let round = 0; round < 4; round++) {
      const [UserName, RoleName] = [`dev${round}`, `top${round}`]
      await one!.createUser({ UserName })
      await root.createRole({
        RoleName,
        AssumeRolePolicyDocument: trust(`arn:aws:iam::${account}:user/admin`),
      })
      await root.attachRolePolicy({ RoleName, PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' })
      const assume = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }
      // each half alone opens nothing
      const halves = await Promise.allSettled([
        one!.putUserPolicy({ UserName, PolicyName: 'p', PolicyDocument: policyText(assume) }),
        other!.updateAssumeRolePolicy({ RoleName, PolicyDocument: trust(`arn:aws:iam::${account}:root`) }),
      ])
      const refused = halves.filter((half) => half.status === 'rejected')
      assert.equal(refused.length, 1, `round ${round}: ${refused.map(({ reason }) => reason)}`)
      assert.match(String(refused[0]!.reason), /would open a path to an administrator/)
      // what is harmless goes on at both
      for (const iam of [one!, other!]) await iam.createUser({ UserName: `idle${round}-${iam === one}` })
    }
  } finally {
    await close()
  }
})
