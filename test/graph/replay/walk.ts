import assert from 'node:assert/strict'
import type { Request } from '@omen-iam/policy'
import { totpCode, totpStep } from '../../../packages/server/src/directory/index.ts'
import { carriedName, type Path, type Step } from '../../../packages/server/src/graph/index.ts'
import { askAction, type ClientCredentials } from '../../../packages/server/src/testing/index.ts'
import { base32Bytes, keyIn, password, sessionIn, trustFor } from './loot.ts'
import { newInput, plainInput, plainResult, textAt } from './plain-call.ts'
import { account, externalId, network } from './random-account.ts'
import { type Answered, type ReplayServer, textIn } from './replay-house.ts'
import { matching, nameOf, requestsOf, sessionOf, tagInput, tagsIn } from './request-parts.ts'

/** The kinds of condition that a walk meets or does not meet. */
export type Surrounding = 'mfa' | 'network' | 'externalId' | 'time' | 'sourceIdentity'

/** The kind of a condition that is left. @throws Unwalkable if a walk cannot meet it */
export function surroundingOf(key: string): Surrounding {
  switch (key.toLowerCase()) {
    case 'aws:multifactorauthpresent':
    case 'aws:multifactorauthage':
      return 'mfa'
    case 'aws:sourceip':
      return 'network'
    case 'sts:externalid':
      return 'externalId'
    case 'aws:currenttime':
      return 'time'
    case 'aws:sourceidentity':
    case 'sts:sourceidentity':
      return 'sourceIdentity'
    default:
      throw new Unwalkable(`a condition on ${key}`)
  }
}

/** A call of the walk was refused. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly answered: Answered

  constructor(answered: Answered, operation: string) {
    super(`${operation}: ${answered.body}`)
    this.answered = answered
  }
}

/** A call that this test does not make: of a service, or of a kind that needs a token of others. */
export class Unwalkable extends Error {
  override readonly name = 'Unwalkable'
}

type Holding = (session: string) => Promise<ClientCredentials>

/** Walks one path by signed calls, from the beginning of the server. */
export class Walk {
  readonly #server: ReplayServer
  readonly #met: Set<Surrounding>
  readonly #holdings = new Map<string, Holding>()
  /** ARNs of new principals, by those that the graph has for them. */
  readonly #names = new Map<string, string>()
  /** ARNs of what is made on the walk. */
  readonly #made = new Set<string>()
  /** Other names, in one step, of what has the name of something that an earlier step has made. */
  readonly #renamed = new Map<string, string>()
  /** What the sessions of the first principal carry, in steps that ask for it. */
  #sourceIdentity: string | undefined
  /** Whether the step that is walked asks for it. */
  #asksIdentity = false
  /** The steps after the one that is walked. */
  #later: readonly Step[] = []
  /** Whether every call is made with MFA. */
  #hasDevice = false
  /** Calls that were made. */
  calls = 0

