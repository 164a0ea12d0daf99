import assert from 'node:assert/strict'
import type { ClientCredentials, RunningOmen } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'
import { callServer } from './house-call.ts'
import { pkce } from './oauth-tool.ts'
import type { Event } from './sts-house.ts'

/** An answer of any shape: tests look into it. */
const read = async (answer: Response) => JSON.parse((await answer.text()) || '{}')
type Answer = Awaited<ReturnType<typeof read>>

type Keys = ClientCredentials | { readonly accessKeyId: string; readonly secretAccessKey: string }

/** A server that may run in another process. */
interface Reached extends Pick<RunningOmen, 'endpoint' | 'account'> {
  readonly keys: { readonly root: Keys; readonly admin: Keys }
  readonly clock: { now(): number }
  /** Its parts, if it runs here. */
  readonly omen?: RunningOmen['omen']
}

/** IAM Identity Center of a server, as its clients speak. */
export async function centerServer(omen: Reached) {
  const { endpoint, keys } = omen
  const own = async (method: 'GET' | 'POST', path: string, body?: object) => {
    const target = { endpoint, now: omen.clock.now() }
    return read(await callServer(target, method, path, keys.root, 'us-east-1', body))
  }
  const json = async (service: string, target: string, input: object, who: Keys = keys.admin) => {
    const body = Buffer.from(JSON.stringify(input))
    const url = new URL(endpoint)
    const headers = { host: url.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target }
    const request = { method: 'POST', rawPath: '/', rawQuery: '', headers, body }
    const signer = {
      accessKeyId: who.accessKeyId,
      secret: new Secret(who.secretAccessKey),
      region: 'us-east-1',
      service,
      ...('sessionToken' in who && who.sessionToken !== undefined && { sessionToken: who.sessionToken }),
    }
    const { host: _, ...signed } = signedHeaders(request, signer, omen.clock.now())
    return read(await fetch(url, { method: 'POST', headers: signed, body }))
  }
  const shown = await own('POST', '/_omen/identity-center', {})
  const admin = (operation: string, input: object, who?: Keys) =>
    json(
      'sso',
      `SWBExternalService.${operation}`,
      {
        ...(operation === 'ListInstances' || operation === 'CreateInstance'
          ? {}
          : { InstanceArn: shown.instanceArn }),
        ...input,
      },
      who,
    )
  const store = (operation: string, input: object, who?: Keys) =>
    json(
      'identitystore',
      `AWSIdentityStore.${operation}`,
      { IdentityStoreId: shown.identityStoreId, ...input },
      who,
    )
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(endpoint + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    return { status: answer.status, ...(await read(answer)) } as Answer
  }
  const userInput = (UserName: string) => ({
    UserName,
    DisplayName: UserName,
    Name: { GivenName: UserName, FamilyName: 'Doe' },
    Emails: [{ Value: `${UserName}@example.com`, Primary: true }],
  })
  const user = async (name: string): Promise<string> => {
    const { UserId, ...rest } = await store('CreateUser', userInput(name))
    assert.ok(UserId, JSON.stringify(rest))
    return UserId
  }
  const set = async (Name: string, more: object = {}): Promise<string> => {
    const { PermissionSet, ...rest } = await admin('CreatePermissionSet', { Name, ...more })
    assert.ok(PermissionSet, JSON.stringify(rest))
    return PermissionSet.PermissionSetArn
  }
  const named = (PermissionSetArn: string, PrincipalType: string, PrincipalId: string) => ({
    PermissionSetArn,
    PrincipalType,
    PrincipalId,
    TargetType: 'AWS_ACCOUNT',
    TargetId: omen.account,
  })
  const assign = async (...given: Parameters<typeof named>) => {
    const { AccountAssignmentCreationStatus: begun, ...rest } = await admin(
      'CreateAccountAssignment',
      named(...given),
    )
    assert.equal(begun?.Status, 'IN_PROGRESS', JSON.stringify(rest))
    const asked = { AccountAssignmentCreationRequestId: begun.RequestId }
    return (await admin('DescribeAccountAssignmentCreationStatus', asked))
      .AccountAssignmentCreationStatus as Answer
  }
  const unassign = async (...given: Parameters<typeof named>) => {
    const { AccountAssignmentDeletionStatus: begun } = await admin('DeleteAccountAssignment', named(...given))
    const asked = { AccountAssignmentDeletionRequestId: begun.RequestId }
    return (await admin('DescribeAccountAssignmentDeletionStatus', asked))
      .AccountAssignmentDeletionStatus as Answer
  }
  const form = async (fields: Record<string, string>, path = '/signin/center') => {
    const answer = await fetch(endpoint + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded', origin: endpoint },
      body: new URLSearchParams(fields).toString(),
    })
    const text = await answer.text()
    const ticket = /name="t" value="([^"]+)"/.exec(text)?.[1] ?? ''
    return { status: answer.status, text, ticket, to: answer.headers.get('location') ?? '' }
  }
  const register = async (more: object = {}) => {
    const given = { clientName: 'cli', clientType: 'public', scopes: ['sso:account:access'], ...more }
    const { clientId, clientSecret } = await post('/client/register', given)
    return { clientId, clientSecret } as { clientId: string; clientSecret: string }
  }
  type Client = Awaited<ReturnType<typeof register>>
  const token = (client: Client, more: object) => post('/token', { ...client, ...more })
  const redirect = 'http://127.0.0.1:50124/oauth/callback'
  const opened = (client: Client, more: Record<string, string> = {}) =>
    fetch(
      `${endpoint}/authorize?${new URLSearchParams({
        response_type: 'code',
        client_id: client.clientId,
        redirect_uri: redirect,
        state: 'the-state',
        code_challenge_method: 'S256',
        code_challenge: pkce().challenge,
        scopes: 'sso:account:access',
        ...more,
      })}`,
      { redirect: 'manual' },
    )
  const authorize = async (client: Client, userName: string, password: string) => {
    const { verifier, challenge } = pkce()
    const first = await opened(client, { code_challenge: challenge })
    const r = new URL(first.headers.get('location') ?? '', endpoint).searchParams.get('r') ?? ''
    const { ticket, text } = await form({ r, userName, password })
    assert.ok(ticket, text)
    const { to } = await form({ t: ticket, decision: 'allow' })
    const given = new URL(to).searchParams
    return { code: given.get('code') ?? '', state: given.get('state'), verifier, redirect }
  }
  return {
    shown,
    own,
    admin,
    store,
    post,
    userInput,
    user,
    set,
    assign,
    unassign,
    register,
    token,
    opened,
    authorize,
    deviceGrant: 'urn:ietf:params:oauth:grant-type:device_code',
    login: form,
    start: (fields: Record<string, string>) => form(fields, '/signin/portal'),
    decide: (t: string, decision: string) => form({ t, decision }),
    /** A user with a password, to whom a permission set is lent. */
    async lent(name: string, setName: string, InlinePolicy: string) {
      const password = 'Correct-Horse-7'
      const [id, arn] = [await user(name), await set(setName)]
      await admin('PutInlinePolicyToPermissionSet', { PermissionSetArn: arn, InlinePolicy })
      const { Status, FailureReason } = await assign(arn, 'USER', id)
      assert.equal(Status, 'SUCCEEDED', FailureReason)
      await own('POST', '/_omen/identity-center/password', { userName: name, password })
      return { user: id, set: arn, password }
    },
    async tokens(userName: string, password: string) {
      const client = await register({
        redirectUris: ['http://127.0.0.1/oauth/callback'],
        grantTypes: ['authorization_code', 'refresh_token'],
        issuerUrl: shown.startUrl,
      })
      const { code, verifier } = await authorize(client, userName, password)
      const given = { grantType: 'authorization_code', code, codeVerifier: verifier, redirectUri: redirect }
      const tokens = await token(client, given)
      assert.ok(tokens.accessToken, JSON.stringify(tokens))
      return tokens
    },
    async portal(path: string, bearer: string, method = 'GET') {
      const answer = await fetch(endpoint + path, { method, headers: { 'x-amz-sso_bearer_token': bearer } })
      return { status: answer.status, ...(await read(answer)) } as Answer
    },
    async events(name: string) {
      const deps = omen.omen?.deps
      assert.ok(deps)
      const { events } = await deps.recorder.lookUp({
        account: deps.firstAccount,
        attribute: { key: 'EventName', value: name },
        limit: 10,
      })
      return events.map(({ json: text }) => JSON.parse(text) as Event)
    },
  }
}
