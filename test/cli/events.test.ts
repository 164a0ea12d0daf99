import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { describe, test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { allow } from '../wire/cloudtrail-house.ts'
import { omen, type Served, serve, start, temporaryHome } from './process.ts'

function client<C>(Client: new (options: object) => C, served: Served, credentials = served.keys.admin): C {
  return new Client({ endpoint: served.url, region: 'us-east-1', credentials, maxAttempts: 1 })
}

describe('omen events', () => {
  test('shows what happened, by who, action, role and error; every line ends with its decision (SHL-26)', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const iam = client(IAM, served)
    const trust = allow({ Principal: { AWS: '123456789012' }, Action: 'sts:AssumeRole' })
    const { Role: role } = await iam.createRole({ RoleName: 'worn', AssumeRolePolicyDocument: trust })
    const sts = client(STS, served)
    const { Credentials: session } = await sts.assumeRole({ RoleArn: role!.Arn!, RoleSessionName: 'work' })
    const worn = client(IAM, served, {
      accessKeyId: session!.AccessKeyId!,
      secretAccessKey: session!.SecretAccessKey!,
      sessionToken: session!.SessionToken!,
    } as typeof served.keys.admin)
    await assert.rejects(worn.createUser({ UserName: 'eve' }))
    for (const each of [iam, sts, worn]) each.destroy()

    const ask = async (...args: string[]) => {
      const { status, stdout, stderr } = await omen(['events', '--home', home, ...args])
      assert.equal(status, 0, stderr)
      return stdout.split('\n').slice(0, -1)
    }
    const all = await ask()
    assert.equal(all.length, 3)
    assert.match(all[0]!, /^✓ \d\d:\d\d:\d\d {2}admin +iam:CreateRole +worn +\S{36}$/)
    assert.match(all[2]!, /^✗ \d\d:\d\d:\d\d {2}worn +iam:CreateUser +AccessDenied +d-[a-z0-9]+$/)
    assert.deepEqual(await ask('--errors'), [all[2]])
    assert.deepEqual(await ask('--action', 'CreateRole'), [all[0]])
    assert.deepEqual(await ask('--action', 'iam:create*'), [all[0], all[2]])
    assert.deepEqual(await ask('--who', 'admin'), [all[0], all[1]])
    assert.deepEqual(await ask('--who', 'work'), [all[2]])
    assert.deepEqual(await ask('--role', 'worn', '--action', 'sts:*'), [all[1]])
    assert.deepEqual(await ask('--role', role!.Arn!, '--errors'), [all[2]])
    const none = await omen(['events', '--home', home, '--since', '2030-01-01T00:00:00Z'])
    assert.deepEqual([none.stdout, none.stderr], ['', 'no events since 2030-01-01T00:00:00Z\n'])
    assert.equal(
      (await omen(['events', '--home', home, '--who', 'nobody'])).stderr,
      'no such events since 1h ago\n',
    )
    for (const width of [80, 120]) {
      const { stdout } = await omen(['events', '--home', home], { COLUMNS: String(width) })
      const lines = stdout.split('\n').slice(0, -1)
      for (const line of lines) assert.ok(line.length <= width, line)
      const starts = lines.map((line) => [line.indexOf('iam:'), line.indexOf('sts:')].find((at) => at > 0))
      assert.equal(new Set(starts).size, 1)
      // SHL-26: each line ends with an id by which why finds the call
      const ids = lines.map((line) => line.split(' ').at(-1) ?? '')
      const whys = await Promise.all(ids.map((id) => omen(['why', id, '--home', home])))
      assert.deepEqual(
        whys.map(({ stdout }) => stdout.split(' ', 4).at(-1)?.split('\n')[0]),
        ['iam:CreateRole', 'sts:AssumeRole', 'iam:CreateUser'],
      )
    }
    const [json] = await ask('--errors', '--output', 'json', '--since', '1h')
    const event = JSON.parse(json!) as Record<string, unknown>
    assert.equal(event.errorCode, 'AccessDenied')
    assert.ok(all[2]!.endsWith(String(event.omenDecisionId)))
    const why = await omen(['why', String(event.omenDecisionId), '--home', home])
    assert.match(why.stdout, /DENIED {2}iam:CreateUser/)
    assert.equal((await omen(['events', '--home', home, '--since', 'yesterday'])).status, 252)
  })

  test('what audit mode let through is marked, and among the errors', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory', '--mode', 'audit'])
    t.after(() => served.stop('SIGTERM'))
    const iam = client(IAM, served)
    await iam.createUser({ UserName: 'dev' })
    const { AccessKey: key } = await iam.createAccessKey({ UserName: 'dev' })
    const dev = client(IAM, served, {
      accessKeyId: key!.AccessKeyId!,
      secretAccessKey: key!.SecretAccessKey!,
    })
    await dev.createGroup({ GroupName: 'g' })
    for (const each of [iam, dev]) each.destroy()
    const { stdout } = await omen(['events', '--home', home, '--errors'])
    assert.match(stdout, /^~ \d\d:\d\d:\d\d {2}dev +iam:CreateGroup +would be denied: g +d-\w+\n$/)
  })

  test('a sign-in that failed is an error, though its event has no code (SGN-11)', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const attempt = await fetch(`${served.url}/signin/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account: '123456789012', userName: 'admin', password: 'wrong' }),
    })
    assert.equal(attempt.status, 401)
    const { stdout } = await omen(['events', '--home', home, '--errors'])
    assert.match(stdout, /^! \d\d:\d\d:\d\d {2}admin +signin:ConsoleLogin +Failed authentication/)
  })

  test('-f continues as it happens: each event is shown before the next one', async (t) => {
    const home = temporaryHome(t)
    const served = await serve(home, ['--memory'])
    t.after(() => served.stop('SIGTERM'))
    const iam = client(IAM, served)
    t.after(() => iam.destroy())
    const child = start(['events', '-f', '--home', home])
    t.after(() => child.kill('SIGINT'))
    const lines = createInterface(child.stdout!)
    const heard: string[] = []
    lines.on('line', (text) => heard.push(text))
    // it shows nothing from before it began: the first line proves that it listens
    for (let n = 0; heard.length === 0 && n < 100; n++) {
      await iam.createGroup({ GroupName: `g-${n}` })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    for (let n = 0; n < 5; n++) {
      const waiting = once(lines, 'line') as Promise<[string]>
      await (n % 2 === 0 ? iam.createUser({ UserName: `u-${n}` }) : iam.listUsers({}))
      const [text] = await waiting
      assert.match(text, n % 2 === 0 ? /iam:CreateUser/ : /iam:ListUsers/)
    }
  })
})
