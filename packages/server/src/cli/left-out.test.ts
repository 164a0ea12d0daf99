import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { accountFiles } from './graph/files.ts'
import { listFiles } from './intake/files.ts'
import { LeftOut } from './left-out.ts'
import { lintFiles } from './lint/files.ts'
import { readTemplates } from './plan/state.ts'
import { unreadLines } from './unread.ts'

const configuration = 'resource "aws_iam_role" "app" {\n  name = "app"\n}\n'
const oldState = '{"version": 3, "modules": [{}]}'
const policy = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
const template = 'Resources:\n  App:\n    Type: AWS::IAM::User\n'
const plan = (calls: object = {}) =>
  JSON.stringify({
    format_version: '1.2',
    configuration: { root_module: { module_calls: calls } },
    planned_values: {
      root_module: {
        resources: [
          { address: 'aws_iam_user.a', type: 'aws_iam_user', mode: 'managed', values: { name: 'a' } },
        ],
      },
    },
  })

/** The files of a folder that were left out: by name, what is said of each. */
function leftOut(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  return inFolder(files, links, (folder) => {
    const found = new LeftOut()
    const read = [...lintFiles([folder], found)].map(({ name }) => name.slice(folder.length + 1))
    const said = found.all.map(({ what, reason, files: count }) => [
      what.slice(folder.length + 1),
      reason.split(':')[0],
      count,
    ])
    return { read, said }
  })
}

function inFolder<Answer>(
  files: Readonly<Record<string, string>>,
  links: Readonly<Record<string, string>>,
  ask: (folder: string) => Answer,
): Answer {
  const place = mkdtempSync(join(tmpdir(), 'omen-left-out-'))
  const folder = join(place, 'given')
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true })
      writeFileSync(join(folder, name), text)
    }
    for (const [name, to] of Object.entries(links)) symlinkSync(to, join(folder, name))
    return ask(folder)
  } finally {
    rmSync(place, { recursive: true })
  }
}

test('TPL-206 a configuration, an old state, a log and a plan that is not in JSON are named, by folder', () => {
  const log = '{"@level":"info","@message":"Terraform 1.9"}\n'
  const { read, said } = leftOut({
    'policy.json': policy,
    'infra/main.tf': configuration,
    'infra/roles.tf': configuration,
    'infra/terraform.tfstate': oldState,
    'cdk/cdk.tf.json': '{"//":{},"resource":{"aws_iam_role":{}}}',
    'live/terragrunt.hcl': 'terraform {\n  source = "../aws/role"\n}\n',
    'ci/tfplan': 'PK\u0003\u0004rest',
    'ci2/plan.json': log,
  })
  assert.deepEqual(read, ['policy.json'])
  assert.deepEqual(said, [
    ['ci2/plan.json', 'it is the log of terraform plan -json', 1],
    ['infra/terraform.tfstate', 'it is a state of Terraform 0.11 or older', 1],
    ['cdk/cdk.tf.json', 'it is a configuration of Terraform in JSON, as CDKTF writes it', 1],
    ['ci/tfplan', 'it is an archive, as terraform plan -out writes it', 1],
    ['infra/*', 'it is a configuration of Terraform', 2],
    ['live/terragrunt.hcl', 'it is a configuration of Terraform', 1],
  ])
})

test('TPL-206 files that say nothing of access in AWS are not named', () => {
  const { said } = leftOut({
    'package.json': '{"name":"app","version":"1.0.0"}',
    'tsconfig.json': '{ // strict\n "compilerOptions": {} }',
    'answer.json': '{"data":{"user":{"name":"a"}}}',
    'k8s/pod.yaml': 'apiVersion: v1\nkind: Pod\n---\napiVersion: v1\nkind: Service\n',
    'chart/templates/service.yaml': 'metadata:\n  {{- include "labels" . | nindent 4 }}\n',
    'gcp/main.tf': 'resource "google_project" "p" {}\n',
    'README.md': '# AWS\n',
    plan: 'buy milk',
    'node_modules/a/main.tf': configuration,
  })
  assert.deepEqual(said, [])
})

