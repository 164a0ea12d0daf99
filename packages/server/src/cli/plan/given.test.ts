import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Image } from '../../image/index.ts'
import { parseSource } from '../../sources/index.ts'
import { planOf } from './plan.ts'
import { planReport } from './report.ts'
import { newlyLent } from './roles.ts'
import { stateOfTemplates } from './state.ts'

const at = { file: 'a', line: 1, column: 1 }
const image = (...who: readonly string[]): Image => ({
  accounts: [],
  notTaken: [],
  findings: [],
  lent: who.map((each) => ({ at, role: 'arn:aws:iam::123456789012:role/R', who: each })),
})

test('TPL-186 a role is newly given to those to whom no file gave it before, once', () => {
  const given = newlyLent(
    image('pods of a/b in cluster c'),
    image('pods of a/b in cluster c', 'devs', 'devs'),
  )
  assert.deepEqual(given, [
    { role: 'arn:aws:iam::123456789012:role/R', how: 'given', who: 'devs', conditions: [] },
  ])
  assert.deepEqual(newlyLent(image('devs'), image()), [])
})

test('TPL-188 a plan of several accounts names the account of each role', async () => {
  const assignment = (TargetId: string) => ({
    Type: 'AWS::SSO::Assignment',
    Properties: {
      PermissionSetArn: { 'Fn::GetAtt': ['Dev', 'PermissionSetArn'] },
      TargetId,
      PrincipalType: 'GROUP',
      PrincipalId: 'devs',
    },
  })
  const Dev = { Type: 'AWS::SSO::PermissionSet', Properties: { Name: 'Dev', InstanceArn: 'i' } }
  const reportOf = async (Resources: object) => {
    const text = JSON.stringify({ Resources })
    const root = parseSource(text, 'a.json')
    assert.ok(root.type !== 'problem')
    const after = stateOfTemplates([{ file: 'a.json', text, root }], {})
    return planReport(await planOf({ image: image(), statementPlaces: new Map() }, after, []), 'human')
  }
  const two = await reportOf({ Dev, A: assignment('111122223333'), B: assignment('444455556666') })
  const role = 'role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_*'
  for (const account of ['111122223333', '444455556666'])
    assert.ok(two.includes(`${role} of ${account} is given to devs of IAM Identity Center`), two)
  const one = await reportOf({ Dev, A: assignment('111122223333') })
  assert.ok(one.includes(`${role} is given to devs of IAM Identity Center`), one)
})
