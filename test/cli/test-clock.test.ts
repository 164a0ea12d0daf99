import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { totpCode, totpStep } from '../../packages/server/src/directory/index.ts'
import { loginTool } from '../wire/oauth-tool.ts'
import { omen, serve, temporaryHome } from './process.ts'

test('SSO-102: the owner moves the clock of lifetimes; signatures, proofs and codes keep the present', async (t) => {
  const home = temporaryHome(t)
  const served = await serve(home, ['--test-clock'])
  const own = (...args: string[]) => omen([...args, '--home', home])
  assert.match((await own('clock')).stdout, /a test clock, at the present/)
  const answer = await fetch(`${served.url}/_omen/live`)
  assert.equal(answer.headers.get('x-omen-clock'), 'test')

  // a login of aws login, which lasts twelve hours
  const tool = loginTool(served.url, Date.now)
  const { stdout } = await own('approve', tool.address(), '--as', 'root', '--print')
  const alone = await own('approve', tool.address(), '--as', 'root')
  assert.match(alone.stderr, /no program waits at 127\.0\.0\.1:50123; the answer is http:.*code=/)
  const { json } = await tool.exchange(new URL(stdout.trim()).searchParams.get('code') ?? '')
  assert.ok(json.refreshToken, JSON.stringify(json))
  assert.match((await own('sessions')).stdout, /root +same-device/)

  assert.match((await own('clock', '+8h')).stdout, /8 h ahead/)
  const client = { endpoint: served.url, region: 'us-east-1', credentials: served.keys.admin, maxAttempts: 1 }
  const [sts, iam] = [new STS(client), new IAM(client)]
  t.after(() => {
    sts.destroy()
    iam.destroy()
  })
  const { Credentials } = await sts.getSessionToken({})
  assert.ok(Number(Credentials?.Expiration) > Date.now() + 19 * 3_600_000)
  const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'phone' })
  const secret = base32(Buffer.from(device?.Base32StringSeed ?? []).toString())
  const step = totpStep(Date.now())
  await iam.enableMFADevice({
    UserName: 'admin',
    SerialNumber: device?.SerialNumber,
    AuthenticationCode1: totpCode(secret, step - 1),
    AuthenticationCode2: totpCode(secret, step),
  })
  const renewed = await tool.refresh(json.refreshToken)
  assert.equal(renewed.json.tokenType, 'aws_sigv4', 'a proof of the present')
  await own('clock', '+5h')
  assert.equal((await tool.refresh(renewed.json.refreshToken)).json.error, 'TOKEN_EXPIRED')
  const stolen = new STS({
    ...client,
    credentials: {
      accessKeyId: json.accessToken.accessKeyId,
      secretAccessKey: json.accessToken.secretAccessKey,
      sessionToken: json.accessToken.sessionToken,
    },
  })
  await assert.rejects(stolen.getCallerIdentity({}), { name: 'ExpiredToken' })
  stolen.destroy()
  await iam.createUser({ UserName: 'guest' })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'guest' })
  const guest = {
    OMEN_HOME: '',
    AWS_ENDPOINT_URL: served.url,
    AWS_ACCESS_KEY_ID: AccessKey?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: AccessKey?.SecretAccessKey ?? '',
  }
  assert.equal((await omen(['clock', 'reset'], guest)).status === 0, false, 'only the owner moves it')
  assert.match((await own('clock', '-x')).stderr, /unknown option|no move/)
  assert.equal((await own('stop')).status, 0)

  // what is kept is of that time
  await assert.rejects(serve(home), /start it with --test-clock/)
  const again = await serve(home, ['--test-clock'])
  assert.match((await own('clock')).stdout, /13 h ahead/)
  assert.match((await own('clock', 'reset')).stdout, /at the present/)
  await again.stop('SIGTERM')
})

test('SSO-102: another server keeps the present', async (t) => {
  const home = temporaryHome(t)
  const served = await serve(home, ['--memory'])
  t.after(() => served.stop('SIGTERM'))
  const { stderr } = await omen(['clock', '+1h', '--home', home])
  assert.match(stderr, /start it with --test-clock/)
  assert.equal((await fetch(`${served.url}/_omen/live`)).headers.get('x-omen-clock'), null)
})

function base32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  const bits = [...text.replace(/=+$/, '')].map((each) => letters.indexOf(each).toString(2).padStart(5, '0'))
  return Buffer.from(
    bits
      .join('')
      .match(/.{8}/g)!
      .map((byte) => Number.parseInt(byte, 2)),
  )
}
