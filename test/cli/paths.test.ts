import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import { administratorAccess, allow, detailsOf } from '../graph/account-file.ts'
import { deny, policyText } from '../kit/index.ts'
import { omen } from './process.ts'

describe('omen paths, on files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'omen-paths-'))
  after(() => rmSync(folder, { recursive: true, force: true }))
  const lines = readFileSync(new URL('../graph/worlds.jsonl', import.meta.url), 'utf8')
    .trim()
    .split('\n')
  const worlds = new Map(lines.map((line) => [JSON.parse(line).name, JSON.parse(line)]))

  /** Writes the files of a case of worlds.jsonl, and returns the options that name them. */
  function files(name: string): readonly string[] {
    const { details, inventory, organization } = worlds.get(name)
    const write = (file: string, value: unknown) =>
      writeFileSync(join(folder, file), JSON.stringify(value, undefined, 2))
    write('details.json', details)
    write('inventory.json', inventory ?? {})
    write('organization.json', organization)
    return ['--from', 'details.json', '--inventory', 'inventory.json', '--organization', 'organization.json']
  }

  const trustsLambda = ({
    AssumeRolePolicyDocument: trust,
  }: {
    AssumeRolePolicyDocument: unknown
  }): boolean => JSON.stringify(trust).includes('lambda.amazonaws.com')

  test('a path ends with 1, none with 0, a missing fact with 3', async () => {
    const paths = async (name: string) => {
      const { status, stdout } = await omen(
        ['paths', 'dev', 'administrator', ...files(name), '--output', 'json'],
        {},
        folder,
      )
      const { verdict, residual } = JSON.parse(stdout)
      return [status, verdict, residual.map(({ key }: { key: string }) => key)]
    }
    assert.deepEqual(await paths('pass then assume'), [1, 'proven', []])
    assert.deepEqual(await paths('external id'), [1, 'conditional', ['sts:ExternalId']])
    assert.deepEqual(await paths('nothing'), [0, 'none', []])
    assert.deepEqual(await paths('access key inventory absent'), [3, 'undecided', []])
  })

  test('a path for people names each statement, in at most twelve lines', async () => {
    const { status, stdout } = await omen(['paths', 'dev', ...files('assume chain')], {}, folder)
    assert.equal(status, 1)
    assert.match(stdout, /^user\/dev → administrator {8}proven, 2 steps, at once\n/)
    assert.match(
      stdout,
      /sts:AssumeRole on role\/a {3}dev-p of dev \(\w+\.json:\d+:\d+\), trust of role\/a \(\w+\.json:\d+:\d+\)/,
    )
    for (const path of stdout.split('\n\n')) assert.ok(path.split('\n').length <= 12)
    for (const path of stdout.trim().split('\n\n')) assert.match(path, /\n {2}breaks with: (?:remove|deny) /)
  })

  test('a request on no resource of its own names every resource, not everyone', async () => {
    const { details, inventory } = worlds.get('ssm session, role without ssmmessages')
    const roles = details.RoleDetailList.map((role: object) => ({
      ...role,
      AttachedManagedPolicies: [
        { PolicyName: 'AdministratorAccess', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      ],
    }))
    writeFileSync(join(folder, 'details.json'), JSON.stringify({ ...details, RoleDetailList: roles }))
    writeFileSync(join(folder, 'inventory.json'), JSON.stringify(inventory))
    const { stdout } = await omen(
      ['paths', 'dev', '--from', 'details.json', '--inventory', 'inventory.json'],
      {},
      folder,
    )
    assert.match(stdout, /ssmmessages:CreateControlChannel on \* /)
  })

  test('the graph as a drawing and as data', async () => {
    const options = files('assume chain')
    const mermaid = await omen(['graph', '--format', 'mermaid', ...options], {}, folder)
    assert.match(mermaid.stdout, /^---\ntitle: "[^"\n]+"\n---\nflowchart LR\n(?:.*\n)*.*\|"AssumeRole"\|/)
    const svg = await omen(['graph', '--around', 'role/admin', '--depth', '1', ...options], {}, folder)
    assert.match(svg.stdout, /^<svg [\s\S]*role\/admin[\s\S]*<\/svg>\n$/)
  })

  test('one edge in full: each request with its statement, and what breaks it', async () => {
    const options = files('pass then assume')
    const to = worlds.get('pass then assume').details.RoleDetailList.find(trustsLambda).RoleName
    const edge = await omen(['why', 'dev', `=role/${to}`, ...options], {}, folder)
    assert.equal(edge.status, 0, edge.stderr)
    assert.match(edge.stdout, /user\/dev asks iam:PassRole on role\//)
    assert.match(
      edge.stdout,
      /allowed by [^\n]+:\d+:\d+ \(identity policy\)\n {8}\{\n(?: {8}.*\n)* {10}"Action": /,
    )
    assert.match(edge.stdout, /sts:AssumeRole on role\/[\s\S]*allowed by trust of role\//)
    assert.match(edge.stdout, /\n {2}breaks with: remove /)
    const wrong = await omen(['why', 'dev', 'role/x', ...options], {}, folder)
    assert.match(wrong.stderr, /omen why dev =role\/ops/)
    const goal = await omen(['why', 'dev', '=administrator', ...options], {}, folder)
    assert.match(goal.stderr, /omen paths WHO shows the paths to an administrator/)
  })

  test('the paths of everyone begin with a summary, and nobody is counted who is there already', async () => {
    const { status, stdout } = await omen(['paths', 'everyone', ...files('assume chain')], {}, folder)
    assert.equal(status, 1)
    assert.match(
      stdout,
      /^everyone → administrator {8}\d+ of \d+ users and roles: \d+ proven, 0 conditional, 0 undecided, 1 there already\n/,
    )
    assert.match(stdout, /\n {2}user\/dev → administrator: proven, 2 steps/)
    assert.ok(stdout.split('\n').length < 24)
  })

  test('the paths of everyone name who has a role of IAM Identity Center (GRD-727)', async () => {
    const options = files('assume chain')
    const { details } = worlds.get('assume chain')
    const like = details.RoleDetailList[0]
    const account = like.Arn.split(':')[4]
    const name = 'AWSReservedSSO_Admin_0123456789abcdef'
    const role = {
      ...like,
      Path: '/aws-reserved/sso.amazonaws.com/',
      RoleName: name,
      RoleId: 'AROAEXAMPLEOFTHECENTER',
      Arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/${name}`,
      RolePolicyList: [
        {
          PolicyName: 'p',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: ['iam:UpdateAssumeRolePolicy', 'sts:AssumeRole'], Resource: '*' },
            ],
          },
        },
      ],
    }
    const write = (file: string, value: unknown) => writeFileSync(join(folder, file), JSON.stringify(value))
    write('details.json', { ...details, RoleDetailList: [...details.RoleDetailList, role] })
    write('inventory.json', {
      lent: [
        { to: 'center/group/ops', roles: [role.Arn] },
        { to: 'center/alice', groups: ['ops'] },
      ],
    })
    const { stdout } = await omen(['paths', 'everyone', ...options], {}, folder)
    assert.match(
      stdout,
      /\n {2}role\/aws-reserved\/\S+\/AWSReservedSSO_Admin_0123456789abcdef → administrator: proven, \d+ steps?; held by group\/ops, alice; iam:/,
    )
    const { stdout: json } = await omen(['paths', 'everyone', ...options, '--output', 'json'], {}, folder)
    const row = JSON.parse(json).find(({ from }: { from: string }) => from === role.Arn)
    assert.deepEqual(row.heldBy, ['center/group/ops', 'center/alice'])
    const { stdout: who } = await omen(['who-can', 'become', 'administrator', ...options], {}, folder)
    assert.match(who, /AWSReservedSSO_Admin_0123456789abcdef, +proven[^\n]+\nheld by group\/ops, alice\n/)
  })

  test('the smallest cut', async () => {
    const options = files('assume chain')
    const cut = await omen(['break', 'dev', ...options], {}, folder)
    assert.equal(cut.status, 0, cut.stderr)
    assert.match(
      cut.stdout,
      /Cut 1: 1 edit, cost 1, no cut costs less; afterwards: (?:no path|blocked)\n {2}remove /,
    )
  })

  test('who has a path by derived techniques alone, where a cut or a call is asked for (GRD-569)', async () => {
    const details = detailsOf({
      users: { dev: { statements: [allow(['iam:PassRole', 'ssm:CreateActivation'])] } },
      roles: { adm: { trust: { Service: 'ssm.amazonaws.com' }, attached: [administratorAccess] } },
    })
    writeFileSync(join(folder, 'derived.json'), details)
    const asked = async (...words: readonly string[]) =>
      (await omen([...words, '--from', 'derived.json'], {}, folder)).stdout
    const line = /\(--derived\): user\/dev \(proven: PassRole to ssm\)\n/
    assert.match(await asked('break', 'dev'), line)
    assert.match(await asked('break', 'everyone'), line)
    for (const start of [[], ['--start', 'dev']]) {
      const drawn = await omen(['graph', ...start, '--from', 'derived.json'], {}, folder)
      assert.match(drawn.stderr, line)
      assert.doesNotMatch(drawn.stdout, /were not tried/)
    }
    const { stderr } = await omen(['graph', '--derived', '--from', 'derived.json'], {}, folder)
    assert.doesNotMatch(stderr, /were not tried/)
    assert.match(await asked('who-can', 's3:DeleteBucket', 'arn:aws:s3:::pay'), line)
    assert.doesNotMatch(
      await asked('who-can', 's3:DeleteBucket', 'arn:aws:s3:::pay', '--derived'),
      /were not tried/,
    )
  })

  test('who can, and what one can', async () => {
    const options = files('assume chain')
    const who = await omen(['who-can', 'become', 'role/admin', ...options], {}, folder)
    assert.match(who.stdout, /user\/dev +proven +2 +AssumeRole, AssumeRole/)
    const call = await omen(['who-can', 's3:DeleteBucket', 'arn:aws:s3:::pay', ...options], {}, folder)
    assert.match(call.stdout, /user\/dev +proven +2/)
    const what = await omen(['what-can', 'dev', ...options], {}, folder)
    assert.match(what.stdout, /role\/admin +proven +2 +administrator/)
  })

  test('what one can make', async () => {
    const options = files('new admin user must be bounded')
    const { stdout } = await omen(['what-can', 'dev', ...options], {}, folder)
    assert.match(stdout, /^a new user +proven +1 *$/m)
    const json = await omen(['what-can', 'dev', ...options, '--output', 'json'], {}, folder)
    const [made] = JSON.parse(json.stdout)
    assert.deepEqual([made.new, made.title, made.isAdministrator], ['user', 'a new user', false])
  })

  test('with its steps spent, every command is undecided, and none says that there is nothing', async () => {
    const options = [...files('assume chain'), '--steps', '1']
    const run = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await omen([...args, ...options], {}, folder)
      assert.equal(status, 3, `${args.join(' ')}: ${stdout}${stderr}`)
      assert.match(stdout + stderr, /the search ended after 1 step\b/, args.join(' '))
      assert.doesNotMatch(stdout, /no path|nobody|No path is left|no cut costs less/, args.join(' '))
      return stdout
    }
    assert.match(
      await run('paths', 'dev'),
      /undecided: the search ended after 1 step\. --steps allows more\.\n$/,
    )
    await run('who-can', 'become', 'administrator')
    await run('what-can', 'dev')
    await run('break', 'dev')
    await run('graph', '--format', 'dot')
    await run('why', 'dev', '=role/admin')
    const bad = await omen(['paths', 'dev', ...files('assume chain'), '--steps', 'many'], {}, folder)
    assert.equal(bad.status, 252)
  })

  test('several accounts from a folder, and who comes from outside', async () => {
    const write = (name: string): string => {
      const to = mkdtempSync(join(folder, 'accounts-'))
      const { accounts } = worlds.get(name)
      for (const [place, { details, inventory }] of accounts.entries()) {
        writeFileSync(join(to, `${place}.json`), JSON.stringify(details, undefined, 2))
        const [first] = [...details.UserDetailList, ...details.RoleDetailList]
        const account = first.Arn.split(':')[4]
        writeFileSync(join(to, `inventory-${place}.json`), JSON.stringify({ account, ...inventory }))
      }
      return to
    }
    const chain = write('accounts: a chain over three accounts')
    const to = '777788889999/administrator'
    const path = await omen(['paths', 'dev', to, '--from', chain], {}, folder)
    assert.equal(path.status, 1, path.stderr)
    assert.match(path.stdout, /^111122223333\/user\/dev → administrator of 777788889999 {8}proven, 2 steps/)
    assert.match(path.stdout, /444455556666 trust of role\/mid \([^\n)]+:\d+:\d+\)/)
    assert.match(path.stdout, /breaks with: .* in account 111122223333\n/)
    const cut = await omen(['break', 'dev', to, '--from', chain, '--output', 'json'], {}, folder)
    assert.equal(JSON.parse(cut.stdout).cuts[0].edits[0].account, '111122223333')
    const token = write('accounts: a token whose role leads on')
    const comers = await omen(['who-can', 'become', '444455556666/admin', '--from', token], {}, folder)
    assert.match(comers.stdout, /tokens of token\.actions\.githubusercontent\.com +conditional/)
    assert.match(comers.stdout, /a workflow of the repository acme\/web in the environment prod/)
    const unknown = await omen(['paths', '123412341234', '--from', token], {}, folder)
    assert.match(unknown.stderr, /no trust policy names "123412341234"/)
    const answers = [
      {
        Organization: {
          Id: 'o-abc1234567',
          Arn: 'arn:aws:organizations::444455556666:organization/o-abc1234567',
          MasterAccountId: '444455556666',
          FeatureSet: 'ALL',
        },
      },
      {
        Roots: [
          {
            Id: 'r-ab12',
            Arn: 'arn:aws:organizations::444455556666:root/o-abc1234567/r-ab12',
            Name: 'Root',
            PolicyTypes: [{ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }],
          },
        ],
      },
      {
        Accounts: ['111122223333', '444455556666', '777788889999'].map((Id) => ({
          Id,
          Arn: `arn:aws:organizations::444455556666:account/o-abc1234567/${Id}`,
        })),
      },
      {
        Policy: {
          PolicySummary: {
            Id: 'p-no123456',
            Arn: 'arn:aws:organizations::444455556666:policy/o-abc1234567/service_control_policy/p-no123456',
            Name: 'NoAssume',
            Type: 'SERVICE_CONTROL_POLICY',
          },
          Content: policyText(deny('sts:AssumeRole')),
        },
      },
      {
        request: { input: { PolicyId: 'p-no123456' } },
        answer: { Targets: [{ TargetId: '111122223333', Type: 'ACCOUNT' }] },
      },
    ]
    const organization = mkdtempSync(join(folder, 'organization-'))
    for (const [place, answer] of answers.entries())
      writeFileSync(join(organization, `${place}.json`), JSON.stringify(answer))
    const denied = await omen(
      ['paths', 'dev', '444455556666/mid', '--from', chain, '--organization', organization],
      {},
      folder,
    )
    assert.equal(denied.status, 0, denied.stdout + denied.stderr)
    assert.match(denied.stdout, /blocked[\s\S]*NoAssume[^\n]*:\d+:\d+\)? denies sts:AssumeRole/)
  })

  test('a start states the claims of its token, or shows the token', async () => {
    const issuer = 'token.actions.githubusercontent.com'
    const provider = `arn:aws:iam::111122223333:oidc-provider/${issuer}`
    const document = (Statement: object) => ({ Version: '2012-10-17', Statement: [Statement] })
    const role = {
      RoleName: 'deploy',
      RoleId: 'AROADEPLOYAAAAAAAAAAA',
      Path: '/',
      Arn: 'arn:aws:iam::111122223333:role/deploy',
      AssumeRolePolicyDocument: document({
        Effect: 'Allow',
        Principal: { Federated: provider },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: { StringLike: { [`${issuer}:sub`]: 'repo:acme/*' } },
      }),
      RolePolicyList: [
        { PolicyName: 'own', PolicyDocument: document({ Effect: 'Allow', Action: '*', Resource: '*' }) },
      ],
    }
    const details = { UserDetailList: [], GroupDetailList: [], Policies: [], RoleDetailList: [role] }
    writeFileSync(join(folder, 'tokens.json'), JSON.stringify(details))
    const payload = Buffer.from(JSON.stringify({ aud: 'sts.amazonaws.com', sub: 'repo:other/web' }))
    writeFileSync(join(folder, 'token.jwt'), `e30.${payload.toString('base64url')}.c2ln\n`)
    const start = ['paths', 'federated:github', '--from', 'tokens.json']
    const stated = await omen([...start, '--claim', 'sub=repo:acme/web'], {}, folder)
    assert.match(stated.stdout, / proven, 1 step, /)
    const shown = await omen([...start, '--claims', 'token.jwt'], {}, folder)
    assert.deepEqual([shown.status, / no path\n/.test(shown.stdout)], [0, true])
  })

  test('a file that is no dump is one line', async () => {
    writeFileSync(join(folder, 'bad.json'), '[]')
    const { status, stderr } = await omen(['paths', 'dev', '--from', 'bad.json'], {}, folder)
    assert.equal(status, 253)
    assert.match(stderr, /bad\.json: The dump is not an object/)
  })
})
