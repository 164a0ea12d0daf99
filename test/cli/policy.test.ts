import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { omen } from './process.ts'

describe('omen policy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-policy-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const document = (...statements: readonly object[]) =>
    JSON.stringify({ Version: '2012-10-17', Statement: statements }, null, 2)
  const good = file(
    'good.json',
    document({ Sid: 'Read', Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a/*' }),
  )
  const bad = file(
    'bad.json',
    document({
      Effect: 'Allow',
      Action: ['s3:GetObjekt', 's4:GetObject', 's3:List*'],
      Resource: 'arn:aws:s3:::a/*',
      Condition: {
        StringEquals: { 'aws:PrincipalOrgIdd': 'o-1', 's3:prefiks': 'x', 's3:ExistingObjectTag/a': 'b' },
        Bool: { 'accounts.google.com:aud': 'true' },
      },
    }),
  )

  test('RSN-1, RSN-2 lint reports errors with their places, and exits 1 on them', async () => {
    const fine = await omen(['policy', 'lint', good])
    assert.deepEqual([fine.status, fine.stdout], [0, ''])
    const { status, stdout, stderr } = await omen(['policy', 'lint', good, bad])
    assert.equal(status, 1)
    assert.deepEqual(
      stdout.split('\n').map((line) => line.slice(folder.length + 1)),
      [
        'bad.json:7:9  error  The action s3:GetObjekt does not exist. Did you mean s3:GetObject?  INVALID_ACTION',
        'bad.json:8:9  error  The service s4 specified in the action does not exist.  INVALID_SERVICE_IN_ACTION',
        'bad.json:14:34  error  The condition key aws:PrincipalOrgIdd does not exist. Use a valid condition key. Did you mean aws:PrincipalOrgID?  INVALID_GLOBAL_CONDITION_KEY',
        'bad.json:15:25  error  The condition key s3:prefiks does not exist in the service s3. Use a valid condition key. Did you mean s3:prefix?  INVALID_SERVICE_CONDITION_KEY',
        '',
      ],
    )
    assert.match(stderr, /2 policies: 4 errors, 0 other findings/)
  })

  test('lint for programs', async () => {
    const json = JSON.parse((await omen(['policy', 'lint', bad, '--output', 'json'])).stdout) as {
      code: string
      line: number
      endColumn: number
    }[]
    assert.deepEqual(json[0] && [json[0].code, json[0].line, json[0].endColumn], ['INVALID_ACTION', 7, 23])
    const sarif = JSON.parse((await omen(['policy', 'lint', bad, '--output', 'sarif'])).stdout) as {
      version: string
      runs: { results: { ruleId: string; level: string }[] }[]
    }
    assert.equal(sarif.version, '2.1.0')
    assert.equal(sarif.runs[0]?.results[0]?.ruleId, 'INVALID_ACTION')
    const github = await omen(['policy', 'lint', bad, '--output', 'github'])
    assert.match(
      github.stdout,
      /^::error file=.*bad\.json,line=7,endLine=7,col=9,endColumn=23,title=INVALID_ACTION::The action/,
    )
  })

  test('RSN-1 the kind decides what is an error; it is guessed where nobody says it', async () => {
    const trust = file(
      'trust.json',
      document({ Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' }),
    )
    assert.equal((await omen(['policy', 'lint', trust])).status, 0)
    const identity = await omen(['policy', 'lint', trust, '--kind', 'identity'])
    assert.equal(identity.status, 1)
    assert.match(identity.stdout, /UNSUPPORTED_PRINCIPAL/)
    const broken = await omen(['policy', 'lint', file('broken.json', '{\n "Version": }')])
    assert.match(broken.stdout, /broken\.json:2:13 {2}error .* JSON_SYNTAX_ERROR/)
  })

  test('explain says it in plain words', async () => {
    const deny = file(
      'deny.json',
      document({
        Effect: 'Deny',
        NotAction: ['iam:Get*', 'iam:List*'],
        Resource: '*',
        Condition: { BoolIfExists: { 'aws:MultiFactorAuthPresent': 'false' } },
      }),
    )
    const { stdout } = await omen(['policy', 'explain', good])
    assert.equal(stdout, 'Read: Allows anyone with this policy to do s3:GetObject on arn:aws:s3:::a/*.\n')
    const denied = await omen(['policy', 'explain', deny, '--kind', 'scp'])
    assert.equal(
      denied.stdout,
      '1: Forbids everyone in the accounts below to do everything except iam:Get* and iam:List* on all resources, if aws:MultiFactorAuthPresent (where the request has it) is "false".\n',
    )
  })

  test('fmt takes YAML, and keeps its comments, its layout and what is text', async () => {
    const yaml =
      'Version: "2012-10-17"  \n\n\n\nStatement: # all\n- Effect: Allow\t\n  Action: "s3:Get*"\n  Resource: "*"'
    const loose = file('loose.yaml', yaml)
    const { status, stdout } = await omen(['policy', 'fmt', loose])
    assert.deepEqual([status, stdout], [0, `${loose}\n`])
    const tidy =
      'Version: "2012-10-17"\n\nStatement: # all\n- Effect: Allow\n  Action: "s3:Get*"\n  Resource: "*"\n'
    assert.equal(readFileSync(loose, 'utf8'), tidy)
    // blanks that belong to a text stay
    const text = file('text.yaml', 'Description: |\n  two blanks  \n  end\n')
    assert.equal((await omen(['policy', 'fmt', '--check', text])).status, 0)
    assert.match((await omen(['policy', 'fmt', file('bad.yaml', 'a: [')])).stderr, /bad\.yaml:1:\d+: /)
  })

  test('LNT-24 diff leaves a report in SARIF even if a file cannot be read', async () => {
    const { status, stdout } = await omen([
      'policy',
      'diff',
      '--output',
      'sarif',
      good,
      join(folder, 'none.json'),
    ])
    assert.equal(status, 252)
    assert.equal(JSON.parse(stdout).runs[0].invocations[0].executionSuccessful, false)
    const tests = await omen(['test', '--output', 'junit', join(folder, 'none')])
    assert.deepEqual([tests.status, /errors="1"/.test(tests.stdout)], [252, true])
  })

  test('fmt lays out and checks', async () => {
    const loose = file(
      'loose.json',
      '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}',
    )
    const check = await omen(['policy', 'fmt', '--check', loose])
    assert.deepEqual([check.status, check.stdout], [1, `${loose}\n`])
    assert.equal((await omen(['policy', 'fmt', loose])).status, 0)
    assert.equal(
      readFileSync(loose, 'utf8'),
      '{\n  "Version": "2012-10-17",\n  "Statement": {\n    "Effect": "Allow",\n    "Action": "*",\n    "Resource": "*"\n  }\n}\n',
    )
    const again = await omen(['policy', 'fmt', '--check', loose])
    assert.deepEqual([again.status, again.stdout], [0, ''])
  })

  test('RSN-3 diff shows what the second allows that the first did not, with an example', async () => {
    const wider = file(
      'wider.json',
      document({
        Sid: 'Read',
        Effect: 'Allow',
        Action: ['s3:GetObject', 's3:PutObject'],
        Resource: 'arn:aws:s3:::a/*',
      }),
    )
    const grown = await omen(['policy', 'diff', good, wider])
    assert.equal(grown.status, 1)
    assert.equal(
      grown.stdout,
      [
        '+  s3:PutObject on arn:aws:s3:::a/*',
        '    Sid Read (line 4) allows it. Before, no statement did.',
        '    For example s3:PutObject on arn:aws:s3:::a/example.',
        '',
      ].join('\n'),
    )
    const passing = file(
      'passing.json',
      document({
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: '*',
        Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      }),
    )
    assert.match(
      (await omen(['policy', 'diff', good, passing])).stdout,
      /For example iam:PassRole on arn:aws:iam::123456789012:role\/example, where iam:PassedToService is ec2\.amazonaws\.com\.\n/,
    )
    const shrunk = await omen(['policy', 'diff', wider, good])
    assert.deepEqual(
      [shrunk.status, shrunk.stdout],
      [0, 'The second allows nothing that the first does not.\n'],
    )
    const both = await omen(['policy', 'diff', wider, good, '--both', '--output', 'json'])
    const { added, removed } = JSON.parse(both.stdout) as {
      added: unknown[]
      removed: { certain: boolean; actions: string[] }[]
    }
    assert.deepEqual(
      [both.status, added.length, removed[0]?.certain, removed[0]?.actions],
      [1, 0, true, ['s3:PutObject']],
    )
  })

  test('what cannot be read is said so', async () => {
    assert.equal((await omen(['policy', 'lint', join(folder, 'none.json')])).status, 252)
    assert.equal((await omen(['policy', 'diff', good, bad.replace('bad', 'broken')])).status, 252)
    assert.equal((await omen(['policy', 'diff', '-', '-'])).status, 252)
  })
})
