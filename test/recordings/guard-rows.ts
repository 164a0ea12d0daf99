import { createHash } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { IAM } from '@aws-sdk/client-iam'
import { type ClientCredentials, createOmen, type RunningOmen } from 'omen-iam'
import { trustsService } from '../../packages/server/src/authorization/index.ts'
import { parseAccountId } from '../../packages/server/src/base/index.ts'
import { roles } from '../../packages/server/src/directory/index.ts'
import { account, headersOf } from '../guard/house.ts'
import { zipOf } from '../support/index.ts'
import { contains, faultIn, plain } from './guard-answers.ts'
import { answersOf, type GuardWorld } from './guard-world.ts'
import type { Row } from './rows.ts'
import { type RecordedUpstream, rowHeader, startRecordedUpstream } from './upstream.ts'

/** The account beside the first one. */
export const member = '444455556666'

/** Who makes a row's call: a user, a session of a role, a federated user, or nobody. */
interface RowCaller {
  readonly account?: 'member'
  readonly user?: string
  readonly role?: string
  readonly path?: string
  readonly session?: string
  readonly anonymous?: true
  readonly federated?: true
  readonly identity?: object
  readonly boundary?: object
  /** The session policy. */
  readonly policy?: object
  /** Managed policies of the session. */
  readonly managed?: readonly object[]
  readonly tags?: Readonly<Record<string, string>>
  readonly sourceIdentity?: string
  /** The keys that Amazon EC2 gives the sessions of an instance. */
  readonly instance?: Readonly<Record<string, string>>
}

/** A role of the row's world. */
interface RowRole {
  readonly trust?: object
  readonly policy?: object
  readonly account?: 'member'
  readonly path?: string
  /** Whether an instance profile of its name has it. */
  readonly profile?: true
}

/** A call through the guard, the world in which it is made, and AWS's answer. */
export interface GuardRow extends Row {
  readonly caller: RowCaller
  readonly roles?: Readonly<Record<string, RowRole>>
  readonly world?: GuardWorld
  /** What the caller does before, and must succeed. */
  readonly first?: readonly GuardRow['call'][]
  /** The id of an instance that is there. */
  readonly instance?: string
  /** A function of Omen's own Lambda, as it is before the call; `kept` as the row before left it. */
  readonly function?: {
    readonly name: string
    readonly tags: Readonly<Record<string, string>>
    readonly permissions?: readonly object[]
    readonly kept?: true
  }
  readonly call: {
    readonly service: string
    readonly operation: string
    readonly region: string
    /** Of the JSON protocols. */
    readonly target?: string
    readonly version?: string
    readonly form?: Readonly<Record<string, string>>
    /** Of the REST protocols: `PUT /path`. */
    readonly line?: string
    readonly input?: unknown
    readonly headers?: Readonly<Record<string, string>>
  }
  readonly aws: {
    readonly status?: number
    readonly code?: string
    readonly message?: string
    /** What a successful answer contains. */
    readonly output?: object
  }
}

/** A guard before an upstream that is as the row says. */
export class GuardOfRows {
  readonly #omen: RunningOmen
  readonly #upstream: RecordedUpstream
  readonly #agent = new Agent({ keepAlive: true })
  readonly #policies = new Map<string, string>()
  readonly #iam = new Map<string, IAM>()

  private constructor(omen: RunningOmen, upstream: RecordedUpstream) {
    this.#omen = omen
    this.#upstream = upstream
  }

  /** @param forward services of Omen's own that the upstream answers */
  static async open(forward: readonly string[] = ['lambda']): Promise<GuardOfRows> {
    const upstream = await startRecordedUpstream()
    const omen = await createOmen({
      account,
      seed: { accounts: { [member]: { name: 'member', email: 'member@example.com' } } },
      upstream: { url: upstream.url, accountKey: true, sharedIam: false, rememberedFor: 0 },
      forward,
    })
    return new GuardOfRows(omen, upstream)
  }

