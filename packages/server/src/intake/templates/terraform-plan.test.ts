import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const string = JSON.stringify
const trust = string({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})

interface Resource {
  readonly address: string
  readonly values?: Record<string, unknown>
  readonly unknown?: unknown
  readonly expressions?: Record<string, unknown>
  readonly forEach?: unknown
}

const typeOf = (address: string) => /(aws_\w+)\.[\w-]+(?:\[[^\]]*\])?$/.exec(address)?.[1] ?? ''
const refs = (...references: string[]) => ({ references })

/** A plan of resources of the root and of one module `m`, which is called with `inputs` and has `outputs`. */
function image(
  resources: readonly Resource[],
  {
    inputs = {},
    outputs = {},
    exact = false,
  }: { inputs?: Record<string, unknown>; outputs?: Record<string, unknown>; exact?: boolean } = {},
) {
  const isData = ({ address }: Resource) => /(?:^|\.)data\./.test(address)
  const isInner = ({ address }: Resource) => address.startsWith('module.m')
  const planned = (list: readonly Resource[]) =>
    list
      .filter((each) => !isData(each))
      .map(({ address, values = {} }) => ({ address, mode: 'managed', type: typeOf(address), values }))
  const configured = (list: readonly Resource[]) =>
    list.map(({ address, expressions = {}, forEach }) => ({
      address: address.replace(/^module\.m\./, '').replace(/\[[^\]]*\]$/, ''),
      expressions,
      ...(forEach === undefined ? {} : { for_each_expression: forEach }),
    }))
  const inner = resources.filter(isInner)
  const outer = resources.filter((each) => !isInner(each))
  const plan = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        resources: planned(outer),
        child_modules: [{ address: 'module.m', resources: planned(inner) }],
      },
    },
    resource_changes: resources.map((each) => ({
      address: each.address,
      mode: isData(each) ? 'data' : 'managed',
      type: typeOf(each.address),
      change: { actions: ['create'], after: each.values ?? {}, after_unknown: each.unknown ?? {} },
    })),
    configuration: {
      root_module: {
        resources: configured(outer),
        module_calls: { m: { expressions: inputs, module: { resources: configured(inner), outputs } } },
      },
    },
  }
  const text = string(plan)
  const root = parseSource(text, 'plan.json')
  assert.ok(root.type !== 'problem' && isTemplateSource(root))
  return imageOfTemplates([{ file: 'plan.json', text, root }], { exact })
}

const role = (address: string, values: Record<string, unknown>): Resource => ({
  address,
  values: { assume_role_policy: trust, ...values },
  unknown: { id: true, arn: true, name: !('name' in values), name_prefix: !('name_prefix' in values) },
  expressions: { assume_role_policy: {} },
})

test('TPL-33 TPL-34 policies and attachments belong to a role by reference: keys, outputs, inputs, for_each', () => {
  const attachment = (
    address: string,
    expressions: Record<string, unknown>,
    forEach?: unknown,
  ): Resource => ({
    address,
    unknown: { role: true, policy_arn: true },
    expressions,
    forEach,
  })
  const policy = (address: string): Resource => ({
    address,
    values: { policy: trust, name_prefix: 'p-' },
    unknown: { id: true, arn: true, name: true },
  })
  const { accounts, notTaken, findings } = image(
    [
      role('aws_iam_role.r["a"]', { name_prefix: 'app-' }),
      role('aws_iam_role.r["b"]', { name_prefix: 'app-' }),
      role('module.m.aws_iam_role.in[0]', { name: 'inner' }),
      policy('aws_iam_policy.p'),
      policy('module.m.aws_iam_policy.q'),
      attachment('aws_iam_role_policy_attachment.x["b"]', {
        role: refs('aws_iam_role.r', 'each.key'),
        policy_arn: refs('module.m.policy', 'module.m'),
      }),
      attachment(
        'module.m.aws_iam_role_policy_attachment.y["k"]',
        {
          role: refs('aws_iam_role.in[0].name', 'aws_iam_role.in[0]', 'aws_iam_role.in'),
          policy_arn: refs('each.value'),
        },
        refs('var.policies'),
      ),
    ],
    {
      inputs: { policies: refs('aws_iam_policy.p.arn', 'aws_iam_policy.p') },
      outputs: { policy: { expression: refs('aws_iam_policy.q.arn', 'aws_iam_policy.q') } },
    },
  )
  assert.deepEqual([notTaken, findings], [[], []])
  assert.deepEqual(
    accounts[0]?.roles.map(({ name, attached }) => [name, attached]),
    [
      ['app-*', []],
      ['app-*-2', ['arn:aws:iam::123456789012:policy/p-*-2']],
      ['inner', ['arn:aws:iam::123456789012:policy/p-*']],
    ],
  )
})

