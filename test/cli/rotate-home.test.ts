import assert from 'node:assert/strict'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import type { ClientCredentials } from '../../packages/server/src/testing/index.ts'
import { policyText } from '../kit/index.ts'
import { omen, type Served, serve, temporaryHome } from './process.ts'

function clientOf<C>(Client: new (options: object) => C, { url, keys }: Served, as?: ClientCredentials): C {
  const { accessKeyId, secretAccessKey } = keys.admin
  const credentials = as ?? { accessKeyId, secretAccessKey }
  return new Client({ endpoint: url, region: 'us-east-1', credentials })
}

test('rotate-key gives a home a new key: access keys and sessions of before go on (OPERATION.md)', async (t) => {
  const home = temporaryHome(t)
  const file = join(home, 'master.key')
  const keyOf = () => readFileSync(file, 'utf8')
  let server = await serve(home)
  t.after(() => server.child.kill('SIGKILL'))
  const iam = clientOf(IAM, server)
  await iam.createUser({ UserName: 'dev' })
  await iam.createLoginProfile({ UserName: 'dev', Password: 'Correct-Horse-9' })
  const allow = policyText({ Effect: 'Allow', Action: '*', Resource: '*' })
  await iam.putUserPolicy({ UserName: 'dev', PolicyName: 'all', PolicyDocument: allow })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'dev' })
  const dev = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  const { Credentials } = await clientOf(STS, server, dev).getSessionToken({})
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials!
  const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }

  const rotate = (environment = {}) => omen(['store', 'rotate-key', '--home', home], environment)
  const before = keyOf()
  const busy = await rotate()
  assert.match(busy.stderr, /^omen: .* is in use by another Omen: .*\n$/)
  await server.stop('SIGTERM')

  // a wrong key, and a key that the operator keeps elsewhere: nothing is written
  writeFileSync(file, `${'cd'.repeat(32)}\n`)
  const wrong = await rotate()
  assert.equal(wrong.stderr, `omen: ${file} is not the key of this store: nothing was changed\n`)
  assert.ok(!existsSync(`${file}.next`))
  writeFileSync(file, before)
  const own = await rotate({ OMEN_MASTER_KEY: before.trim() })
  assert.match(own.stderr, /^omen: .* must be in OMEN_MASTER_KEY_NEXT or OMEN_MASTER_KEY_NEXT_FILE\n$/)
  const next = 'ef'.repeat(32)
  const elsewhere = await rotate({ OMEN_MASTER_KEY: before.trim(), OMEN_MASTER_KEY_NEXT: next })
  assert.deepEqual([elsewhere.status, keyOf()], [0, before], elsewhere.stderr)
  writeFileSync(file, `${next}\n`)

  const rotated = await rotate()
  assert.equal(rotated.status, 0, rotated.stderr)
  assert.ok(JSON.parse(rotated.stdout).secrets >= 4, rotated.stdout)
  assert.ok(keyOf() !== before && keyOf().trim() !== next && !existsSync(`${file}.next`))

  server = await serve(home)
  for (const as of [undefined, dev, session]) await clientOf(STS, server, as).getCallerIdentity({})
  const login = await fetch(`${server.url}/signin/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: '123456789012', userName: 'dev', password: 'Correct-Horse-9' }),
  })
  assert.equal(login.status, 200)
  await server.stop('SIGTERM')
})
