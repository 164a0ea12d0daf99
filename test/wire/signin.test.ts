import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { Organizations } from '@aws-sdk/client-organizations'
import { allow } from './iam/house.ts'
import { dates, kept, signInBrowser } from './signin-browser.ts'
import { account, arn, type Event, eventsNamed, rootPassword, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, role, mfa } = server
after(server.close)

const browser = () => signInBrowser(omen.endpoint)

async function consoleUser(
  UserName: string,
  Password: string,
  policy?: string,
  PasswordResetRequired = false,
) {
  await iam.createUser({ UserName })
  await iam.createLoginProfile({ UserName, Password, PasswordResetRequired })
  if (policy !== undefined) await iam.putUserPolicy({ UserName, PolicyName: 'own', PolicyDocument: policy })
}

async function signInEvents(of: string = account): Promise<readonly Event[]> {
  const { events } = await omen.omen.deps.recorder.lookUp({
    account: of as typeof account,
    attribute: { key: 'EventSource', value: 'signin.amazonaws.com' },
    limit: 50,
  })
  return events.map(({ json }) => JSON.parse(json) as Event).reverse()
}

const strong = 'Correct-Horse-7'

describe('signing in with a password', () => {
  test('gives the console a session with which it signs its calls (SGN-1, SGN-2, SGN-10, SGN-12)', async () => {
    await consoleUser('alice', strong, allow(['iam:GetUser', 'sts:*']))
    const { signIn, call } = browser()
    assert.equal((await call('/signin/session')).status, 401)
    const answer = await signIn('alice', strong)
    assert.equal(answer.status, 200)
    assert.match(
      answer.set ?? '',
      /^omen-signin=[^;]+; Path=\/signin; Max-Age=43\d+; HttpOnly; SameSite=Strict$/,
    )
    assert.equal(answer.headers.get('cache-control'), 'no-store')
    const { json } = await call('/signin/session')
    assert.equal(json.arn, arn('user/alice'))
    assert.equal(json.mfa, false)
    // the console may call IAM, which a session of GetSessionToken may not
    await server.iamAs(json.credentials).getUser({})
    const event = (await signInEvents()).at(-1)
    assert.deepEqual(event?.userIdentity, {
      type: 'IAMUser',
      principalId: (await iam.getUser({ UserName: 'alice' })).User?.UserId,
      arn: arn('user/alice'),
      accountId: account,
      userName: 'alice',
    })
    assert.deepEqual(event?.responseElements, { ConsoleLogin: 'Success' })
    assert.equal(event?.requestParameters, null)
    assert.deepEqual(event?.additionalEventData, {
      LoginTo: `${omen.endpoint}/`,
      MobileVersion: 'No',
      MFAUsed: 'No',
    })
    assert.equal(event?.eventType, 'AwsConsoleSignIn')
    assert.ok((await iam.getUser({ UserName: 'alice' })).User?.PasswordLastUsed)
    await call('/signin/logout', {})
    assert.equal((await call('/signin/session')).status, 401)
  })

  test('a refused caller learns nothing; the event says more (SGN-11)', async () => {
    const { signIn } = browser()
    const wrong = await signIn('alice', 'wrong')
    const nobody = await signIn('nobody', strong)
    assert.equal(wrong.status, 401)
    assert.deepEqual(nobody.json, wrong.json)
    const [first, second] = (await signInEvents()).slice(-2)
    const byMessage = new Map([first, second].map((event) => [event?.errorMessage, event]))
    const failed = byMessage.get('Failed authentication')
    assert.deepEqual(failed?.responseElements, { ConsoleLogin: 'Failure' })
    assert.equal(failed?.userIdentity.userName, 'alice')
    assert.equal(failed?.errorCode, undefined)
    const hidden = byMessage.get('No username found in supplied account')
    assert.equal(hidden?.userIdentity.userName, 'HIDDEN_DUE_TO_SECURITY_REASONS')
    assert.ok(!JSON.stringify(await signInEvents()).includes('nobody'))
  })

  test('asks for a code where there is a device, and takes each once (SGN-13)', async () => {
    await consoleUser(
      'mona',
      strong,
      allow('iam:GetUser', '*', { Bool: { 'aws:MultiFactorAuthPresent': 'true' } }),
    )
    const device = await mfa('mona')
    const { signIn } = browser()
    const asked = await signIn('mona', strong)
    assert.equal(asked.status, 401)
    assert.equal(asked.json.error, 'MfaRequired')
    assert.deepEqual(asked.json.devices, [device.SerialNumber])
    const mfaCode = device.code()
    const { status, json } = await signIn('mona', strong, { mfaCode })
    assert.equal(status, 200)
    await server.iamAs(json.credentials).getUser({})
    assert.equal((await signIn('mona', strong, { mfaCode })).status, 401)
    const events = await signInEvents()
    const success = events.filter(({ userIdentity }) => userIdentity.userName === 'mona').at(-2)
    assert.deepEqual(success?.additionalEventData, {
      LoginTo: `${omen.endpoint}/`,
      MobileVersion: 'No',
      MFAUsed: 'Yes',
      MFAIdentifier: device.SerialNumber,
    })
    assert.ok(!JSON.stringify(events).includes(mfaCode) && !JSON.stringify(events).includes(strong))
  })

  test('a password that must change is changed on the way (SGN-15)', async () => {
    await consoleUser('nils', strong, allow('iam:ChangePassword'), true)
    const { signIn } = browser()
    assert.equal((await signIn('nils', strong)).json.error, 'PasswordChangeRequired')
    const weak = await signIn('nils', strong, { newPassword: 'x' })
    assert.equal(weak.json.error, 'PasswordPolicyViolation')
    const newPassword = 'Battery-Staple-8'
    assert.equal((await signIn('nils', strong, { newPassword })).status, 200)
    assert.equal((await signIn('nils', strong)).status, 401)
    assert.equal((await signIn('nils', newPassword)).status, 200)
  })

  test('nobody guesses for long (SGN-20)', async () => {
    await consoleUser('rita', strong)
    const { signIn } = browser()
    for (let i = 0; i < 5; i++) assert.equal((await signIn('rita', `wrong ${i}`)).status, 401)
    assert.equal((await signIn('rita', strong)).status, 429)
    omen.clock.advance(300_000)
    assert.equal((await signIn('rita', strong)).status, 200)
    omen.clock.advance(-300_000)
  })

  test('another site’s page can send nothing, and forms get pages', async () => {
    const { call } = browser()
    const login = { account, userName: 'alice', password: strong }
    assert.equal((await call('/signin/login', login, { origin: 'https://evil.example.com' })).status, 403)
    assert.equal((await call('/signin/login', login, { origin: omen.endpoint })).status, 200)
    assert.equal((await call('/signin/login', login, { 'sec-fetch-site': 'same-site' })).status, 403)
    const form = await fetch(`${omen.endpoint}/signin/login`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...login, password: '<wrong>"' }),
    })
    const page = await form.text()
    assert.equal(form.status, 401)
    assert.match(page, /role="alert"/)
    assert.ok(!page.includes('<wrong>'))
    const link = await fetch(
      `${omen.endpoint}/switchrole?account=1&roleName=${encodeURIComponent('"><script>')}`,
    )
    assert.equal((await link.text()).split('<script>').length, 2, 'the page’s own script alone')
    assert.match(link.headers.get('content-security-policy') ?? '', /default-src 'none'/)
  })
})

