import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, describe, test } from 'node:test'
import { policyText } from '../kit/index.ts'
import { junitProblems, sarifProblems } from '../report/schema.ts'
import { omen } from './process.ts'

const statement = { Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }
const document = (action: string) => ({
  Version: '2012-10-17',
  Statement: [{ ...statement, Action: action }],
})
const [good, bad] = [document('s3:GetObject'), document('s3:GetObjekt')]
const pretty = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`

/** Each form of file with a policy that is right and one that is wrong; the line of the mistake. */
const forms: readonly (readonly [name: string, text: (policy: object) => string, line: number])[] = [
  ['policy.json', pretty, 7],
  [
    'policy.yaml',
    (policy) =>
      `# a policy\nVersion: 2012-10-17\nStatement:\n${JSON.stringify(policy)
        .replace(/^.*?\[/, '  - ')
        .replace(/\]\}$/, '')}\n`,
    4,
  ],
  [
    'template.json',
    (policy) =>
      pretty({
        Resources: { Deployer: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy } } },
      }),
    12,
  ],
  [
    'sam.yaml',
    (policy) =>
      `Transform: AWS::Serverless-2016-10-31\nResources:\n  Deployer:\n    Type: AWS::Serverless::Function\n    Properties:\n      Policies:\n        - !If [Yes, ${JSON.stringify(policy)}, !Ref AWS::NoValue]\n`,
    7,
  ],
  [
    'cdk.out/Stack.template.json',
    (policy) =>
      pretty({
        Resources: { Deployer: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: policy } } },
      }),
    12,
  ],
  [
    'plan.json',
    (policy) =>
      pretty({
        format_version: '1.2',
        planned_values: {
          root_module: {
            resources: [
              {
                address: 'aws_iam_policy.a',
                type: 'aws_iam_policy',
                values: { policy: JSON.stringify(policy) },
              },
            ],
          },
        },
      }),
    10,
  ],
  [
    'account.json',
    (policy) =>
      pretty({
        GroupDetailList: [{ GroupName: 'g', GroupPolicyList: [{ PolicyName: 'p', PolicyDocument: policy }] }],
      }),
    14,
  ],
]

describe('omen policy lint, where policies are written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-lint-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const write = (name: string, text: string): string => {
    const path = join(folder, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }
  for (const [name, text] of forms) {
    write(`good/${name}`, text(good))
    write(`bad/${name}`, text(bad))
  }
  const others = {
    'package.json': '{ "name": "a" }',
    'tsconfig.json': '{\n// a comment\n}',
    'compose.yaml': 'services: { a: { image: b } }\n',
    'broken.yaml': 'a: [\n',
    'node_modules/a/policy.json': pretty(bad),
    'cdk.out/asset.1/policy.json': pretty(bad),
    'cdk.out/manifest.json': '{ "version": "36.0.0" }',
  }
  for (const [name, text] of Object.entries(others)) {
    write(`good/${name}`, text)
    write(`bad/${name}`, text)
  }
  const lint = (args: readonly string[], cwd = folder) => omen(['policy', 'lint', ...args], {}, cwd)

  test('a folder with every form: nothing to say of what is right, and other files are passed by', async () => {
    const { status, stdout, stderr } = await lint(['good'])
    assert.deepEqual([status, stdout], [0, ''])
    assert.equal(stderr, `${forms.length} policies: 0 errors, 0 other findings\n`)
  })

  test('a mistake in every form is one finding, at its line in the file', async () => {
    const { status, stdout } = await lint(['bad', '--output', 'json'])
    assert.equal(status, 1)
    const findings = JSON.parse(stdout) as { file: string; line: number; code: string; owner?: string }[]
    const expected = forms.map(([name, , line]) => [`bad/${name}`, line, 'INVALID_ACTION'])
    assert.deepEqual(
      findings.map(({ file, line, code }) => [file, line, code]),
      expected.toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    )
    const plan = findings.find(({ file }) => file === 'bad/plan.json')
    assert.equal(plan?.owner, 'aws_iam_policy aws_iam_policy.a')
  })

  test('every output for programs obeys its schema', async () => {
    const sarif = await lint(['bad', '--output', 'sarif'])
    assert.deepEqual(sarifProblems(sarif.stdout), [])
    const { results } = (JSON.parse(sarif.stdout) as { runs: [{ results: { ruleId: string }[] }] }).runs[0]
    assert.deepEqual([results.length, results[0]?.ruleId], [forms.length, 'INVALID_ACTION'])
    const junit = await lint(['bad', 'good', '--output', 'junit'])
    assert.deepEqual(await junitProblems(junit.stdout), [])
    assert.match(
      junit.stdout,
      new RegExp(`^.*\\n<testsuites tests="${2 * forms.length}" failures="${forms.length}"`),
    )
    const github = await lint(['bad/sam.yaml', '--output', 'github'])
    assert.match(
      github.stdout,
      /^::error file=bad\/sam\.yaml,line=7,endLine=7,col=\d+,endColumn=\d+,title=INVALID_ACTION::/,
    )
  })

  test('a finding that rests on an assumption names it (LNT-4)', async () => {
    const Condition = { 'ForAnyValue:StringEqualsIfExists': { 'aws:TagKeys': 'a' } }
    const Statement = [{ Effect: 'Allow', Action: 'iam:TagUser', Resource: '*', Condition }]
    write('assumed/p.json', policyText(...Statement))
    const [text, json, sarif] = await Promise.all(
      ['human', 'json', 'sarif'].map((form) => lint(['assumed', '--output', form])),
    )
    assert.match(text!.stdout, / {2}FORANYVALUE_WITH_IF_EXISTS {2}assumed: POL-183\n$/)
    assert.deepEqual(
      JSON.parse(json!.stdout).map((each: { assumed?: string }) => each.assumed),
      ['POL-183'],
    )
    assert.equal(JSON.parse(sarif!.stdout).runs[0].results[0].properties.assumed, 'POL-183')
  })

  test('one mistake is one finding, and unknown values have none (LNT-2)', async () => {
    const role = (resource: string, action = 's3:GetObject') => `
