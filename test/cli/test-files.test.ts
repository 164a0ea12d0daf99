import assert from 'node:assert/strict'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { junitProblems, sarifProblems } from '../report/schema.ts'
import { omen, start, temporaryHome } from './process.ts'

const folder = join(import.meta.dirname, 'cases')
const good = join(folder, 'good.yaml')
const wrong = join(folder, 'wrong.yaml')
const accounts = join(import.meta.dirname, 'account')

describe('omen test with policies in their own files', { concurrency: 2 }, () => {
  test('files, a role of a template, a policy of a plan, shared principals, short and long cases', async () => {
    const { status, stdout, stderr } = await omen(['test', good])
    assert.deepEqual([status, stdout, stderr], [0, '12 passed, 0 failed\n', ''])
  })

  test('users and roles of a seed: actions, assuming and passing', async () => {
    const { status, stdout } = await omen(['test', join(folder, 'seeded.yaml')])
    assert.deepEqual([stdout, status], ['19 passed, 0 failed\n', 0])
  })

  test('a failure names its line, the deciding statement in the policy’s own file, and the change', async () => {
    const { status, stdout } = await omen(['test', wrong])
    const lines = stdout.replaceAll(`${folder}/`, '').replaceAll('test/cli/cases/', '').split('\n')
    assert.equal(status, 1)
    assert.deepEqual(lines, [
      '✗ wrong.yaml:7:9: dev can s3:GetObject on arn:aws:s3:::dev-b/x',
      '    expected allowed, got implicitDeny because of boundary',
      '    Resource does not match in statement "Storage" of policies/limits.yaml (permissions boundary), policies/limits.yaml:6:15',
      '    smallest change: add arn:aws:s3:::dev-b/x to Resource of statement "Storage" of policies/limits.yaml (permissions boundary)',
      '✗ wrong.yaml:9:25: dev cannot s3:GetObject on arn:aws:s3:::dev-a/x',
      '    expected denied, got allowed because of identity',
      '    allowed by statement "Read" of policies/dev.json (identity policy), policies/dev.json:4:5',
      '✗ wrong.yaml:10:25: dev cannot s3:GetObject on arn:aws:s3:::dev-b/x',
      '    expected denied because of scp, got implicitDeny because of boundary',
      '    Resource does not match in statement "Storage" of policies/limits.yaml (permissions boundary), policies/limits.yaml:6:15',
      '1 passed, 3 failed',
      '',
    ])
  })

  test('expectations of paths: of an account in files, with the best path that is not expected', async () => {
    const { status, stdout } = await omen(['test', join(accounts, 'paths.yaml')])
    assert.equal(status, 1)
    assert.deepEqual(stdout.replaceAll(`${accounts}/`, '').replaceAll('test/cli/account/', '').split('\n'), [
      '✗ paths.yaml:7:12: nobody becomes an administrator',
      '    expected no path that is proven or conditional, got proven: 1 of 2 questions',
      '    user/dev → administrator: proven, 1 step; iam:PutUserPolicy by user/dev (tools of dev), account.json:14:27',
      '3 passed, 1 failed',
      '',
    ])
  })

  test('a fact that no file says, or a search that ends early, is no pass and no failure: exit 3', async () => {
    const { status, stdout } = await omen(['test', join(accounts, 'unknown.yaml')])
    assert.equal(status, 3)
    assert.match(
      stdout,
      /got undecided: 1 of 1 question\n.*room for an access key: the inventory has no numbers of access keys/,
    )
    assert.match(
      stdout,
      /got undecided: 1 of 1 question\n.*user\/dev → administrator: undecided, the search ended after 1 step\n/,
    )
  })

  test('expectations of paths that cannot be asked', async (t) => {
    const home = temporaryHome(t)
    const asked = async (text: string) => {
      writeFileSync(join(home, 'wrong.yaml'), text)
      const { status, stderr } = await omen(['test', join(home, 'wrong.yaml')])
      assert.equal(status, 252)
      return stderr.slice(stderr.indexOf('wrong.yaml') + 'wrong.yaml'.length)
    }
    const account = join(accounts, 'account.json')
    const cases = (paths: string, given = `{ from: ${account} }`) =>
      asked(`given: ${given}\ncases:\n  - { paths: ${paths} }\n`)
    assert.match(
      await cases('{ from: user/bob, expect: none }'),
      /3:14: .*: no user or role matches user\/bob/,
    )
    assert.match(await cases('{ from: dev, expect: none, steps: 0 }'), /steps must be a whole number above 0/)
    assert.match(await cases('{ from: dev, expect: none }', '{}'), /paths need one of seed and from in given/)
  })

  test('every output form is valid, and says how many failed', async () => {
    const written = async (output: string) => {
      const { status, stdout, stderr } = await omen(['test', wrong, '--output', output])
      assert.equal(status, 1)
      assert.equal(stderr, '1 passed, 3 failed\n')
      return stdout
    }
    const log = await written('sarif')
    assert.deepEqual(sarifProblems(log), [])
    const [first] = JSON.parse(log).runs[0].results
    assert.equal(first.ruleId, 'case-failed')
    assert.equal(first.locations[0].physicalLocation.region.startLine, 7)
    assert.match(first.relatedLocations[0].physicalLocation.artifactLocation.uri, /policies\/limits\.yaml$/)
    const xml = await written('junit')
    assert.deepEqual(await junitProblems(xml), [])
    assert.match(xml, /tests="4" failures="3"/)
    assert.match(
      await written('github'),
      /^::error file=.*wrong\.yaml,line=7,endLine=7,col=9,endColumn=21,title=case-failed::/,
    )
    assert.match(await written('tap'), /^TAP version 14\n1\.\.4\nnot ok 1 - /)
    const rows = (await written('json'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.deepEqual(rows[0].statements[0], {
      sid: 'Storage',
      text: 'Resource does not match in statement "Storage" of policies/limits.yaml (permissions boundary)',
      file: 'test/cli/cases/policies/limits.yaml',
      line: 6,
      column: 15,
    })
  })

  test('coverage lists the statements that decided no case', async () => {
    const { stdout } = await omen(['test', good, '--coverage'])
    const text = stdout.replaceAll(`${folder}/`, '').replaceAll('test/cli/cases/', '')
    assert.match(
      text,
      /policies\/dev\.json: 2 of 3 statements decided a case\n {4}never: statement "Never", policies\/dev\.json:6:5\n/,
    )
    assert.match(text, /policies\/limits\.yaml: 1 of 1 statements/)
    assert.match(text, /template\.yaml: 3 of 3 statements/)
    const json = await omen(['test', good, '--coverage', '--output', 'json'])
    const last = JSON.parse(json.stdout.trim().split('\n').at(-1) ?? '') as {
      coverage: { never: unknown[] }[]
    }
    assert.equal(last.coverage.flatMap(({ never }) => never).length, 1)
  })

  test('in a folder only case files are asked; others are passed by', async () => {
    const { status, stdout } = await omen(['test', folder])
    assert.equal(status, 1)
    assert.match(stdout, /32 passed, 3 failed\n$/)
  })

  const bad: readonly (readonly [string, string, RegExp])[] = [
    [
      'an unknown member',
      'cases:\n  - { who: dev, cann: x }\n',
      /:2:17: cases\[0\]\.cann: unknown member; did you mean can\?/,
    ],
    [
      'nobody of that name',
      'cases:\n  - { who: dev, can: s3:x }\n',
      /:2:12: there is no principal dev in given/,
    ],
    [
      'a file that is not there',
      'given: { principals: { a: { identity: [no.json] } } }\ncases: [{ who: a, can: s3:x }]',
      /:1:40: no\.json cannot be read/,
    ],
    [
      'a template without an id',
      'given: { principals: { a: { identity: [template.yaml] } } }\ncases: [{ who: a, can: s3:x }]',
      /:1:40: template\.yaml has 3 policies; name one: template\.yaml#ID; it has Worker, Extra/,
    ],
    [
      'an id that is not there',
      'given: { principals: { a: { role: template.yaml#Work } } }\ncases: [{ who: a, can: s3:x }]',
      /:1:35: template\.yaml has no role Work; it has Worker, Extra/,
    ],
    [
      'a case that asks nothing',
      'given: { principals: { a: {} } }\ncases: [{ who: a }]',
      /:2:9: a case says can, cannot/,
    ],
    ['neither who nor request', 'cases: [{ name: a }]', /:1:9: a case has one of request, who and paths/],
    [
      'a principal that is none',
      'cases: [{ name: a, expect: denied, request: { principal: dev, action: s3:x, resource: "*" } }]',
      /:1:9: a: "dev" is not a principal/,
    ],
    ['no YAML', 'cases: [', /:1:9: /],
  ]
  test('what is wrong with a file is reported with line and column, and exits 252', async (t) => {
    const home = temporaryHome(t)
    cpSync(folder, home, { recursive: true })
    await Promise.all(
      bad.map(async ([name, text, message], index) => {
        const file = join(home, `bad-${index}.yaml`)
        writeFileSync(file, text)
        const { status, stderr } = await omen(['test', file])
        assert.equal(status, 252, name)
        assert.match(stderr, message, name)
      }),
    )
  })

  test('--watch asks again when a policy changes', async (t) => {
    const home = temporaryHome(t)
    cpSync(folder, home, { recursive: true })
    const child = start(['test', '--watch', join(home, 'good.yaml')])
    t.after(() => child.kill('SIGKILL'))
    let stdout = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
    })
    const until = async (wanted: RegExp) => {
      for (let looks = 0; looks < 400 && !wanted.test(stdout); looks++) await sleep(50)
      assert.match(stdout, wanted)
      stdout = ''
    }
    await until(/12 passed, 0 failed/)
    await sleep(300)
    const policy = join(home, 'policies', 'dev.json')
    writeFileSync(policy, readFileSync(policy, 'utf8').replace('"Deny"', '"Allow"'))
    await until(/11 passed, 1 failed/)
  })
})