describe('switching roles', () => {
  test('a token from events signs no one in (SGN-4)', async () => {
    const page = browser()
    await page.signIn('alice', strong)
    await role('seen', trusting({ AWS: arn('user/alice') }))
    const { half } = await page.call('/signin/switch', { account, roleName: 'seen' })
    const [event] = (await eventsNamed(server, 'AssumeRole')).slice(-1)
    const credentials = event?.responseElements?.credentials as { readonly sessionToken: string } // AssumeRole's
    const token = credentials.sessionToken
    for (const cookie of [token, `${token}.`, `${token}.${token}`, `.${token}`]) {
      for (const headers of [
        { cookie: `omen-signin=${cookie}`, 'x-omen-half': half },
        { 'x-omen-signin': cookie },
      ]) {
        const thief = await browser().call('/signin/session', undefined, headers)
        assert.equal(thief.status, 401, cookie)
        assert.ok(!thief.text.includes('secretAccessKey'))
      }
    }
  })

  test('by the original identity, as its name, in the role’s account (SGN-14, SGN-40, SGN-42)', async () => {
    await omen.client(Organizations).createOrganization({})
    await omen.client(Organizations).createAccount({ AccountName: 'prod', Email: 'prod@example.com' })
    const { Accounts } = await omen.client(Organizations).listAccounts({})
    const prod = Accounts!.find(({ Name }) => Name === 'prod')!.Id!
    const admin = await server.assume('admin', arn('role/OrganizationAccountAccessRole', prod))
    const there = server.iamAs(admin)
    await there.createRole({
      RoleName: 'operator',
      Path: '/team/',
      MaxSessionDuration: 7_200,
      AssumeRolePolicyDocument: trusting({ AWS: arn('user/alice') }),
    })
    const second = await role('second', trusting({ AWS: arn('user/alice') }))
    const worn = browser()
    await worn.signIn('alice', strong)
    const { status, json } = await worn.call('/signin/switch', {
      account: prod,
      roleName: 'team/operator',
      displayName: 'P',
    })
    assert.equal(status, 200, JSON.stringify(json))
    assert.equal(json.arn, `arn:aws:sts::${prod}:assumed-role/operator/alice`)
    assert.equal(json.switchedFrom.arn, arn('user/alice'))
    const left = Date.parse(json.expiresAt) - omen.clock.now()
    assert.ok(Math.abs(left - 7_200_000) < 5_000, `${left}`)
    const event = (await signInEvents(prod)).at(-1)
    assert.equal(event?.eventName, 'SwitchRole')
    assert.equal(event?.userIdentity.type, 'AssumedRole')
    assert.equal(event?.userIdentity.accessKeyId, undefined)
    assert.equal(event?.userIdentity.sessionContext, undefined)
    assert.equal(event?.userIdentity.arn, json.arn)
    assert.deepEqual(event?.responseElements, { SwitchRole: 'Success' })
    assert.deepEqual(event?.additionalEventData, {
      SwitchFrom: arn('user/alice'),
      RedirectTo: `${omen.endpoint}/`,
    })
    assert.equal(event?.recipientAccountId, prod)
    const pair = await Promise.all(
      [account, prod].map(async (of) => {
        const { events } = await omen.omen.deps.recorder.lookUp({
          account: of as typeof account,
          attribute: { key: 'EventName', value: 'AssumeRole' },
          limit: 1,
        })
        return JSON.parse(events[0]!.json).sharedEventID
      }),
    )
    assert.ok(pair[0] !== undefined && pair[0] === pair[1])
    // a second switch is asked by alice, whom it trusts, not by the role that is worn
    const again = await worn.call('/signin/switch', { account, roleName: 'second' })
    assert.equal(again.json.arn, `arn:aws:sts::${account}:assumed-role/second/alice`)
    const renewed = await worn.call('/signin/renew', {})
    assert.equal(renewed.json.arn, again.json.arn)
    assert.notEqual(renewed.json.credentials.accessKeyId, again.json.credentials.accessKeyId)
    const back = await worn.call('/signin/exit', {})
    assert.equal(back.json.arn, arn('user/alice'))
    const names = (await signInEvents()).map(({ eventName }) => eventName)
    for (const name of ['SwitchRole', 'RenewRole', 'ExitRole']) assert.ok(names.includes(name), name)
    const exit = (await signInEvents()).find(({ eventName }) => eventName === 'ExitRole')
    assert.deepEqual(exit?.additionalEventData, {
      SwitchTo: arn('user/alice'),
      RedirectTo: `${omen.endpoint}/`,
    })
    assert.equal(exit?.userIdentity.arn, again.json.arn)
    assert.ok(second)
  })

  test('not for who is not trusted, roles with an external id, or root (SGN-41, SGN-44)', async () => {
    await role(
      'external',
      trusting({ AWS: account }, 'sts:AssumeRole', { StringEquals: { 'sts:ExternalId': 'x' } }),
    )
    const { signIn, call } = browser()
    await signIn('alice', strong)
    for (const roleName of ['external', 'missing', 'x'.repeat(65), '']) {
      const { status, json } = await call('/signin/switch', { account, roleName })
      assert.equal(status, 403)
      assert.equal(json.error, 'SwitchRoleFailed')
    }
    assert.equal((await call('/signin/exit', {})).json.error, 'NotSwitched')
    const rootConsole = browser()
    await rootPassword(server, strong)
    const root = await rootConsole.call('/signin/login', {
      account,
      email: `root@${account}.example.com`,
      password: strong,
    })
    assert.equal(root.status, 200, root.text)
    const refused = await rootConsole.call('/signin/switch', { account, roleName: 'second' })
    assert.equal(refused.json.reason, 'Roles may not be assumed by root accounts.')
  })
})