Parameters: { Given: { Type: String } }
Resources:
  Bucket: { Type: AWS::S3::Bucket }
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Version: '2012-10-17'
        Statement: [{ Effect: Allow, Action: '${action}', Resource: ${resource} }]
`
    const cases: readonly (readonly [text: string, codes: readonly string[]])[] = [
      [role('!GetAtt Bucket.Arn'), ['ACTION_WITHOUT_MATCHING_RESOURCE']],
      [role('!Sub "arn:aws:sqs:us-east-1:123456789012:${Given}"'), ['ACTION_WITHOUT_MATCHING_RESOURCE']],
      [role('!Sub "${Bucket.Arn}/*"'), []],
      [role('!Ref Given'), []],
      [role('!ImportValue X'), []],
      [role('!Sub "${Given}/*"'), []],
      [role('!Sub "arn:${Given}:s3:::a/*"'), []],
      [role('a', 'iam:GetRole'), ['INVALID_ARN_PREFIX']],
      [role('"arn:aws:iam:us-east-1:123456789012:role/a"', 'iam:GetRole'), ['ARN_REGION_NOT_ALLOWED']],
    ]
    for (const [index, [text]] of cases.entries()) write(`once/${index}.yaml`, text)
    const { stdout } = await lint(['once', '--output', 'json'])
    const findings = JSON.parse(stdout) as { file: string; code: string }[]
    for (const [index, [text, codes]] of cases.entries()) {
      const found = findings.filter(({ file }) => file === `once/${index}.yaml`).map(({ code }) => code)
      assert.deepEqual(found, codes, text)
    }
  })

  test('--fail-on names the least class that fails', async () => {
    const warned = write('warned.json', pretty(document('s3:ListBucket')))
    const statuses = []
    for (const failOn of [[], ['--fail-on', 'security-warning'], ['--fail-on', 'warning']])
      statuses.push((await lint([warned, ...failOn])).status)
    assert.deepEqual(statuses, [0, 0, 1])
  })

  test('a configuration: paths, kinds, and what is ignored, why and until when', async () => {
    const entry = (until: string, more = '') =>
      `  - { code: INVALID_ACTION, reason: 'Known: see 12.', until: ${until}${more} }\n`
    const config = (ignore: string) =>
      write(
        'bad/.omen-lint.yaml',
        `paths: [.]\nfail-on: warning\nkinds: { 'policy.*': boundary }\nignore:\n${ignore}`,
      )
    const run = (...args: string[]) => lint(args, join(folder, 'bad'))
    config(
      entry('never', ', path: "*.json"') + entry('2999-12-31', ', path: cdk.out, owner: Deployer, sid: Read'),
    )
    const { status, stdout, stderr } = await run()
    assert.equal(status, 1)
    assert.deepEqual(stdout.match(/^\S+?:/gm), ['policy.yaml:', 'sam.yaml:'])
    assert.match(stderr, /2 errors, 0 other findings, 5 ignored/)
    const sarif = (await run('--output', 'sarif')).stdout
    assert.deepEqual(sarifProblems(sarif), [])
    assert.match(sarif, /"justification": "Known: see 12\."/)
    const json = (await run('--output', 'json')).stdout
    assert.equal((JSON.parse(json) as { kind: string }[])[0]?.kind, 'boundary')
    config(entry('2020-01-31') + entry('never', ', path: elsewhere'))
    const over = await run()
    assert.equal(over.stdout.split('\n').length - 1, forms.length)
    assert.match(over.stderr, /\.omen-lint\.yaml:5:5: the entry for INVALID_ACTION ended on 2020-01-31/)
    assert.match(over.stderr, /\.omen-lint\.yaml:6:5: the entry for INVALID_ACTION ignores nothing/)
    for (const [wrong, message] of [
      ['  - { code: A, until: never }\n', /5:5: an entry needs reason/],
      ['  - { code: A, reason: b, until: 2026-02-30 }\n', /5:\d+: until is a day/],
      ['  - { kode: A }\n', /5:7: kode is not known; use code, path/],
    ] as const) {
      config(wrong)
      const refused = await run()
      assert.equal(refused.status, 253)
      assert.match(refused.stderr, message)
    }
  })

  test('a file that is named and holds no policy is said so; one that is broken is an error', async () => {
    const { status, stdout, stderr } = await lint(['good/package.json'])
    assert.deepEqual([status, stdout], [0, ''])
    assert.match(stderr, /good\/package\.json contains no policy/)
    const broken = await lint(['good/broken.yaml'])
    assert.equal(broken.status, 1)
    assert.match(broken.stdout, /good\/broken\.yaml:\d+:\d+ {2}error .* YAML_SYNTAX_ERROR/)
    assert.equal((await lint(['absent.json'])).status, 252)
  })
})
