import assert from 'node:assert/strict'
import { test } from 'node:test'
import { allow, policyText } from '../../../../../test/kit/index.ts'
import { worldOfImage } from '../../graph/index.ts'
import { parseSource } from '../../sources/index.ts'
import { plannedAccounts } from '../graph/planned.ts'
import { planOf } from './plan.ts'
import { planReport } from './report.ts'
import { stateOfTemplates } from './state.ts'

const document = policyText(allow('elasticbeanstalk:*'))
const attached = [
  'arn:aws:iam::aws:policy/AWSElasticBeanstalkFullAccess',
  'arn:aws:iam::411355213202:policy/team/Own',
]

/** A state in which a group has policies, and which has read some of them. */
function stateWith(read: readonly string[]): string {
  const resource = (mode: string, type: string, name: string, attributes: object) => ({
    mode,
    type,
    name,
    provider: 'provider.aws',
    instances: [{ attributes }],
  })
  return JSON.stringify({
    version: 4,
    terraform_version: '0.12.24',
    resources: [
      ...read.map((arn, index) =>
        resource('data', 'aws_iam_policy', `p${index}`, { arn, policy: document, path: '/' }),
      ),
      resource('managed', 'aws_iam_group', 'g', { arn: 'arn:aws:iam::411355213202:group/g', name: 'g' }),
      ...attached.map((policy_arn, index) =>
        resource('managed', 'aws_iam_group_policy_attachment', `a${index}`, { group: 'g', policy_arn }),
      ),
    ],
  })
}

for (const [title, read, unread] of [
  ['with data sources', attached, []],
  ['without them', [], attached],
] as const)
  test(`TPL-192 what attached policies allow is known ${title} that have read them`, async () => {
    const text = stateWith(read)
    const root = parseSource(text, 'a.tfstate')
    assert.ok(root.type !== 'problem')
    const after = stateOfTemplates([{ file: 'a.tfstate', text, root }], {})
    const none = { accounts: [], notTaken: [], findings: [] }
    const plan = await planOf({ image: none, statementPlaces: new Map() }, after, [])
    assert.deepEqual(
      plan.unread.map(({ what }) => what),
      unread,
    )
    assert.equal(planReport(plan, 'human').includes('elasticbeanstalk:'), unread.length === 0)
    const planned = plannedAccounts([{ name: 'a.tfstate', text }])
    const [account] = planned?.accounts ?? []
    assert.ok(planned !== undefined && account !== undefined)
    const { policies } = worldOfImage(account, { readPolicies: planned.readPolicies ?? new Map() })
    for (const arn of attached) {
      const { isCustomerManaged, versions } = policies.get(arn)!
      assert.equal(isCustomerManaged, arn.includes('411355213202'))
      assert.equal(versions.get('v1')?.isUnknown === true, unread.length > 0)
    }
  })
