import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource, unreadDocuments } from './index.ts'

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

const provider = (values: Record<string, unknown>, unknown: Record<string, boolean>) => ({
  planned: {
    address: 'aws_iam_openid_connect_provider.o',
    mode: 'managed',
    type: 'aws_iam_openid_connect_provider',
    values: { client_id_list: ['sts.amazonaws.com'], thumbprint_list: [], ...values },
  },
  unknown,
})

/** A plan of a role that trusts a provider, by `jsonencode` or by a data source with a dynamic block. */
function trusting(made: ReturnType<typeof provider>, isEncoded: boolean) {
  const change = (
    address: string,
    type: string,
    after: unknown,
    after_unknown: unknown,
    mode = 'managed',
  ) => ({
    address,
    mode,
    type,
    change: { actions: [mode === 'data' ? 'read' : 'create'], before: null, after, after_unknown },
  })
  const data = 'data.aws_iam_policy_document.t'
  const reference = isEncoded ? 'aws_iam_openid_connect_provider.o.arn' : `${data}.json`
  const statement = {
    effect: 'Allow',
    actions: ['sts:AssumeRoleWithWebIdentity'],
    principals: [{ type: 'Federated', identifiers: [null] }],
    condition: [{ test: 'StringEquals', values: ['system:serviceaccount:a:b'] }],
  }
  const plan = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          made.planned,
          { address: 'aws_iam_role.r', mode: 'managed', type: 'aws_iam_role', values: { name: 'r' } },
        ],
      },
    },
    resource_changes: [
      change(made.planned.address, made.planned.type, made.planned.values, { arn: true, ...made.unknown }),
      change('aws_iam_role.r', 'aws_iam_role', { name: 'r' }, { assume_role_policy: true, arn: true }),
      change(
        data,
        'aws_iam_policy_document',
        { statement: [statement] },
        {
          json: true,
          statement: [
            { principals: [{ identifiers: [true] }], condition: [{ variable: true, values: [false] }] },
          ],
        },
        'data',
      ),
    ],
    configuration: {
      root_module: {
        resources: [
          { address: 'aws_iam_role.r', expressions: { assume_role_policy: { references: [reference] } } },
          {
            address: data,
            expressions: { statement: [{ principals: [{ identifiers: { references: ['local.o'] } }] }] },
          },
        ],
      },
    },
  }
  const source = string(plan)
  const root = parseSource(source, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const { accounts, findings, notTaken } = imageOfTemplates([{ file: 'plan.json', text: source, root }])
  const [role] = accounts[0]?.roles ?? []
  assert.deepEqual([role?.name, notTaken], ['r', []])
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['unknown-value'],
  )
  return (JSON.parse(role?.trust ?? '{}') as { Statement?: readonly object[] }).Statement
}

test('TPL-149 whom a trust policy names is known though its conditions are not, and the role is not said to be read', () => {
  const github = provider({ url: 'https://token.actions.githubusercontent.com' }, {})
  const Federated = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com'
  assert.deepEqual(trusting(github, true), [
    {
      Effect: 'Allow',
      Principal: { Federated },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': ['sts.amazonaws.com'] } },
    },
  ])
  const cluster = provider({}, { url: true })
  assert.deepEqual(trusting(cluster, false), [
    {
      Effect: 'Allow',
      Action: ['sts:AssumeRoleWithWebIdentity'],
      Principal: { Federated: ['arn:aws:iam::123456789012:oidc-provider/*'] },
    },
  ])
})

test('TPL-150 what gets a document that is not known keeps the previous one, and is not said to be read', () => {
  const before = { name: 'r', assume_role_policy: trust }
  const own = string({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }],
  })
  const resource = (address: string, type: string, values: Record<string, unknown>) => ({
    address,
    mode: 'managed',
    type,
    values,
  })
  const change = (address: string, type: string, old: Record<string, unknown>, name: string) => {
    const { [name]: _, ...after } = old
    const changed = { actions: ['update'], before: old, after, after_unknown: { [name]: true } }
    return { address, mode: 'managed', type, change: changed }
  }
  const plan = string({
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: [
          resource('aws_iam_role.r', 'aws_iam_role', { name: 'r' }),
          resource('aws_iam_role_policy.p', 'aws_iam_role_policy', { name: 'p', role: 'r' }),
        ],
      },
    },
    resource_changes: [
      change('aws_iam_role.r', 'aws_iam_role', before, 'assume_role_policy'),
      change('aws_iam_role_policy.p', 'aws_iam_role_policy', { name: 'p', role: 'r', policy: own }, 'policy'),
    ],
  })
  const root = parseSource(plan, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  const source = { file: 'plan.json', text: plan, root }
  const { accounts, findings } = imageOfTemplates([source])
  const [role] = accounts[0]?.roles ?? []
  assert.deepEqual([role?.trust, role?.inline?.[0]?.document], [trust, own])
  assert.deepEqual(
    findings.map(({ code, message }) => [code, message.includes('the previous one')]),
    [
      ['unknown-value', true],
      ['unknown-value', true],
    ],
  )
  assert.deepEqual(
    unreadDocuments(root).map(({ address }) => address),
    ['aws_iam_role.r', 'aws_iam_role_policy.p'],
  )
  assert.equal(imageOfTemplates([source], { exact: true }).accounts[0]?.roles.length ?? 0, 0)
})
