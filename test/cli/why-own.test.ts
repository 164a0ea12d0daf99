import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteUserPolicyCommand,
  IAMClient,
  ListRolesCommand,
  ListUsersCommand,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { callServer } from '../../packages/server/src/cli/index.ts'
import { policyText } from '../kit/index.ts'
import { omen, type Served, serve, temporaryHome } from './process.ts'

const allow = (action: string) => policyText({ Effect: 'Allow', Action: action, Resource: '*' })

describe('whose denial why explains', () => {
  const home = mkdtempSync(join(tmpdir(), 'omen-why-'))
  let served: Served
  let admin: IAMClient
  let dev: IAMClient
  let devKeys: { accessKeyId: string; secretAccessKey: string }
  before(async () => {
    served = await serve(home, ['--memory'])
    admin = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin })
    await admin.send(new CreateUserCommand({ UserName: 'dev' }))
    const { AccessKey: key } = await admin.send(new CreateAccessKeyCommand({ UserName: 'dev' }))
    devKeys = { accessKeyId: key?.AccessKeyId ?? '', secretAccessKey: key?.SecretAccessKey ?? '' }
    dev = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials: devKeys })
  })
  after(async () => {
    admin.destroy()
    dev.destroy()
    await served.stop('SIGTERM')
    rmSync(home, { recursive: true, force: true })
  })

  test('RSN-31 why is about the caller and the server that the environment names', async (t) => {
    const { accessKeyId, secretAccessKey } = served.keys.admin
    const asAdmin = { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey }
    await dev.send(new ListUsersCommand({})).catch(() => {})
    const others = await omen(['why', '--home', home], asAdmin)
    assert.match(others.stderr, /^omen: nothing was denied to admin; the last denial of another:\n$/)
    assert.match(others.stdout, /✗ DENIED {2}iam:ListUsers/)
    const denied = { PolicyName: 'no', PolicyDocument: allow('iam:ListRoles').replace('Allow', 'Deny') }
    await admin.send(new PutUserPolicyCommand({ UserName: 'admin', ...denied }))
    await admin.send(new ListRolesCommand({})).catch(() => {})
    await admin.send(new DeleteUserPolicyCommand({ UserName: 'admin', PolicyName: 'no' }))
    await dev.send(new ListUsersCommand({})).catch(() => {})
    const own = await omen(['why', '--home', home], asAdmin)
    assert.match(own.stderr, /^omen: the last denial of admin\. A newer one, of dev: omen why d-\w+\n$/)
    assert.match(own.stdout, /✗ DENIED {2}iam:ListRoles/)
    assert.match(own.stdout, /\n {2}✓ now allowed: .*AdministratorAccess/)
    assert.doesNotMatch(own.stdout, /way out/i)
    const elsewhere = { ...asAdmin, AWS_ENDPOINT_URL: served.url, HOME: temporaryHome(t) }
    assert.equal((await omen(['why'], elsewhere)).stdout, own.stdout)
    const nobody = await omen(['why'], { AWS_ENDPOINT_URL: served.url, HOME: elsewhere.HOME })
    assert.equal(nobody.status, 253)
  })

  test('GRD-625 who may not read decisions is not sent from one to the next', async (t) => {
    const asDev = { AWS_ACCESS_KEY_ID: devKeys.accessKeyId, AWS_SECRET_ACCESS_KEY: devKeys.secretAccessKey }
    const environment = { ...asDev, AWS_ENDPOINT_URL: served.url, HOME: temporaryHome(t) }
    const first = await omen(['can', 'dev', 'iam:ListUsers'], environment)
    const id = /say why: omen why (d-\w+)/.exec(first.stderr)?.[1] ?? ''
    const why = await omen(['why', id], environment)
    assert.equal(why.status, 254)
    assert.match(why.stderr, /not authorized to perform: sts:DecodeAuthorizationMessage/)
    assert.ok(why.stderr.endsWith(`the owner of the server, can ask: omen why ${id}\n`), why.stderr)
    assert.doesNotMatch(why.stderr, /say why/)
    assert.match((await omen(['why'], environment)).stderr, /the owner of the server, can ask: omen why\n$/)
  })

  test('RSN-16 a refusal by aws:SecureTransport names --assume-tls', async () => {
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } }
    const Statement = [
      { Effect: 'Allow', Action: 'iam:ListUsers', Resource: '*' },
      { Effect: 'Deny', Action: '*', Resource: '*', Condition },
    ]
    const tls = { UserName: 'dev', PolicyName: 'tls' }
    const PolicyDocument = policyText(...Statement)
    await admin.send(new PutUserPolicyCommand({ ...tls, PolicyDocument }))
    await assert.rejects(dev.send(new ListUsersCommand({})), /explicit deny/)
    const { stdout } = await omen(['why', '--home', home])
    await admin.send(new DeleteUserPolicyCommand(tls))
    const way = '1. Change the call: call by https, or start the server with --assume-tls'
    assert.ok(stdout.replaceAll(/\s+/g, ' ').includes(way), stdout)
  })

  test('SHL-50 questions and lists go to the server that the environment names, with its key', async (t) => {
    const { accessKeyId, secretAccessKey } = served.keys.admin
    const environment = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_ENDPOINT_URL: served.url,
      HOME: temporaryHome(t),
    }
    const asked = (...args: string[]) => omen(args, environment)
    assert.match((await asked('can', 'dev', 'iam:ListUsers')).stdout, /^✗ DENIED {2}iam:ListUsers/)
    assert.match((await asked('can', 'dve', 'iam:ListUsers')).stderr, /did you mean dev\?\n$/)
    assert.match((await asked('events')).stdout, /CreateUser/)
    assert.equal((await asked('sessions')).status, 0)
    assert.match((await asked('pass', 'none', 'lambda', '--as', 'dev')).stderr, /no role none/)
    assert.match((await asked('paths', 'dev')).stdout, /user\/dev/)
    // another key is refused what root is not, and no key asks nobody
    const asDev = { AWS_ACCESS_KEY_ID: devKeys.accessKeyId, AWS_SECRET_ACCESS_KEY: devKeys.secretAccessKey }
    const refused = await omen(['can', 'dev', 'iam:ListUsers'], { ...environment, ...asDev })
    assert.deepEqual([refused.status, /iam:SimulatePrincipalPolicy/.test(refused.stderr)], [254, true])
    const nobody = await omen(['events'], { AWS_ENDPOINT_URL: served.url, HOME: environment.HOME })
    assert.equal(nobody.status, 253)
    // a home that is named is the one that is asked
    const home = await omen(['events', '--home', environment.HOME], environment)
    assert.match(home.stderr, /no server runs on the home/)
  })

  test('SHL-27 paths of a name with a typing mistake name the user or role that was meant', async () => {
    const { status, stderr } = await omen(['paths', 'dve', '--home', home])
    assert.deepEqual(
      [status, /there is no user or role "dve"; did you mean dev\?\n$/.test(stderr)],
      [253, true],
    )
  })

  test('RSN-30 what a page reads by itself is no last denial', async () => {
    await dev.send(new ListUsersCommand({})).catch(() => {})
    const { stdout } = await omen(['why', '--home', home])
    const page = new IAMClient({ endpoint: served.url, region: 'us-east-1', credentials: devKeys })
    page.middlewareStack.add(
      (next) => (args) => {
        const { headers } = args.request as { headers: Record<string, string> } // an HTTP request of the SDK
        headers['user-agent'] = 'Mozilla/5.0'
        return next(args)
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    const refused = await page.send(new ListRolesCommand({})).catch((error: unknown) => error)
    assert.ok(refused instanceof Error && refused.name === 'AccessDenied')
    await assert.rejects(callServer({ url: served.url }, 'GET', '/_omen/api/happenings', devKeys))
    assert.equal((await omen(['why', '--home', home])).stdout, stdout)
    await page.send(new CreateUserCommand({ UserName: 'x' })).catch(() => {})
    assert.match((await omen(['why', '--home', home])).stdout, /✗ DENIED {2}iam:CreateUser/)
    page.destroy()
  })
})