test('TPL-33 an attachment whose role is not settled is shown for each that it may be, and is no part of an import', () => {
  const resources = [
    role('aws_iam_role.a', { name: 'a' }),
    role('aws_iam_role.b', { name: 'b' }),
    {
      address: 'aws_iam_role_policy_attachment.x',
      values: { policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      unknown: { role: true },
      expressions: { role: refs('local.role') },
    },
  ]
  const { accounts, findings } = image(resources)
  assert.deepEqual(
    accounts[0]?.roles.map(({ attached }) => attached?.length),
    [1, 1],
  )
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['one-of-these'],
  )
  const exact = image(resources, { exact: true })
  assert.deepEqual(
    [exact.accounts[0]?.roles.map(({ attached }) => attached?.length), exact.notTaken.length],
    [[0, 0], 1],
  )
})

const statement = (sid: string | null, action: string, resources: unknown, effect = 'Allow') => ({
  sid,
  effect,
  actions: [action],
  resources,
})
const documentOf = (
  name: string,
  values: Record<string, unknown>,
  more: Partial<Resource> = {},
): Resource => ({
  address: `data.aws_iam_policy_document.${name}`,
  values: { source_policy_documents: null, override_policy_documents: null, ...values },
  unknown: { json: true },
  ...more,
})
const policyOf = (data: string): Resource => ({
  address: 'aws_iam_policy.p',
  values: { name: 'p' },
  unknown: { id: true, arn: true, policy: true },
  expressions: {
    policy: refs(`data.aws_iam_policy_document.${data}.json`, `data.aws_iam_policy_document.${data}`),
  },
})
const statementsIn = (resources: readonly Resource[]) => {
  const { accounts, findings } = image(resources)
  const document = accounts[0]?.policies[0]?.versions?.[0]?.document ?? '{}'
  return { statements: (JSON.parse(document) as { Statement: unknown[] }).Statement, findings }
}

test('TPL-35 a document has the statements of its sources, and those of its overrides by Sid', () => {
  const { statements, findings } = statementsIn([
    documentOf('base', {
      statement: [statement('a', 's3:GetObject', ['*']), statement(null, 'sqs:*', ['*'])],
    }),
    documentOf(
      'whole',
      {
        source_policy_documents: [null],
        override_policy_documents: [
          string({
            Version: '2012-10-17',
            Statement: { Sid: 'a', Effect: 'Deny', Action: 's3:*', Resource: '*' },
          }),
        ],
        statement: [statement('c', 'sns:Publish', ['*'])],
      },
      {
        unknown: { json: true, source_policy_documents: [true] },
        expressions: {
          source_policy_documents: refs(
            'data.aws_iam_policy_document.base.json',
            'data.aws_iam_policy_document.base',
          ),
        },
      },
    ),
    policyOf('whole'),
  ])
  assert.deepEqual(statements, [
    { Sid: 'a', Effect: 'Deny', Action: 's3:*', Resource: '*' },
    { Effect: 'Allow', Action: ['sqs:*'], Resource: ['*'] },
    { Sid: 'c', Effect: 'Allow', Action: ['sns:Publish'], Resource: ['*'] },
  ])
  assert.deepEqual(findings, [])
})

test('TPL-35 an ARN that is known after apply is that of what it refers to, else a pattern; never in a Deny', () => {
  const { statements, findings } = statementsIn([
    { address: 'aws_s3_bucket.b', values: { bucket: 'orders' }, unknown: { id: true, arn: true } },
    documentOf(
      'd',
      {
        statement: [
          statement('known', 's3:GetObject', [null]),
          statement('open', 'sqs:SendMessage', [null]),
          statement('deny', 'sqs:SendMessage', [null], 'Deny'),
        ],
      },
      {
        unknown: {
          json: true,
          statement: [{ resources: [true] }, { resources: [true] }, { resources: [true] }],
        },
        expressions: {
          statement: [
            { resources: refs('aws_s3_bucket.b.arn', 'aws_s3_bucket.b') },
            { resources: refs('local.queue') },
            { resources: refs('local.queue') },
          ],
        },
      },
    ),
    policyOf('d'),
  ])
  assert.deepEqual(statements, [
    {
      Sid: 'known',
      Effect: 'Allow',
      Action: ['s3:GetObject'],
      Resource: ['arn:aws:s3:::orders', 'arn:aws:s3:::orders/*'],
    },
    { Sid: 'open', Effect: 'Allow', Action: ['sqs:SendMessage'], Resource: ['arn:aws:sqs:*:*:*'] },
  ])
  assert.deepEqual(
    findings.map(({ code }) => code),
    ['unknown-deny', 'pattern'],
  )
})

