import {
  GetAccountAuthorizationDetailsCommand,
  type GetAccountAuthorizationDetailsResponse,
  IAMClient,
} from '@aws-sdk/client-iam'
import {
  managedPolicies,
  techniqueTable,
} from '../../../packages/server/src/authorization/catalogue/index.ts'
import { type DecisionRecord, recallDecision } from '../../../packages/server/src/authorization/index.ts'
import { Secret } from '../../../packages/server/src/base/index.ts'
import {
  type Graph,
  graphOf,
  readInventory,
  readOrganization,
  readWorld,
} from '../../../packages/server/src/graph/index.ts'
import { createOmen, type RunningOmen } from '../../../packages/server/src/index.ts'
import type { ClientCredentials, SessionOptions } from '../../../packages/server/src/testing/index.ts'
import { signedHeaders } from '../../../packages/server/src/wire/sigv4/index.ts'
import { account, network, type RandomAccount } from './random-account.ts'

/** What the server answers to a call. */
export interface Answered {
  readonly ok: boolean
  /** The code of the fault, or undefined. */
  readonly code: string | undefined
  readonly body: string
  readonly requestId: string
}

/** A random account in a running server, called as any client calls it. */
export class ReplayServer implements AsyncDisposable {
  readonly omen: RunningOmen
  readonly made: RandomAccount
  /** The address that calls come from. */
  address: string = network.outside
  #start: Awaited<ReturnType<RunningOmen['snapshot']>> | undefined

  private constructor(omen: RunningOmen, made: RandomAccount) {
    this.omen = omen
    this.made = made
  }

  static async open(made: RandomAccount): Promise<ReplayServer> {
    const server = new ReplayServer(await createOmen({ seed: made.seed, port: false }), made)
    const root = server.as('root')
    // an SCP may refuse it
    for (const [name, document] of Object.entries(made.versions))
      await server.call(root, 'CreatePolicyVersion', {
        PolicyArn: `arn:aws:iam::${account}:policy/${name}`,
        PolicyDocument: JSON.stringify(document),
      })
    // every user has one access key from the start
    for (const name of made.users) server.as(`user/${name}`)
    for (const UserName of made.twoKeys ?? []) await server.mustCall(root, 'CreateAccessKey', { UserName })
    server.#start = await server.omen.snapshot()
    return server
  }

  /** Credentials of a user or role of the account, without asking. */
  as(who: string, session: SessionOptions = {}): ClientCredentials {
    return this.omen.as(who, { account, sessionName: 'omen', ...session }).credentials
  }

  /** Back to the beginning. */
  async restore(): Promise<void> {
    // a sign-in notes its time without waiting
    await this.omen.omen.deps.directory.loaded(account)?.pending
    if (this.#start !== undefined) await this.omen.restore(this.#start)
    this.address = network.outside
  }

  /** The graph of the account as its own API describes it. */
  async graph(): Promise<Graph> {
    const client = this.omen.client(IAMClient, this.as('root'))
    const answer: GetAccountAuthorizationDetailsResponse = await client.send(
      new GetAccountAuthorizationDetailsCommand({ MaxItems: 1000 }),
    )
    const { UserDetailList, RoleDetailList, GroupDetailList, Policies } = answer
    const { scps, rcps = {}, twoKeys = [] } = this.made
    const documents = (all: Readonly<Record<string, object>>): readonly object[] =>
      Object.entries(all).map(([name, document]) => ({ name, document }))
    const world = readWorld({
      details: JSON.stringify({ UserDetailList, RoleDetailList, GroupDetailList, Policies }),
      inventory: readInventory({
        resources: [],
        accessKeys: Object.fromEntries(this.made.users.map((name) => [name, twoKeys.includes(name) ? 2 : 1])),
        loginProfiles: this.made.loginProfiles,
        mfaDevices: {},
      }),
      organization: readOrganization({
        scps: [[fullAccess, ...documents(scps)], [fullAccess]],
        ...(Object.keys(rcps).length === 0 ? {} : { rcps: [documents(rcps), []] }),
      }),
      awsPolicy: (arn) => managedPolicies().find(arn)?.document,
    })
    return graphOf(world, techniqueTable())
  }

  /** Makes one signed call. */
  async call(
    { accessKeyId, secretAccessKey, sessionToken }: ClientCredentials,
    operation: string,
    input: Readonly<Record<string, string>>,
  ): Promise<Answered> {
    const service = /^(?:AssumeRole|GetSessionToken|GetCallerIdentity)/.test(operation) ? 'sts' : 'iam'
    const Version = service === 'sts' ? '2011-06-15' : '2010-05-08'
    const unsigned = {
      method: 'POST',
      rawPath: '/',
      rawQuery: '',
      headers: {
        host: `${service}.amazonaws.com`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: Buffer.from(new URLSearchParams({ Action: operation, Version, ...input }).toString()),
    }
    const signer = {
      accessKeyId,
      secret: new Secret(secretAccessKey),
      region: 'us-east-1',
      service,
      ...(sessionToken === undefined ? {} : { sessionToken }),
    }
    const { omen } = this
    const headers = signedHeaders(unsigned, signer, omen.clock.now())
    const answer = await omen.omen.answer({ ...unsigned, headers, remoteAddress: this.address, secure: true })
    const body = Buffer.from(answer.body).toString('utf8')
    const ok = answer.status === 200
    return {
      ok,
      code: ok ? undefined : textIn(body, 'Code'),
      body,
      requestId: answer.headers['x-amzn-requestid'] ?? '',
    }
  }

  /** Makes a call that must succeed. @throws Error if it does not */
  async mustCall(
    credentials: ClientCredentials,
    operation: string,
    input: Readonly<Record<string, string>>,
  ): Promise<Answered> {
    const answered = await this.call(credentials, operation, input)
    if (!answered.ok) throw new Error(`${operation}: ${answered.body}`)
    return answered
  }

  /** An access key that a user has had from the start. */
  async oldKey(userName: string): Promise<string> {
    const { body } = await this.mustCall(this.as('root'), 'ListAccessKeys', { UserName: userName })
    return textIn(body, 'AccessKeyId') ?? ''
  }

  /** Signs in with a password, as the console's page does. */
  async signIn(userName: string, password: string, mfaCode?: string): Promise<ClientCredentials | undefined> {
    const answer = await this.omen.omen.answer({
      method: 'POST',
      rawPath: '/signin/login',
      rawQuery: '',
      headers: { host: 'localhost', 'content-type': 'application/json' },
      body: Buffer.from(JSON.stringify({ account, userName, password, mfaCode })),
      remoteAddress: this.address,
      secure: false,
    })
    if (answer.status !== 200) return undefined
    const { credentials } = JSON.parse(Buffer.from(answer.body).toString('utf8'))
    return credentials
  }

  /** The decision on a call. */
  async decision({ requestId }: Answered): Promise<DecisionRecord | undefined> {
    return recallDecision(requestId, this.omen.omen.deps)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.omen.close()
  }
}

const fullAccess = {
  name: 'FullAWSAccess',
  document: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
}

/** The text of the first element of a name. */
export function textIn(xml: string, name: string): string | undefined {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1]
  return found
    ?.replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