test('TPL-207 a plan or a state describes the configuration of its folder, of those below and of the modules that it calls', () => {
  const inner = { source: './inner', module: {} }
  const calls = { role: { source: '../../modules/role', module: { module_calls: { inner } } } }
  const { said } = leftOut({
    'live/prod/main.tf': configuration,
    'live/prod/plan.json': plan(calls),
    'live/prod/tfplan': 'PK\u0003\u0004rest',
    'live/prod/below/main.tf': configuration,
    'live/other/main.tf': configuration,
    'modules/role/main.tf': configuration,
    'modules/role/inner/main.tf': configuration,
    'modules/unused/main.tf': configuration,
  })
  assert.deepEqual(
    said.map(([what]) => what),
    ['live/other/main.tf', 'modules/unused/main.tf'],
  )
})

test('TPL-208 links that lead nowhere or out of the folder are named; those to files within are followed', () => {
  const { read, said } = leftOut(
    { 'a/policy.json': policy },
    {
      'gone.json': 'nowhere.json',
      'gone.txt': 'nowhere.txt',
      elsewhere: '..',
      below: 'a',
      'same.json': 'a/policy.json',
      node_modules: '..',
      'far.json': import.meta.filename,
      'far.txt': import.meta.filename,
    },
  )
  assert.deepEqual(read, ['a/policy.json', 'same.json'])
  assert.deepEqual(said.sort(), [
    ['elsewhere', 'it is a link out of the folder, which is not followed', 1],
    ['far.json', 'it is a link out of the folder, which is not followed', 1],
    ['gone.json', 'it is a link that leads nowhere', 1],
  ])
})

test('TPL-208 templates, and answers of accounts, that cannot be parsed are named', () => {
  const files = { 'a.yaml': template, 'b.yaml': `${template}\n\t- broken`, 'c.yaml': '\t- broken: [' }
  inFolder(files, {}, (folder) => {
    const found = new LeftOut()
    assert.equal(readTemplates([folder], found).length, 1)
    assert.deepEqual(
      found.all.map(({ what }) => what),
      [join(folder, 'b.yaml')],
    )
    const { accounts, unread } = accountFiles([folder])
    assert.equal(accounts.length, 1)
    assert.deepEqual(
      unread.map(({ what }) => what),
      [join(folder, 'b.yaml')],
    )
  })
})

test('TPL-206 beside a dump a configuration is what is not deployed yet', () => {
  const dump = JSON.stringify({
    UserDetailList: [{ UserName: 'a', UserId: 'AIDAX', Arn: 'arn:aws:iam::111122223333:user/a', Path: '/' }],
    GroupDetailList: [],
    RoleDetailList: [],
    Policies: [],
  })
  const unread = (files: Readonly<Record<string, string>>) =>
    inFolder(files, {}, (folder) =>
      accountFiles([folder]).unread.map(({ what }) => what.slice(folder.length)),
    )
  assert.deepEqual(unread({ 'a.json': dump, 'main.tf': configuration }), [])
  assert.deepEqual(unread({ 'a.json': dump, 'old.tfstate': oldState }), ['/old.tfstate'])
  assert.deepEqual(unread({ 'a.yaml': template, 'main.tf': configuration }), ['/main.tf'])
})

test('TPL-206 the message that nothing was found says what was left out', () => {
  inFolder({ 'main.tf': configuration }, {}, (folder) => {
    for (const read of [() => readTemplates([folder]), () => accountFiles([folder])])
      assert.throws(read, /main\.tf is left out: it is a configuration of Terraform: give the output of/)
  })
})

test('TPL-206 the first line counts files and names those with the same reason together', () => {
  const entry = (what: string, reason: string, files = 1) => ({ what, reason, files })
  assert.equal(
    unreadLines([
      { what: 'aws_iam_role a', reason: 'it is known after apply' },
      entry('a/*', 'no plan', 2),
      entry('old.tfstate', 'too old'),
      entry('b.tf', 'no plan'),
    ]),
    'NOT LOOKED AT, though it may give access: 1 (aws_iam_role a)\nLEFT OUT, though it may give access: 4 files: a/*, b.tf (no plan); old.tfstate (too old)\n',
  )
  assert.equal(
    unreadLines([entry('a.tf', 'no plan')]),
    'LEFT OUT, though it may give access: 1 file: a.tf (no plan)\n',
  )
  assert.equal(unreadLines([]), '')
})

test('a file beyond the limit is named, and not opened (TPL-206)', () => {
  const said = inFolder({ 'tfplan.bin': '', 'a.json': '{}' }, {}, (folder) => {
    truncateSync(join(folder, 'tfplan.bin'), 200 * 1024 * 1024)
    const found = new LeftOut()
    listFiles([folder], found)
    return found.all.map(({ reason }) => reason)
  })
  assert.deepEqual(said, ['it is too large to be read'])
})