  /** @param met the kinds of condition that are met where a condition is left */
  constructor(server: ReplayServer, from: string, met: Iterable<Surrounding>) {
    this.#server = server
    this.#met = new Set(met)
    const isUser = from.includes(':user/')
    const who = `${isUser ? 'user' : 'role'}/${nameOf(from)}`
    this.#holdings.set(`holds ${from} ${isUser ? 'key' : 'assumed'}`, async (sessionName) =>
      server.as(who, isUser ? {} : { sessionName, ...this.#identity() }),
    )
  }

  /** Walks every step of a path to its goal. @throws Refused if a call is refused */
  async path({ steps }: Path, to: string): Promise<void> {
    const residual = steps.flatMap((step) => step.residual)
    const identity = residual.find(({ key }) => surroundingOf(key) === 'sourceIdentity')
    if (identity?.mustHold === this.#met.has('sourceIdentity')) this.#sourceIdentity = matching(identity)
    for (const { key, operator, mustHold } of residual) {
      const kind = surroundingOf(key)
      if (kind === 'time' && mustHold === this.#met.has('time'))
        this.#server.omen.clock.set(Date.parse('2031-06-01T00:00:00Z'))
      if (kind === 'network') {
        const isMetInside = operator.startsWith('IpAddress') === mustHold
        this.#server.address = isMetInside === this.#met.has('network') ? network.inside : network.outside
      }
    }
    for (const [place, step] of steps.entries()) await this.step(step, steps.slice(place + 1))
    const last = steps.at(-1)
    if (to === 'administrator' && last !== undefined) await this.#checkAdministrator(last)
    else await this.#checkHeld(to)
  }

  #identity(): { readonly sourceIdentity?: string } {
    if (this.#sourceIdentity === undefined || !this.#asksIdentity) return {}
    return { sourceIdentity: this.#sourceIdentity }
  }

  /** Makes the calls of one step. @param later the steps that come after it */
  async step(step: Step, later: readonly Step[]): Promise<void> {
    if (step.technique === 'administrator') return
    this.#later = later
    this.#renamed.clear()
    const { proof } = step
    assert.ok(proof !== undefined && 'witness' in proof, `${step.technique} has no witness`)
    let given: Holding | undefined
    for (const request of requestsOf(step)) given = (await this.#request(step, request)) ?? given
    const result = plainResult(step)
    if (result.startsWith('holds ')) {
      assert.ok(given, `${step.technique} gives no credentials`)
      this.#holdings.set(result, given)
    }
    // What comes after is done in the session that has the tags.
    if (step.technique === 'lift.session-tags' && given !== undefined)
      this.#holdings.set(`holds ${step.to} assumed`, given)
  }

  /** Makes the call of a request by itself, in the surroundings that the request has. */
  async only(step: Step, request: Request): Promise<void> {
    const at = (key: string): string | undefined => {
      const value = request.context.get(key)
      return value === undefined ? undefined : String(value)
    }
    this.#server.address = at('aws:sourceip') ?? network.outside
    const time = Date.parse(at('aws:currenttime') ?? '')
    if (time > this.#server.omen.clock.now()) this.#server.omen.clock.set(time)
    if (at('sts:externalid') === externalId) this.#met.add('externalId')
    this.#hasDevice = at('aws:multifactorauthpresent') === 'true'
    await this.#request(step, request)
  }

  async #request(step: Step, request: Request): Promise<Holding | undefined> {
    const { action, resource, context } = request
    const operation = action.slice(action.indexOf(':') + 1)
    const session = sessionOf(request)
    const helper = step.helpers?.find(({ actions }) => actions.includes(action.toLowerCase()))
    const credentials = await this.#credentials({ ...step, ...helper }, session)
    if (action === 'iam:CreatePolicy' && this.#made.has(resource)) return undefined
    if (/^iam:Create(?:User|Role|Group|Policy)$/.test(action)) this.#make(resource)
    const arn = this.#renamed.get(resource) ?? this.#arnOf(resource)
    const name = nameOf(arn)
    const caller = this.#callerOf(step, request)
    const call = (input: Readonly<Record<string, string>>) => this.#call(credentials, operation, input)
    if (isPartOfMaking(step, request)) return undefined
    if (action === 'iam:CreateUser') this.#names.set(step.to, arn)
    const plain = plainInput({ step, request, name, arnOf: (each) => this.#arnOf(each) })
    if (plain !== undefined) {
      await call(plain)
      return undefined
    }
    switch (action) {
      case 'iam:CreateRole':
        this.#names.set(step.to, arn)
        await call({
          RoleName: name,
          ...newInput(request),
          AssumeRolePolicyDocument: trustFor(caller, ...this.#assumersIn(step)),
        })
        return undefined
      case 'iam:DeleteAccessKey':
        await call({ UserName: name, AccessKeyId: await this.#server.oldKey(name) })
        return undefined
      case 'iam:UpdateAssumeRolePolicy':
        await call({ RoleName: name, PolicyDocument: trustFor(...this.#letIn(step, caller)) })
        return undefined
      case 'iam:CreateAccessKey': {
        const made = keyIn(await call({ UserName: name }))
        return async () => made
      }
      case 'iam:CreateLoginProfile':
      case 'iam:UpdateLoginProfile': {
        await call({ UserName: name, Password: password })
        const signedIn = await this.#server.signIn(name, password)
        assert.ok(signedIn, `${name} cannot sign in`)
        return async () => signedIn
      }
      case 'iam:CreateVirtualMFADevice':
        return undefined
      case 'iam:EnableMFADevice':
        return this.#enrol(step, credentials, name)
      case 'sts:SetSourceIdentity':
      case 'sts:TagSession':
        return undefined
      case 'sts:AssumeRole': {
        // one that the session has already goes on by itself
        const isCarried = step.residual.some(({ key }) => surroundingOf(key) === 'sourceIdentity')
        const identity = isCarried ? undefined : textAt(request, 'sts:SourceIdentity')
        const transitive = context.get('sts:transitivetagkeys')
        const passedOn = Object.fromEntries(
          (Array.isArray(transitive) ? transitive : [transitive]).flatMap((key, index) =>
            typeof key === 'string' ? [[`TransitiveTagKeys.member.${index + 1}`, key] as const] : [],
          ),
        )
        const assume = async (RoleSessionName: string): Promise<ClientCredentials> =>
          sessionIn(
            await call({
              RoleArn: this.#arnOf(step.to),
              RoleSessionName,
              ...(identity === undefined ? {} : { SourceIdentity: identity }),
              ...tagInput(tagsIn(request)),
              ...passedOn,
              ...this.#externalId(step, request),
            }),
          )
        const first = textAt(request, 'sts:RoleSessionName') ?? 'omen'
        const made = await assume(first)
        return async (asked) => (asked === 'omen' || asked === first ? made : assume(asked))
      }
      default:
        throw new Unwalkable(action)
    }
  }

  /** The external id of a call: the secret one if it is a condition, otherwise one that the attacker chooses. */
  #externalId({ residual }: Step, request: Request): { readonly ExternalId?: string } {
    const isSecret = residual.some(({ key }) => surroundingOf(key) === 'externalId')
    const chosen = isSecret ? undefined : textAt(request, 'sts:ExternalId')
    const ExternalId = this.#met.has('externalId') ? externalId : chosen
    return ExternalId === undefined ? {} : { ExternalId }
  }

  /** The ARN of the principal that makes a call of a step. */
  #callerOf({ from, helpers }: Step, { principal, action }: Request): string {
    const helper = helpers?.find(({ actions }) => actions.includes(action.toLowerCase()))
    return principal.type === 'roleSession' ? principal.sessionArn : this.#arnOf(helper?.from ?? from)
  }

  /** The ARNs of those that assume a role in the step that makes it: another principal may help. */
  #assumersIn(step: Step): readonly string[] {
    const assuming = requestsOf(step).filter(({ action }) => action === 'sts:AssumeRole')
    return assuming.map((request) => this.#callerOf(step, request))
  }

  /** Whom a trust policy lets in that a step writes: the caller, or those that assume the role later. */
  #letIn({ result, to }: Step, caller: string): readonly string[] {
    if (!/ lets in whom the attacker chooses/.test(result)) return [caller]
    // A step that is stopped has no requests that are allowed.
    const assuming = this.#later.filter(
      (step) =>
        step.to === to &&
        (step.verdict === 'blocked' || requestsOf(step).some(({ action }) => action === 'sts:AssumeRole')),
    )
    return assuming.map(({ from }) => this.#arnOf(from))
  }

  /** A virtual MFA device for a user, and a session of the user with it. */
  async #enrol(step: Step, credentials: ClientCredentials, UserName: string): Promise<Holding> {
    const device = await this.#call(credentials, 'CreateVirtualMFADevice', { VirtualMFADeviceName: UserName })
    const SerialNumber = textIn(device.body, 'SerialNumber') ?? ''
    const text = Buffer.from(textIn(device.body, 'Base32StringSeed') ?? '', 'base64').toString('utf8')
    const seed = base32Bytes(text)
    const { clock } = this.#server.omen
    const code = (after: number): string => totpCode(seed, totpStep(clock.now()) + after)
    await this.#call(credentials, 'EnableMFADevice', {
      UserName,
      SerialNumber,
      AuthenticationCode1: code(-1),
      AuthenticationCode2: code(0),
    })
    clock.set(clock.now() + 60_000)
    const own = await this.#ofUser(step, credentials)
    if (own.sessionToken !== undefined) {
      // a session of the console: its password is the attacker's
      const signedIn = await this.#server.signIn(UserName, password, code(0))
      assert.ok(signedIn, `${UserName} cannot sign in with MFA`)
      return async () => signedIn
    }
    const session = sessionIn(await this.#call(own, 'GetSessionToken', { SerialNumber, TokenCode: code(0) }))
    return async () => session
  }

  /** What the attacker has of the user that a step is about: its own credentials, a key, or a session of the console. */
  async #ofUser({ from, to }: Step, credentials: ClientCredentials): Promise<ClientCredentials> {
    if (from === to) return credentials
    const holding = this.#holdings.get(`holds ${to} key`) ?? this.#holdings.get(`holds ${to} console`)
    assert.ok(holding, `${to} is not held`)
    return holding('omen')
  }

  /** Notes what is made, under another name if there is one of its name. */
  #make(arn: string): void {
    if (this.#made.has(arn)) this.#renamed.set(arn, `${arn}-${this.#made.size}`)
    this.#made.add(this.#renamed.get(arn) ?? arn)
  }

  #arnOf(arn: string): string {
    return this.#names.get(arn) ?? arn
  }

  async #credentials(step: Step, session: string): Promise<ClientCredentials> {
    const { from, form, residual, carried = {} } = step
    const fact = `holds ${from} ${form}${carriedName(carried)}`
    // a new principal of a wanted name has what it is made of behind its name: the newest one of that name exists
    const made = [...this.#holdings.keys()].findLast((each) => each.startsWith(`${fact} as `))
    const holding = this.#holdings.get(fact) ?? this.#holdings.get(made ?? '')
    assert.ok(holding, `${step.technique}: ${from} is not held as ${form}`)
    this.#asksIdentity = residual.some(({ key }) => surroundingOf(key) === 'sourceIdentity')
    const needsMfa = residual.some(({ key }) => surroundingOf(key) === 'mfa')
    // who has the device of the principal: nobody can walk that, so the session is made
    if (this.#hasDevice || (needsMfa && this.#met.has('mfa')))
      return this.#server.as(`${from.includes(':role/') ? 'role' : 'user'}/${nameOf(this.#arnOf(from))}`, {
        mfa: true,
        ...(from.includes(':role/') ? { sessionName: session, ...this.#identity() } : {}),
      })
    return holding(session)
  }

  async #call(
    credentials: ClientCredentials,
    operation: string,
    input: Readonly<Record<string, string>>,
  ): Promise<Answered> {
    this.calls++
    const answered = await this.#server.call(credentials, operation, input)
    if (!answered.ok) throw new Refused(answered, operation)
    return answered
  }

  async #checkHeld(to: string): Promise<void> {
    const found = [...this.#holdings].find(([fact]) => fact.startsWith(`holds ${to} `))
    assert.ok(found, `${to} is not held`)
    const { body } = await this.#server.mustCall(await found[1]('omen'), 'GetCallerIdentity', {})
    const arn = textIn(body, 'Arn') ?? ''
    const name = nameOf(this.#arnOf(to))
    assert.ok(arn.split('/').includes(name), `${arn} is not ${to}`)
  }

  /** The principal that is held last may do what no policy names. */
  async #checkAdministrator(last: Step): Promise<void> {
    const credentials = await this.#credentials(last, 'omen')
    const identity = this.#server.omen.as(credentials)
    for (const [action, resource] of probes) {
      const { judged } = await askAction(identity, action, resource, { 'aws:SourceIp': this.#server.address })
      const { decision } = judged
      if (decision.outcome === 'allowed' || decision.layer === 'scp') continue
      assert.fail(`${last.from} may not ${action} (${decision.layer})`)
    }
  }
}

/** Whether a request is asked for by the call of another one: tags that come with a new user or role. */
function isPartOfMaking(step: Step, { action }: Request): boolean {
  const making = action.replace('iam:Tag', 'iam:Create')
  if (making === action) return false
  return requestsOf(step).some((each) => each.action === making && tagsIn(each).length > 0)
}

const probes = [
  ['sqs:CreateQueue', `arn:aws:sqs:us-east-1:${account}:probe`],
  ['iam:PutRolePolicy', `arn:aws:iam::${account}:role/probe`],
  ['iam:CreateAccessKey', `arn:aws:iam::${account}:user/probe`],
  ['s3:GetObject', 'arn:aws:s3:::probe/x'],
] as const