test('TPL-36 trust in a provider of the plan follows from its URL; a role with an unknown trust policy stays', () => {
  const { accounts, notTaken, findings } = image([
    {
      address: 'aws_iam_openid_connect_provider.o',
      values: { url: 'https://token.actions.githubusercontent.com', client_id_list: [], thumbprint_list: [] },
      unknown: { arn: true, id: true },
    },
    documentOf(
      't',
      {
        statement: [
          {
            effect: 'Allow',
            actions: ['sts:AssumeRoleWithWebIdentity'],
            principals: [{ type: 'Federated', identifiers: [null] }],
          },
        ],
      },
      {
        unknown: { json: true, statement: [{ principals: [{ identifiers: [true] }] }] },
        expressions: { statement: [{ principals: [{ identifiers: refs('local.provider') }] }] },
      },
    ),
    {
      address: 'aws_iam_role.ci',
      values: { name: 'ci' },
      unknown: { assume_role_policy: true, arn: true },
      expressions: {
        assume_role_policy: refs('data.aws_iam_policy_document.t.json', 'data.aws_iam_policy_document.t'),
      },
    },
    {
      address: 'aws_iam_role.dark',
      values: { name: 'dark' },
      unknown: { assume_role_policy: true, arn: true },
      expressions: { assume_role_policy: refs('local.trust') },
    },
  ])
  const [ci, dark] = accounts[0]?.roles ?? []
  assert.match(
    ci?.trust ?? '',
    /"Federated":\["arn:aws:iam::123456789012:oidc-provider\/token\.actions\.githubusercontent\.com"\]/,
  )
  assert.deepEqual([dark?.name, dark?.trust, notTaken.length, findings.length], ['dark', undefined, 0, 1])
})

test('TPL-33 for_each over roles, and a key behind an output, choose the instance of the key', () => {
  const attachment = (address: string, role: unknown, forEach?: unknown): Resource => ({
    address,
    values: { policy_arn: `arn:aws:iam::aws:policy/${address.slice(-4, -2)}` },
    unknown: { role: true },
    expressions: { role },
    forEach,
  })
  const { accounts, findings, notTaken } = image(
    [
      role('module.m.aws_iam_role.r["k1"]', { name_prefix: 'one-' }),
      role('module.m.aws_iam_role.r["k2"]', { name_prefix: 'two-' }),
      role('aws_iam_role.own["o1"]', { name_prefix: 'three-' }),
      role('aws_iam_role.own["o2"]', { name_prefix: 'four-' }),
      attachment('aws_iam_role_policy_attachment.a["a1"]', refs('module.m.roles["k2"].name', 'module.m')),
      attachment(
        'aws_iam_role_policy_attachment.b["o1"]',
        refs('each.value.name', 'each.value'),
        refs('aws_iam_role.own'),
      ),
      attachment(
        'aws_iam_role_policy_attachment.b["o2"]',
        refs('each.value.name', 'each.value'),
        refs('aws_iam_role.own'),
      ),
    ],
    { outputs: { roles: { expression: refs('aws_iam_role.r') } } },
  )
  assert.deepEqual([findings, notTaken], [[], []])
  assert.deepEqual(
    accounts[0]?.roles.map(({ name, attached }) => [name, attached?.map((each) => each.slice(-2))]),
    [
      ['three-*', ['o1']],
      ['four-*', ['o2']],
      ['one-*', []],
      ['two-*', ['a1']],
    ],
  )
})

test('GRD-471 a queue, a topic and a secret are under the keys that they refer to', () => {
  const { underKeys = [] } = image([
    { address: 'aws_kms_key.k', unknown: { arn: true, id: true, key_id: true } },
    {
      address: 'aws_kms_alias.a',
      values: { name: 'alias/pay' },
      unknown: { target_key_id: true },
      expressions: { target_key_id: refs('aws_kms_key.k.id', 'aws_kms_key.k') },
    },
    {
      address: 'aws_sqs_queue.q',
      values: { name: 'jobs' },
      unknown: { arn: true, kms_master_key_id: true },
      expressions: { kms_master_key_id: refs('aws_kms_key.k.arn', 'aws_kms_key.k') },
    },
    {
      address: 'aws_sns_topic.t',
      values: { name: 'news', kms_master_key_id: 'alias/pay' },
      unknown: { arn: true },
    },
    {
      address: 'aws_secretsmanager_secret.s',
      values: { name: 'db', kms_key_id: '1234abcd-12ab-34cd-56ef-1234567890ab' },
      unknown: { arn: true },
    },
  ])
  const short = (arn: string) =>
    arn
      .split(':')
      .slice(2)
      .join(':')
      .replace(/:[\w-]*:\d{12}:/, ':')
  assert.deepEqual(Object.fromEntries(underKeys.map(({ arn, key }) => [short(arn), short(key)])), {
    'sqs:jobs': 'kms:key/*',
    'sns:news': 'kms:key/*',
    'secretsmanager:secret:db-??????': 'kms:key/1234abcd-12ab-34cd-56ef-1234567890ab',
  })
})
