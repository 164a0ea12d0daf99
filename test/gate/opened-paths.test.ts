import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { createOmen } from 'omen-iam'
import { send } from '../guard/house.ts'
import { allow, policyText, trustPolicy } from '../kit/index.ts'

type Ways = readonly {
  readonly kind: string
  readonly opens?: string
  readonly edits?: readonly { readonly type: string }[]
}[]

describe('a way out that opens a path to an administrator says so (SHL-40)', () => {
  let omen: Awaited<ReturnType<typeof createOmen>>
  let iam: IAM

  before(async () => {
    omen = await createOmen({})
    iam = new IAM(omen.clientConfig('admin'))
    const trust = trustPolicy({ Service: 'lambda.amazonaws.com' })
    for (const RoleName of ['strong', 'weak']) {
      await iam.createRole({ RoleName, AssumeRolePolicyDocument: trust })
      const PolicyDocument = policyText(allow([RoleName === 'strong' ? '*' : 's3:ListAllMyBuckets']))
      await iam.putRolePolicy({ RoleName, PolicyName: 'p', PolicyDocument })
    }
    await iam.createUser({ UserName: 'dev' })
    await iam.putUserPolicy({
      UserName: 'dev',
      PolicyName: 'own',
      PolicyDocument: policyText(allow(['lambda:CreateFunction', 'lambda:InvokeFunction'])),
    })
    await iam.createUser({ UserName: 'boss' })
    await iam.putUserPolicy({ UserName: 'boss', PolicyName: 'all', PolicyDocument: policyText(allow(['*'])) })
  })
  after(async () => {
    iam.destroy()
    await omen.close()
  })

  async function waysOf(body: object, path = '/_omen/can'): Promise<Ways> {
    const sent = { method: 'POST', path, service: 'omen', as: omen.keys.admin, body: JSON.stringify(body) }
    const answer = await send(omen.endpoint, { ...sent, headers: { 'content-type': 'application/json' } })
    assert.equal(answer.status, 200, answer.body)
    const { ways, callerHalf } = JSON.parse(answer.body) as { ways?: Ways; callerHalf?: { ways: Ways } }
    return (ways ?? callerHalf?.ways ?? []).filter(({ kind }) => kind === 'widen' || kind === 'guardrail')
  }
  const opens = (ways: Ways) => {
    assert.ok(ways.length > 0)
    return new Set(ways.map((way) => way.opens))
  }
  const role = (name: string) => `arn:aws:iam::${omen.account}:role/${name}`

  test('if the edit, and what the caller has already, lead to one', async () => {
    const pass = (name: string) =>
      waysOf({ who: 'dev', role: name, service: 'lambda.amazonaws.com' }, '/_omen/pass')
    assert.deepEqual(opens(await pass('strong')), new Set(['administrator']))
    assert.deepEqual(opens(await pass('weak')), new Set([undefined]))
    const asked = (action: string, resource: string) => waysOf({ who: 'dev', action, resource })
    const self = `arn:aws:iam::${omen.account}:user/dev`
    assert.deepEqual(opens(await asked('iam:PutUserPolicy', self)), new Set(['administrator']))
    assert.deepEqual(opens(await asked('iam:GetUser', self)), new Set([undefined]))
    // nothing was changed by asking, and of several edits each is judged alone
    assert.deepEqual(opens(await pass('weak')), new Set([undefined]))
    const { UserPolicyList } = await iam
      .getAccountAuthorizationDetails({ Filter: ['User'] })
      .then(({ UserDetailList }) => UserDetailList!.find(({ UserName }) => UserName === 'dev')!)
    assert.equal(UserPolicyList!.length, 1)
  })

  test('also if it is the trust policy of a role that is edited', async () => {
    const PolicyDocument = policyText(allow(['sts:AssumeRole'], role('strong')))
    await iam.createUser({ UserName: 'wearer' })
    await iam.putUserPolicy({ UserName: 'wearer', PolicyName: 'own', PolicyDocument })
    const ways = await waysOf({ who: 'wearer', action: 'sts:AssumeRole', resource: role('strong') })
    assert.deepEqual(opens(ways), new Set(['administrator']))
  })
})
