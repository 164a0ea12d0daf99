import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const string = JSON.stringify
const trust = string({ Version: '2012-10-17', Statement: [] })
const attachment = (role: string, policy_arn: string) => ({
  address: `aws_iam_role_policy_attachment.${role}`,
  mode: 'managed',
  type: 'aws_iam_role_policy_attachment',
  values: { role, policy_arn },
})
const admin = 'arn:aws:iam::aws:policy/AdministratorAccess'

const text = string({
  format_version: '1.2',
  planned_values: { root_module: { resources: [attachment('known', admin), attachment('other', admin)] } },
  prior_state: {
    values: {
      root_module: {
        resources: [
          {
            address: 'data.aws_iam_role.known',
            mode: 'data',
            type: 'aws_iam_role',
            values: { name: 'known', path: '/team/', assume_role_policy: trust, permissions_boundary: '' },
          },
        ],
      },
    },
  },
})

test('TPL-148 what is attached to a role that the plan does not make is shown as a part of it', () => {
  const root = parseSource(text, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const source = { file: 'plan.json', text, root }
  const { accounts, notTaken, findings } = imageOfTemplates([source], { parts: true })
  assert.deepEqual(
    accounts[0]?.roles.map(({ name, path, trust: known, attached, isPart }) => [
      name,
      path,
      known,
      attached,
      isPart,
    ]),
    [
      ['known', '/team/', trust, [admin], true],
      ['other', undefined, undefined, [admin], true],
    ],
  )
  assert.deepEqual([notTaken.length, findings.map(({ code }) => code)], [0, ['part', 'part']])
  // an import makes no role of what is added to one
  const exact = imageOfTemplates([source], { exact: true })
  assert.deepEqual([exact.accounts[0]?.roles, exact.notTaken.length], [[], 2])
})