describe('the federation endpoint', () => {
  const get = async (fields: Record<string, string>) =>
    fetch(`${omen.endpoint}/federation?${new URLSearchParams(fields)}`, { redirect: 'manual' })
  const session = (credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }) =>
    JSON.stringify({
      sessionId: credentials.accessKeyId,
      sessionKey: credentials.secretAccessKey,
      sessionToken: credentials.sessionToken,
    })

  test('turns temporary credentials into a sign-in, as tools’ links do (SGN-30, SGN-32, SGN-34)', async () => {
    const RoleArn = await role(
      'federated',
      trusting({ AWS: account }),
      allow(['iam:GetRole', 'sts:GetScopedCredentials']),
    )
    const worn = await server.assume('admin', RoleArn)
    const answer = await get({ Action: 'getSigninToken', SessionDuration: '43200', Session: session(worn) })
    const { SigninToken } = (await answer.json()) as { SigninToken: string }
    const destination = 'https://console.aws.amazon.com/ec2'
    const login = { Action: 'login', Issuer: 'aws-vault', Destination: destination, SigninToken }
    const entered = await get(login)
    assert.equal(entered.status, 303)
    assert.match(entered.headers.get('location') ?? '', /^\/#half=[\w-]{24}$/)
    const view = await fetch(`${omen.endpoint}/signin/session`, { headers: kept(entered) })
    const json = JSON.parse(await view.text(), dates)
    assert.match(json.arn, /assumed-role\/federated\/session$/)
    assert.ok(Math.abs(Date.parse(json.expiresAt) - omen.clock.now() - 43_200_000) < 5_000)
    await server.iamAs(json.credentials).getRole({ RoleName: 'federated' })
    // what the console itself signs with begins no longer session (SGN-34)
    const again = { Action: 'getSigninToken', Session: session(json.credentials) }
    assert.equal((await get({ ...again, SessionDuration: '43200' })).status, 400)
    assert.equal((await get(again)).status, 200)
    const event = (await signInEvents()).find(({ userIdentity }) => userIdentity.arn === json.arn)
    assert.equal(event?.userIdentity.type, 'AssumedRole')
    assert.deepEqual(event?.responseElements, { ConsoleLogin: 'Success' })
    omen.clock.advance(900_000)
    assert.equal((await get(login)).status, 400)
    omen.clock.advance(-900_000)
    for (const elsewhere of [
      '//evil.example.com/',
      'https://evil.example.com',
      'javascript:alert(1)',
      '/\\evil.example.com',
    ]) {
      const { headers } = await get({ ...login, Destination: elsewhere })
      assert.match(headers.get('location') ?? '', /^\/(?![/\\])/)
    }
  })

  test('not longer than it may be, and only for credentials that may (SGN-31, SGN-35)', async () => {
    const worn = await server.assume('admin', arn('role/federated'))
    const ask = async (who: Parameters<typeof session>[0], more: Record<string, string> = {}) =>
      (await get({ Action: 'getSigninToken', Session: session(who), ...more })).status
    assert.equal(await ask(worn), 200)
    assert.equal(await ask({ ...worn, secretAccessKey: 'wrong' }), 400)
    assert.equal(await ask(worn, { SessionDuration: '899' }), 400)
    const hub = await role('hub', trusting({ AWS: account }), allow('sts:*'))
    const chained = await server.assume(await server.assume('admin', hub), arn('role/federated'))
    assert.equal(await ask(chained), 200)
    assert.equal(await ask(chained, { SessionDuration: '3600' }), 400)
    const { Credentials: fed } = await server.sts().getFederationToken({ Name: 'fed', Policy: allow('*') })
    const { Credentials: own } = await server.sts().getSessionToken({})
    const plain = (given: typeof fed) => ({
      accessKeyId: given!.AccessKeyId!,
      secretAccessKey: given!.SecretAccessKey!,
      sessionToken: given!.SessionToken!,
    })
    assert.equal(await ask(plain(fed)), 200)
    assert.equal(await ask(plain(fed), { SessionDuration: '3600' }), 400)
    assert.equal(await ask(plain(own)), 400)
    const { Credentials: scoped } = await server.sts(worn).getScopedCredentials({ DurationSeconds: 900 })
    assert.equal(await ask(plain(scoped)), 200)
    assert.equal(await ask(plain(scoped), { SessionDuration: '3600' }), 400)
    assert.equal((await get({ Action: 'getSigninToken', Session: 'x' })).status, 400)
    assert.equal((await get({ Action: 'nothing' })).status, 400)
  })

  test('a federated user of the console may call IAM (STS-71)', async () => {
    const { Credentials } = await server
      .sts()
      .getFederationToken({ Name: 'fed', Policy: allow('iam:ListUsers') })
    const answer = await get({
      Action: 'getSigninToken',
      Session: session({
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      }),
    })
    const { SigninToken } = (await answer.json()) as { SigninToken: string }
    const entered = await get({ Action: 'login', SigninToken })
    const view = await fetch(`${omen.endpoint}/signin/session`, { headers: kept(entered) })
    await server.iamAs(JSON.parse(await view.text(), dates).credentials).listUsers({})
  })
})
