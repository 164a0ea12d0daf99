import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow } from './iam/house.ts'
import { account, arn, type Event, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, role } = server
after(server.close)

const password = 'Correct-Horse-7'
await iam.createUser({ UserName: 'alice' })
await iam.createLoginProfile({ UserName: 'alice', Password: password })

/** The console's view of a session; dates stay strings. */
interface Shown {
  readonly arn: string
  readonly expiresAt: string
  readonly error?: string
  readonly half?: string
  readonly credentials: {
    readonly accessKeyId: string
    readonly secretAccessKey: string
    readonly sessionToken: string
  }
}

/** A browser that keeps its cookie. */
function browser() {
  let cookie = ''
  let half = ''
  return async (path: string, body?: object) => {
    const response = await fetch(omen.endpoint + path, {
      redirect: 'manual',
      headers: { 'content-type': 'application/json', ...(cookie && { cookie, 'x-omen-half': half }) },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
    })
    cookie = response.headers.get('set-cookie')?.split(';')[0] ?? cookie
    const text = await response.text()
    const json = (text.startsWith('{') ? JSON.parse(text) : {}) as Shown
    half = json.half ?? response.headers.get('location')?.split('#half=')[1] ?? half
    return json
  }
}

async function signedIn() {
  const call = browser()
  await call('/signin/login', { account, userName: 'alice', password })
  return call
}

async function eventsBy(accessKeyId: string): Promise<readonly Event[]> {
  await omen.omen.deps.recorder.flush()
  const { events } = await omen.omen.deps.recorder.lookUp({
    account,
    attribute: { key: 'AccessKeyId', value: accessKeyId },
    limit: 50,
  })
  return events.map(({ json }) => JSON.parse(json) as Event)
}

const keysOf = ({ credentials: { accessKeyId, secretAccessKey, sessionToken } }: Shown) => ({
  accessKeyId,
  secretAccessKey,
  sessionToken,
})

describe('the session of a sign-in', () => {
  test('the cookie is for the sign-in, and no script’s to read (SGN-5)', async () => {
    const answer = await fetch(`${omen.endpoint}/signin/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, userName: 'alice', password }),
    })
    const out = await fetch(`${omen.endpoint}/federation?Action=logout`, { redirect: 'manual' })
    for (const { headers } of [answer, out])
      assert.match(
        headers.get('set-cookie') ?? '',
        /^omen-signin=[^;]*; Path=\/signin; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
      )
  })

  test('is in the events of its calls, and in no others (SGN-3, TRL-18)', async () => {
    await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'own', PolicyDocument: allow('iam:*') })
    const keys = keysOf(await (await signedIn())('/signin/session'))
    await server.iamAs(keys).getUser({})
    const [event] = await eventsBy(keys.accessKeyId)
    assert.equal(event?.eventName, 'GetUser')
    assert.equal(event.sessionCredentialFromConsole, 'true')
    const { signInSessionArn } = event.userIdentity.sessionContext as Record<string, unknown>
    assert.match(String(signInSessionArn), /^arn:aws:signin:us-east-1:123456789012:session\/[\w-]+$/)
    const { Credentials: given } = await server.sts().getSessionToken({})
    const plain = {
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    }
    await server.sts(plain).getCallerIdentity({})
    const [other] = await eventsBy(plain.accessKeyId)
    assert.equal(other?.eventName, 'GetCallerIdentity')
    assert.ok(!('sessionCredentialFromConsole' in other))
    assert.ok(!('signInSessionArn' in (other.userIdentity.sessionContext as object)))
  })

  test('is no key of policies (POL-176)', async () => {
    const asks = (Null: string) => allow('iam:GetUser', '*', { Null: { 'aws:SignInSessionArn': Null } })
    const keys = keysOf(await (await signedIn())('/signin/session'))
    const may = async (policy: string) => {
      await iam.putUserPolicy({ UserName: 'alice', PolicyName: 'own', PolicyDocument: policy })
      return server
        .iamAs(keys)
        .getUser({})
        .then(
          () => true,
          () => false,
        )
    }
    assert.deepEqual([await may(asks('true')), await may(asks('false'))], [true, false])
  })

  test('ends with the credentials that it comes from, where nothing else is asked (SGN-33)', async () => {
    const federated = await role('federated', trusting({ AWS: account }))
    const { Credentials: worn } = await server
      .sts()
      .assumeRole({ RoleArn: federated, RoleSessionName: 'link', DurationSeconds: 1_234 })
    const Session = JSON.stringify({
      sessionId: worn!.AccessKeyId,
      sessionKey: worn!.SecretAccessKey,
      sessionToken: worn!.SessionToken,
    })
    const page = browser()
    const asked = await page(`/federation?${new URLSearchParams({ Action: 'getSigninToken', Session })}`)
    const { SigninToken } = asked as unknown as { SigninToken: string }
    await page(`/federation?${new URLSearchParams({ Action: 'login', SigninToken })}`)
    const shown = await page('/signin/session')
    assert.match(shown.arn, /assumed-role\/federated\/link$/)
    assert.equal(Math.floor(Date.parse(shown.expiresAt) / 1_000) * 1_000, worn!.Expiration!.getTime())
  })
})

describe('roles that are switched to', () => {
  test('are renewed and left in the trail as they were entered (SGN-16)', async () => {
    await role('second', trusting({ AWS: arn('user/alice') }))
    const page = await signedIn()
    const entered = await page('/signin/switch', { account, roleName: 'second' })
    await page('/signin/renew', {})
    await page('/signin/exit', {})
    const { events } = await omen.omen.deps.recorder.lookUp({
      account,
      attribute: { key: 'EventSource', value: 'signin.amazonaws.com' },
      limit: 3,
    })
    const RedirectTo = `${omen.endpoint}/`
    const alice = arn('user/alice')
    const told = events.map(({ json }) => JSON.parse(json) as Event).reverse()
    assert.deepEqual(
      told.map(({ eventName, responseElements, additionalEventData }) => [
        eventName,
        responseElements,
        additionalEventData,
      ]),
      [
        ['SwitchRole', { SwitchRole: 'Success' }, { SwitchFrom: alice, RedirectTo }],
        ['RenewRole', { RenewRole: 'Success' }, { SwitchFrom: alice, RedirectTo }],
        ['ExitRole', { ExitRole: 'Success' }, { SwitchTo: alice, RedirectTo }],
      ],
    )
    for (const { userIdentity } of told) assert.equal(userIdentity.arn, entered.arn)
  })

  test('have paths and names of 64 characters together (SGN-43)', async () => {
    const RoleName = 'r'.repeat(32)
    const switched = async (length: number) => {
      const folder = 'p'.repeat(length - RoleName.length - 1)
      await role(RoleName, trusting({ AWS: arn('user/alice') }), undefined, { Path: `/${folder}/` })
      const answer = await (await signedIn())('/signin/switch', {
        account,
        roleName: `${folder}/${RoleName}`,
      })
      await iam.deleteRole({ RoleName })
      return answer
    }
    assert.match((await switched(64)).arn, /assumed-role\/r{32}\/alice$/)
    assert.equal((await switched(65)).error, 'SwitchRoleFailed')
  })
})