  async close(): Promise<void> {
    this.#agent.destroy()
    for (const iam of this.#iam.values()) iam.destroy()
    await this.#omen.close()
    await this.#upstream.close()
  }

  /** A call as its caller would make it now, for questions without a request. */
  async callOf(caller: GuardRow['caller']) {
    const credentials = await this.#credentials(caller)
    return this.#omen.as(credentials!).call()
  }

  /** Whether a service can assume a role with this trust policy. */
  async trusts(service: string, trust: object): Promise<boolean> {
    await this.#role('assumed', { trust })
    const call = this.#omen.as('root', { account }).call()
    return trustsService(call.account.table(roles).findBy('name', 'assumed')!, service, call)
  }

  /** The newest event of a name in an account's trail, data events among them. */
  async newestEvent(name: string, of: string): Promise<Readonly<Record<string, unknown>> | undefined> {
    const { recorder } = this.#omen.omen.deps
    const query = { account: parseAccountId(of)!, attribute: { key: 'EventName' as const, value: name } }
    const pages = await Promise.all(
      [false, true].map((data) => recorder.lookUp({ ...query, data, limit: 1 })),
    )
    const [event] = pages.flatMap(({ events }) => events).toSorted((a, b) => b.time - a.time)
    return event && (JSON.parse(event.json) as Readonly<Record<string, unknown>>)
  }

  /** How Omen's answer differs from AWS's; undefined if it does not. */
  async ask(given: GuardRow): Promise<string | undefined> {
    const row = given.instance === undefined ? given : await this.#withInstance(given, given.instance)
    for (const [name, role] of Object.entries(row.roles ?? {})) await this.#role(name, role)
    if (row.function !== undefined) await this.#function(row.function)
    const as = await this.#credentials(row.caller)
    this.#upstream.world = (reached) => answersOf(row.world ?? {}, reached)
    for (const call of row.first ?? []) {
      const { status, body } = await this.#send({ ...row, call }, as)
      if (status >= 300) throw new Error(`before it: ${body}`)
    }
    const { status, body, type } = await this.#send(row, as)
    const { aws } = row
    const wanted = aws.code ?? 'Success'
    const { code, message } = status < 300 ? { code: 'Success', message: undefined } : faultIn(body, type)
    if (code !== wanted) return `${code} in place of ${wanted}: ${message ?? ''} [${aws.message ?? ''}]`
    if (aws.status !== undefined && wanted !== 'Success' && status !== aws.status)
      return `${wanted}: status ${status} in place of ${aws.status}`
    if (aws.message !== undefined && plain(message ?? '') !== plain(aws.message))
      return `${wanted}: “${message}” in place of “${aws.message}”`
    if (aws.output !== undefined && !contains(JSON.parse(body), aws.output))
      return `${body} does not contain ${JSON.stringify(aws.output)}`
    return undefined
  }

  /** The row with the id of a new instance in place of the recorded one. */
  async #withInstance(row: GuardRow, id: string): Promise<GuardRow> {
    const { fetch } = this.#omen.as('root', { account })
    const body = 'Action=RunInstances&Version=2016-11-15&MinCount=1&MaxCount=1&ImageId=ami-12345678'
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await (await fetch('/', { method: 'POST', service: 'ec2', headers, body })).text()
    const [, made] = /<instanceId>([^<]*)/.exec(answer) ?? []
    if (made === undefined) throw new Error(answer)
    return JSON.parse(JSON.stringify(row).replaceAll(id, made)) as GuardRow
  }

