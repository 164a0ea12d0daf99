import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { parse } from 'yaml'
import { omenArguments } from '../cli/process.ts'
import { allow, policyText } from '../kit/index.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const read = (file: string) => readFileSync(join(root, file), 'utf8')

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, unknown>>
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

interface Workflow {
  readonly permissions?: unknown
  readonly jobs: Readonly<
    Record<
      string,
      { readonly 'timeout-minutes'?: number; readonly permissions?: object; readonly steps: readonly Step[] }
    >
  >
}

const action = parse(read('action.yml')) as Action
const { version } = JSON.parse(read('package.json')) as { version: string }

const policy = (...actions: string[]) => policyText(allow(actions, 'arn:aws:s3:::a/*'))

/** On lines of its own, as in a repository: git finds a renamed file by its lines. */
const laidOut = (...actions: string[]) => JSON.stringify(JSON.parse(policy(...actions)), null, 2)

describe('the GitHub Action and the hooks, on a repository', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-action-'))
  const bin = join(folder, 'bin')
  const repository = join(folder, 'repository')
  const git = (...args: string[]) => {
    const identity = ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false']
    return execFileSync('git', [...identity, ...args], { cwd: repository, encoding: 'utf8' }).trim()
  }
  let base = ''
  before(() => {
    mkdirSync(bin)
    const command = [process.execPath, ...omenArguments].map((word) => `'${word}'`).join(' ')
    // npx takes the package from npm: here it is the checkout's command, and only for the version that is published
    writeFileSync(
      join(bin, 'npx'),
      `#!/bin/sh\n[ "$1 $2" = "--yes omen-iam@${version}" ] || exit 99\nshift 2\nexec ${command} "$@"\n`,
    )
    chmodSync(join(bin, 'npx'), 0o755)
    mkdirSync(join(repository, 'policies'), { recursive: true })
    git('init', '--quiet')
    writeFileSync(join(repository, 'policies', 'dev $(id).json'), policy('s3:GetObject'))
    writeFileSync(join(repository, 'policies', 'same.json'), policy('s3:GetObject'))
    writeFileSync(join(repository, 'policies', 'old name.json'), laidOut('s3:ListBucket'))
    const cases = { given: { principals: { dev: { identity: ['policies/same.json'] } } } }
    const [can, cannot] = [
      { who: 'dev', can: 's3:GetObject' },
      { who: 'dev', cannot: 's3:PutObject' },
    ]
    const on = 'arn:aws:s3:::a/b'
    writeFileSync(
      join(repository, 'cases.json'),
      JSON.stringify({
        ...cases,
        cases: [
          { ...can, on },
          { ...cannot, on },
        ],
      }),
    )
    git('add', '.')
    git('commit', '--quiet', '-m', 'base')
    base = git('rev-parse', 'HEAD')
    writeFileSync(join(repository, 'policies', 'dev $(id).json'), policy('s3:GetObject', 's3:DeleteObject'))
    git('mv', 'policies/old name.json', 'policies/new name.json')
    writeFileSync(join(repository, 'policies', 'new name.json'), laidOut('s3:ListBucket', 's3:PutObject'))
    writeFileSync(join(repository, 'policies', 'added.json'), policy('s3:GetObjectAcl'))
    writeFileSync(join(repository, 'policies', 'none.yaml'), 'a: b\n')
    git('add', '.')
    git('commit', '--quiet', '-am', 'change')
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** Runs one step as the runner does: inputs reach it by its environment alone. */
  function run(name: string, inputs: Readonly<Record<string, string>>) {
    const step = action.runs.steps.find((each) => each.name === name)
    const input = (key: string) =>
      inputs[key] ?? action.inputs[key]?.default ?? assert.fail(`no input ${key}`)
    const env = Object.fromEntries(
      Object.entries(step?.env ?? {}).map(([key, value]) => [
        key,
        value.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_, one: string) => input(one)),
      ]),
    )
    const script = join(folder, 'step.sh')
    writeFileSync(script, step?.run ?? '')
    const { status, stdout, stderr } = spawnSync(
      'bash',
      ['--noprofile', '--norc', '-e', '-o', 'pipefail', script],
      {
        cwd: repository,
        env: { PATH: `${bin}:${process.env.PATH}`, HOME: folder, ...env },
        encoding: 'utf8',
        timeout: 60_000,
      },
    )
    return { status, stdout, stderr }
  }

  test('lint passes good policies, and fails on what fail-on names', () => {
    const good = run('Lint', { lint: 'policies\n\n' })
    assert.equal(good.status, 0, good.stderr)
    writeFileSync(join(repository, 'wrong.json'), policy('s3:GetObjekt'))
    const wrong = run('Lint', { lint: 'policies\nwrong.json' })
    assert.equal(wrong.status, 1, wrong.stderr)
    assert.match(wrong.stdout, /^::error [^\n]*file=wrong\.json,/m)
  })

  test('inputs are never commands', () => {
    const asked = run('Lint', { lint: '$(touch hit); touch hit\n`touch hit`\n--output=json' })
    assert.notEqual(asked.status, 0)
    assert.ok(!existsSync(join(repository, 'hit')))
    for (const { run } of action.runs.steps) assert.doesNotMatch(run ?? '', /\$\{\{/)
  })

  test('cases are asked', () => {
    const { status, stderr } = run('Test', { test: 'cases.json' })
    assert.equal(status, 0, stderr)
  })

  test('new access is reported, and fails where that is asked for', () => {
    const told = run('Compare', { diff: 'policies', base })
    assert.equal(told.status, 0, told.stderr)
    assert.match(told.stdout, /s3:DeleteObject/)
    // a renamed policy as well
    assert.match(told.stdout, /file=policies\/new name\.json,[^\n]*s3:PutObject/)
    // and one that is new
    assert.match(told.stdout, /file=policies\/added\.json,[^\n]*s3:GetObjectAcl/)
    assert.doesNotMatch(told.stdout, /s3:ListBucket/)
    assert.equal(run('Compare', { diff: 'policies', base, 'fail-on-new-access': 'true' }).status, 1)
    assert.equal(run('Compare', { diff: 'cases.json', base, 'fail-on-new-access': 'true' }).status, 0)
    assert.equal(run('Compare', { diff: 'policies', base: '0'.repeat(40) }).status, 2)
  })

  test('SARIF is written for each check', () => {
    const sarif = { output: 'sarif', 'sarif-folder': 'out put' }
    run('Lint', { ...sarif, lint: 'policies' })
    run('Test', { ...sarif, test: 'cases.json' })
    run('Compare', { ...sarif, diff: 'policies', base })
    const files = readdirSync(join(repository, 'out put')).sort()
    assert.deepEqual(files, [
      ...[1, 2, 3, 4].map((number) => `diff-${number}.sarif`),
      'lint.sarif',
      'test.sarif',
    ])
    for (const file of files)
      assert.equal(JSON.parse(readFileSync(join(repository, 'out put', file), 'utf8')).version, '2.1.0', file)
  })

  test('the hooks run the published version', () => {
    const hooks = parse(read('.pre-commit-hooks.yaml')) as readonly {
      id: string
      entry: string
      language: string
    }[]
    const [lint, cases] = hooks
    for (const [hook, args] of [
      [lint, ['policies/same.json']],
      [cases, ['cases.json']],
    ] as const) {
      const [command = '', ...rest] = hook!.entry.split(' ')
      assert.equal(hook?.language, 'system')
      const env = { PATH: `${bin}:${process.env.PATH}`, HOME: folder }
      const { status, stderr } = spawnSync(command, [...rest, ...args], {
        cwd: repository,
        env,
        encoding: 'utf8',
      })
      assert.equal(status, 0, `${hook?.id}: ${stderr}`)
    }
  })
})

describe('workflows', () => {
  for (const name of ['ci', 'release']) {
    const workflow = parse(read(`.github/workflows/${name}.yml`)) as Workflow
    const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

    test(`${name}: expressions never reach a shell, and no action follows a branch`, () => {
      for (const { run, uses, with: given } of steps) {
        assert.doesNotMatch(run ?? '', /\$\{\{/)
        if (uses !== undefined) assert.match(uses, /@v\d+(?:\.\d+)*$|@[0-9a-f]{40}$/)
        if (uses?.startsWith('actions/checkout@')) assert.equal(given?.['persist-credentials'], false)
      }
    })

    test(`${name}: rights are named, and every job ends`, () => {
      assert.ok(workflow.permissions !== undefined)
      for (const job of Object.values(workflow.jobs)) assert.ok((job['timeout-minutes'] ?? 999) <= 60)
    })
  }

  test('the release has provenance for both packages and the image', () => {
    const { jobs } = parse(read('.github/workflows/release.yml')) as Workflow
    const text = read('.github/workflows/release.yml')
    assert.equal(text.match(/npm publish --provenance/g)?.length, 2)
    for (const job of Object.values(jobs)) {
      assert.ok(job.steps.some(({ uses }) => uses?.startsWith('actions/attest-build-provenance@')))
      assert.deepEqual(
        { ...job.permissions, packages: 'write' },
        {
          contents: 'read',
          'id-token': 'write',
          attestations: 'write',
          packages: 'write',
        },
      )
    }
    assert.doesNotMatch(text, /secrets\./)
  })
})