  #admin(of: string): IAM {
    const known = this.#iam.get(of)
    if (known !== undefined) return known
    const { options } = this.#omen.as('root', { account: of })
    const iam = new IAM({ ...options, maxAttempts: 1 })
    this.#iam.set(of, iam)
    return iam
  }

  /** Makes a function anew with its tags and its policy. */
  async #function({ name, tags, permissions = [], kept }: NonNullable<GuardRow['function']>): Promise<void> {
    const path = `/2015-03-31/functions/${name}`
    const { fetch } = this.#omen.as('root', { account })
    const ask = async (method: string, at: string, body?: object) => {
      const sent = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
      const answer = await fetch(at, { method, service: 'lambda', ...sent })
      if (!answer.ok && method === 'POST') throw new Error(`${at}: ${await answer.text()}`)
    }
    if (kept === true && this.#policies.has(`function ${name}`)) return
    this.#policies.set(`function ${name}`, '')
    const trust = {
      Effect: 'Allow',
      Principal: { Service: 'lambda.amazonaws.com' },
      Action: 'sts:AssumeRole',
    }
    await this.#role('of-functions', { trust: { Version: '2012-10-17', Statement: [trust] } })
    await ask('DELETE', path)
    const zip = zipOf({ 'index.js': '' })
    const made = { FunctionName: name, Runtime: 'nodejs24.x', Handler: 'index.handler', Tags: tags }
    const Role = `arn:aws:iam::${account}:role/of-functions`
    await ask('POST', '/2015-03-31/functions', {
      ...made,
      Role,
      Code: { ZipFile: Buffer.from(zip).toString('base64') },
    })
    for (const permission of permissions) await ask('POST', `${path}/policy`, permission)
  }

  /** Makes a role, or replaces what differs. */
  async #role(name: string, { trust, policy, account: of, path = '/', profile }: RowRole): Promise<void> {
    const id = of === 'member' ? member : account
    const iam = this.#admin(id)
    const everyone = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }
    const document = JSON.stringify(trust ?? { Version: '2012-10-17', Statement: [everyone] })
    const known = this.#policies.get(`${id} ${name}`)
    if (known === undefined)
      await iam.createRole({ RoleName: name, Path: path, AssumeRolePolicyDocument: document })
    else if (known !== document)
      await iam.updateAssumeRolePolicy({ RoleName: name, PolicyDocument: document })
    if (known === undefined && profile === true) {
      await iam.createInstanceProfile({ InstanceProfileName: name })
      await iam.addRoleToInstanceProfile({ InstanceProfileName: name, RoleName: name })
    }
    this.#policies.set(`${id} ${name}`, document)
    await this.#inline(`${id} role ${name}`, policy, {
      put: (PolicyDocument) => iam.putRolePolicy({ RoleName: name, PolicyName: 'own', PolicyDocument }),
      remove: () => iam.deleteRolePolicy({ RoleName: name, PolicyName: 'own' }),
    })
  }

  /** Puts a policy in place of the one before. */
  async #inline(
    of: string,
    policy: object | undefined,
    { put, remove }: { put(document: string): Promise<unknown>; remove(): Promise<unknown> },
  ): Promise<void> {
    const wanted = policy && JSON.stringify(policy)
    const known = this.#policies.get(of)
    if (known === wanted) return
    if (wanted === undefined) {
      await remove()
      this.#policies.delete(of)
      return
    }
    await put(wanted)
    this.#policies.set(of, wanted)
  }

  async #credentials(caller: RowCaller): Promise<ClientCredentials | undefined> {
    if (caller.anonymous === true) return undefined
    const { user, role, session = 'session', identity, policy, tags, sourceIdentity } = caller
    const of = caller.account === 'member' ? member : account
    const iam = this.#admin(of)
    if (user !== undefined) {
      if (!this.#policies.has(`${of} made ${user}`)) {
        await iam.createUser({ UserName: user })
        this.#policies.set(`${of} made ${user}`, '')
      }
      await this.#inline(`${of} user ${user}`, identity, {
        put: (PolicyDocument) => iam.putUserPolicy({ UserName: user, PolicyName: 'own', PolicyDocument }),
        remove: () => iam.deleteUserPolicy({ UserName: user, PolicyName: 'own' }),
      })
      const { credentials } = this.#omen.as(`user/${user}`, { account: of })
      return caller.federated === true ? this.#federated(session, policy, credentials) : credentials
    }
    await this.#role(role!, {
      ...(identity && { policy: identity }),
      ...(caller.account && { account: caller.account }),
      ...(caller.path && { path: caller.path }),
    })
    const boundary = caller.boundary && (await this.#managed(of, caller.boundary))
    await this.#inline(`${of} boundary ${role}`, boundary ? { boundary } : undefined, {
      put: () => iam.putRolePermissionsBoundary({ RoleName: role!, PermissionsBoundary: boundary! }),
      remove: () => iam.deleteRolePermissionsBoundary({ RoleName: role! }),
    })
    if (caller.instance !== undefined) return this.#ofInstance(role!, session, caller.instance)
    const policyArns = await Promise.all((caller.managed ?? []).map((one) => this.#managed(of, one)))
    return this.#omen.as(`role/${role}`, {
      account: of,
      sessionName: session,
      policyArns,
      ...(policy && { policy }),
      ...(tags && { tags }),
      ...(sourceIdentity && { sourceIdentity }),
    }).credentials
  }

  async #ofInstance(name: string, sessionName: string, serviceKeys: Readonly<Record<string, string>>) {
    const { deps } = this.#omen.omen
    const owner = (await deps.directory.find(parseAccountId(account)!))!
    const session = await deps.assumeForService({
      account: owner,
      role: owner.table(roles).findBy('name', name)!,
      service: 'ec2.amazonaws.com',
      sessionName,
      lifetimeSeconds: 3600,
      serviceKeys,
    })
    const { accessKeyId, secretAccessKey, sessionToken } = session!
    return { accessKeyId, secretAccessKey: String(secretAccessKey), sessionToken }
  }

  async #federated(name: string, policy: object | undefined, issuer: ClientCredentials) {
    const form = new URLSearchParams({ Action: 'GetFederationToken', Version: '2011-06-15', Name: name })
    if (policy !== undefined) form.set('Policy', JSON.stringify(policy))
    const answer = await this.#omen.as(issuer).fetch('/', {
      method: 'POST',
      service: 'sts',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form.toString(),
    })
    const text = await answer.text()
    const part = (named: string) => new RegExp(`<${named}>([^<]*)`).exec(text)?.[1] ?? ''
    if (!answer.ok) throw new Error(text)
    return {
      accessKeyId: part('AccessKeyId'),
      secretAccessKey: part('SecretAccessKey'),
      sessionToken: part('SessionToken'),
    }
  }

  async #managed(of: string, document: object): Promise<string> {
    const text = JSON.stringify(document)
    const name = `managed-${createHash('sha256').update(text).digest('hex').slice(0, 20)}`
    const arn = `arn:aws:iam::${parseAccountId(of)}:policy/${name}`
    if (!this.#policies.has(arn))
      await this.#admin(of).createPolicy({ PolicyName: name, PolicyDocument: text })
    this.#policies.set(arn, text)
    return arn
  }

  #send({ id, call }: GuardRow, as: ClientCredentials | undefined) {
    const { service, region, target, version, form, line, input, headers: own } = call
    const [method = 'POST', path = '/'] = line?.split(' ') ?? []
    const type =
      form !== undefined
        ? 'application/x-www-form-urlencoded'
        : target === undefined
          ? 'application/json'
          : `application/x-amz-json-${version}`
    const given = input === undefined ? '' : JSON.stringify(input)
    const body = form === undefined ? given : new URLSearchParams(form).toString()
    const headers = {
      [rowHeader]: id,
      ...own,
      ...(body !== '' && { 'content-type': type }),
      // clients of services that spoke the query protocol before ask for its codes
      ...(service === 'sqs' && { 'x-amzn-query-mode': 'true' }),
      ...(target && { 'x-amz-target': target }),
    }
    const { endpoint } = this.#omen
    const sent = { method, path, headers, service, region, body, ...(as && { as }) }
    const { hostname, port } = new URL(endpoint)
    return new Promise<{ status: number; body: string; type: unknown }>((resolve, reject) => {
      const request = httpRequest({
        hostname,
        port,
        method,
        path,
        headers: { ...headersOf(endpoint, sent), 'content-length': Buffer.byteLength(body) },
        agent: this.#agent,
      })
      request.on('error', reject)
      request.on('response', (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece: string) => {
          text += piece
        })
        response.on('end', () => {
          const type = response.headers['x-amzn-query-error'] ?? response.headers['x-amzn-errortype']
          resolve({ status: response.statusCode ?? 0, body: text, type })
        })
      })
      request.end(body)
    })
  }
}
