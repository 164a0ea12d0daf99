import type { AccessRequest, Call } from '../authorization/index.ts'
import { type AccountId, Fault, fault, iamArn, principalIn } from '../base/index.ts'
import { findRole } from '../directory/index.ts'
import { Adoption, type AdoptionParts, type NotAdopted } from './adoption.ts'
import {
  changeSetName,
  checkTaken,
  comingAndGoing,
  credentialRequests,
  filled,
  keep,
  missingCapability,
  placeOf,
  stackKey,
  stackNameIn,
  withoutRetained,
} from './changes.ts'
import { type Form, formIn, listIn, parametersIn } from './form.ts'
import { otherQuestions, passedRoles, UnknownRole } from './other-types.ts'
import type { StackPlace } from './place.ts'
import { type ObjectNames, templateOf, withTemplate } from './source-of.ts'
import { stepsBetween } from './steps.ts'
import { readTemplate, type StackTemplate, UnreadableTemplate } from './template.ts'
import { type AskUpstream, UpstreamStacks } from './upstream-stacks.ts'

/** The permissions of a CloudFormation call beside its own. */
export interface StackPlan {
  /** The caller by way of CloudFormation, or the stack's service role. */
  readonly call: Call
  readonly requests: readonly AccessRequest[]
  /** CloudFormation refuses the call, whatever the policies are. */
  readonly refused?: Fault
  /** The body to forward: with the template that was read. */
  readonly body?: Uint8Array
  /** Types for which only CloudFormation's own permission is checked. */
  readonly unasked: readonly string[]
  /** Before the call is forwarded: removes in the upstream what would prevent a deletion. */
  before?(): Promise<void>
  /** After a refusal by the upstream: its answer to a second try, if a second try may help and does. */
  again?(errorCode: string): Promise<string | undefined>
  /**
   * After the upstream's answer: if it succeeded, the template's IAM resources are created in Omen, in the same name.
   */
  after(succeeded: boolean): Promise<void>
}

/** The effect of a call is unknown. */
export interface UnknownPlan {
  readonly unknown: string
}

export interface StacksParts extends ObjectNames, AdoptionParts {
  readonly ask: AskUpstream
  /** The ARN of the role in an instance profile of the caller's account. */
  readonly roleInProfile: (name: string, call: Call) => string | undefined
  readonly complain: (error: unknown) => void
  /** Removes policies from roles in the upstream, so that a stack can delete them; the result restores them. */
  readonly strip: (account: AccountId, roles: readonly string[]) => Promise<() => void>
}

interface Pending {
  readonly stack: string
  readonly place: StackPlace
  readonly adopt: () => Promise<void>
  tries: number
}

interface ChangeSet {
  readonly text: string
  readonly parameters: ReadonlyMap<string, string | undefined>
  readonly roleArn: string | undefined
}

const limits = {
  changeSets: 1_000,
  notAdoptedMost: 50,
  stacks: 10_000,
  /** Milliseconds between checks of a stack that the upstream is still changing, and the number of checks. */
  pause: 500,
  looks: 3_600,
} as const

const cloudformation = 'cloudformation.amazonaws.com'

/** Stacks of the upstream's CloudFormation, as far as they make identities (behaviours GRD-124 to GRD-127). */
export class Stacks {
  readonly #parts: StacksParts
  readonly #upstream: UpstreamStacks
  readonly #changeSets = new Map<string, ChangeSet>()
  /** Service roles of stacks that the upstream does not report. */
  readonly #roles = new Map<string, string>()
  readonly #adoption: Adoption
  /** The pending work of stacks that the upstream is still changing, by stack. */
  readonly #pending = new Map<string, Pending>()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: StacksParts) {
    this.#parts = parts
    this.#upstream = new UpstreamStacks(parts.ask)
    this.#adoption = new Adoption(parts, this.#upstream)
  }

  /** The parts of stacks that could not be taken over, the latest last. */
  get notAdopted(): readonly NotAdopted[] {
    return this.#adoption.notAdopted
  }

  /** Takes over the stacks that the upstream has finished. Unfinished ones are checked again. */
  async settle(): Promise<void> {
    for (const [key, pending] of [...this.#pending]) {
      const { stack, place, adopt } = pending
      const status = (await this.#upstream.find(stack, place))?.status ?? 'DELETE_COMPLETE'
      if (/IN_PROGRESS$/.test(status) && ++pending.tries < limits.looks) continue
      if (!this.#pending.delete(key)) continue
      if (/^(?:CREATE|UPDATE|IMPORT|DELETE)_COMPLETE$/.test(status)) await adopt()
      else this.#adoption.note({ stack, what: 'stack', because: `the upstream ended it as ${status}` })
    }
    if (this.#pending.size === 0 || this.#timer !== undefined) return
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.settle().catch(this.#parts.complain)
    }, limits.pause)
    this.#timer.unref()
  }

  /** The upstream was emptied: everything that its stacks created here is removed. */
  async emptied(): Promise<void> {
    await this.#adoption.removeAll()
    this.forget()
  }

  /** Forgets stacks: the server's whole state was replaced. */
  forget(): void {
    this.#changeSets.clear()
    this.#pending.clear()
    this.#roles.clear()
    this.#adoption.forget()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#pending.clear()
  }

  /** The permissions of a call; undefined for calls that change no stack in a known way. */
  async plan(call: Call, body: Uint8Array): Promise<StackPlan | UnknownPlan | undefined> {
    try {
      switch (call.operation.name) {
        case 'CreateStack':
        case 'UpdateStack':
          return await this.#change(call, formIn(body))
        case 'DeleteStack':
          return await this.#remove(call, formIn(body))
        case 'CreateChangeSet':
          return await this.#propose(call, formIn(body))
        case 'ExecuteChangeSet':
          return await this.#execute(call, formIn(body))
        default:
          return undefined
      }
    } catch (error) {
      if (error instanceof UnreadableTemplate || error instanceof UnknownRole)
        return { unknown: error.message }
      throw error
    }
  }

  async #change(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const stack = stackNameIn(form.get('StackName') ?? '')
    const text = await templateOf(form, stack, this.#source(call))
    if (text === undefined) return { unknown: 'The template of the call cannot be read' }
    const roleArn = form.get('RoleARN')
    const plan = await this.#planned(call, { stack, text, parameters: parametersIn(form), roleArn })
    if ('unknown' in plan) return plan
    const refused = missingCapability(plan.template, form, true)
    return { ...plan, ...(refused === undefined ? {} : { refused }), ...bodyWith(form, text, this.#parts) }
  }

  async #propose(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const stack = stackNameIn(form.get('StackName') ?? '')
    const text = await templateOf(form, stack, this.#source(call))
    if (text === undefined) return { unknown: 'The template of the call cannot be read' }
    const parameters = parametersIn(form)
    const roleArn = form.get('RoleARN')
    const place = placeOf(call)
    const known = await this.#upstream.find(stack, place)
    const facts = { stack, parameters: filled(parameters, known?.parameters), physicalIds: new Map() }
    const refused = missingCapability(readTemplate(text, facts, place), form, false)
    const key = this.#changeSetKey(call, stack, form.get('ChangeSetName') ?? '')
    return {
      call,
      requests: [],
      unasked: [],
      ...(refused === undefined ? {} : { refused }),
      ...bodyWith(form, text, this.#parts),
      after: async (succeeded) => {
        if (!succeeded) return
        if (this.#changeSets.size >= limits.changeSets) this.#changeSets.clear()
        this.#changeSets.set(key, { text, parameters, roleArn })
      },
    }
  }

  async #execute(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const named = form.get('ChangeSetName') ?? ''
    // arn:aws:cloudformation:REGION:ACCOUNT:changeSet/NAME/ID does not contain the stack
    const stack = stackNameIn(form.get('StackName') ?? '')
    const key = this.#changeSetKey(call, stack, named)
    const proposed = this.#changeSets.get(key)
    const found = proposed === undefined ? this.#onlyNamed(call, named) : { ...proposed, stack }
    if (found === undefined)
      return { unknown: 'The change set was not made through this guard: what it does is not known' }
    const plan = await this.#planned(call, found)
    if ('unknown' in plan) return plan
    return {
      ...plan,
      after: async (succeeded) => {
        if (succeeded) this.#changeSets.delete(key)
        await plan.after(succeeded)
      },
    }
  }

  async #remove(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const stack = stackNameIn(form.get('StackName') ?? '')
    const retained = new Set(listIn(form, 'RetainResources'))
    const given = { stack, text: undefined, parameters: new Map(), roleArn: form.get('RoleARN') }
    const plan = await this.#planned(call, given, retained)
    if ('unknown' in plan) return plan
    // moto fails on a resource that it has just deleted itself; the second time it does not
    const again = async (code: string) =>
      code.startsWith('NoSuchEntity') ? this.#upstream.repeat(form, placeOf(call)) : undefined
    return { ...plan, again }
  }

  /** The steps from the stack's present state to the template; without a template, to nothing. */
  async #planned(
    call: Call,
    given: {
      readonly stack: string
      readonly text: string | undefined
      readonly parameters: ReadonlyMap<string, string | undefined>
      readonly roleArn: string | undefined
    },
    retained: ReadonlySet<string> = new Set(),
  ): Promise<(StackPlan & { readonly template: StackTemplate | undefined }) | UnknownPlan> {
    const place = placeOf(call)
    const { stack, text } = given
    const owner = { id: place.account, partition: place.partition }
    const known = await this.#upstream.find(stack, place)
    const exists = known !== undefined && !/^(?:REVIEW_IN_PROGRESS|DELETE_COMPLETE)$/.test(known.status)
    const oldText = exists ? await this.#upstream.template(stack, place) : undefined
    const physicalIds = exists ? await this.#upstream.physicalIds(stack, place) : new Map<string, string>()
    const have =
      known === undefined || oldText === undefined
        ? undefined
        : readTemplate(oldText, { stack, parameters: known.parameters, physicalIds }, place)
    const parameters = filled(given.parameters, known?.parameters)
    const want =
      text === undefined ? undefined : readTemplate(text, { stack, parameters, physicalIds }, place)
    checkTaken(want)
    const key = stackKey(call, stack)
    const roleArn = given.roleArn ?? known?.roleArn ?? this.#roles.get(key)
    const via = await this.#asking(call, roleArn)
    if (via instanceof Fault)
      return { call, requests: [], unasked: [], refused: via, after: async () => {}, template: want }
    const kept = have === undefined ? undefined : withoutRetained(have, retained)
    const steps = stepsBetween(kept?.image, want?.image, owner)
    const others = comingAndGoing(kept, want)
    const created = otherQuestions(others.created, 'create')
    const deleted = otherQuestions(others.deleted, 'delete')
    const passed = want === undefined ? [] : this.#passes(want, call, owner)
    const own = this.#adoption.ownedBy(key)
    let restore: (() => void) | undefined
    const asked = steps.filter((step) => !step.ifExisted || own.has(step.thing))
    return {
      call: via,
      template: want,
      requests: [
        ...asked.flatMap((step) => step.requests),
        ...credentialRequests(want, have, owner),
        ...created.requests,
        ...deleted.requests,
        ...passed,
      ],
      unasked: [...new Set([...created.unasked, ...deleted.unasked])],
      before: async () => {
        const roles = steps.flatMap(({ operation, input }) =>
          operation === 'DeleteRole' ? [String(input.RoleName)] : [],
        )
        if (roles.length > 0) restore = await this.#parts.strip(place.account, roles)
      },
      after: async (succeeded) => {
        restore?.()
        if (!succeeded) return
        if (roleArn !== undefined) keep(this.#roles, key, roleArn, limits.stacks)
        if (want === undefined) this.#roles.delete(key)
        const facts = { stack, parameters }
        const adopt = () => this.#adoption.adopt({ via, stack, key, facts, kept, text })
        this.#pending.set(key, { stack, place, adopt, tries: 0 })
        await this.settle()
      },
    }
  }

  /** The call as CloudFormation makes it further: in the caller's name, or in that of the role that was passed. */
  async #asking(call: Call, roleArn: string | undefined): Promise<Call | Fault> {
    const { house } = this.#parts
    const service = principalIn(call.account.partition, cloudformation)
    const origin = {
      ...call.origin,
      sourceIp: service,
      userAgent: service,
      invokedBy: service,
    }
    if (roleArn === undefined) return { ...call, origin }
    const role = findRole(call.account, roleArn)
    const worn =
      role &&
      (await house.wear({
        account: call.account,
        role,
        service,
        sessionName: 'AWSCloudFormation',
        lifetimeSeconds: 3_600,
      }))
    const credential =
      worn && house.credentials.find(call.account, worn.accessKeyId, worn.sessionToken, house.clock.now())
    if (credential === undefined || typeof credential === 'string')
      return fault('ValidationError', `Role ${roleArn} is invalid or cannot be assumed`, 400)
    return { ...call, caller: credential.caller, origin }
  }

  #passes(
    want: StackTemplate,
    call: Call,
    owner: { readonly id: string; readonly partition: StackPlace['partition'] },
  ) {
    const profiles = want.image.accounts.flatMap(({ instanceProfiles }) => instanceProfiles)
    const roleInProfile = (name: string) => {
      const role = profiles.find((profile) => profile.name === name)?.role
      return role == null ? this.#parts.roleInProfile(name, call) : iamArn(owner, 'role', '/', role)
    }
    return passedRoles(want.resources, want.resolved, owner, roleInProfile)
  }

  #source(call: Call) {
    return { place: placeOf(call), upstream: this.#upstream, names: this.#parts }
  }

  #changeSetKey(call: Call, stack: string, name: string): string {
    return `${stackKey(call, stack)}\n${changeSetName(name)}`
  }

  /** A change set that is named by its ARN alone. */
  #onlyNamed(call: Call, named: string): (ChangeSet & { readonly stack: string }) | undefined {
    const prefix = stackKey(call, '')
    const end = `\n${changeSetName(named)}`
    const keys = [...this.#changeSets.keys()].filter((key) => key.startsWith(prefix) && key.endsWith(end))
    const [key] = keys
    if (key === undefined || keys.length > 1) return undefined
    return { ...this.#changeSets.get(key)!, stack: key.slice(prefix.length, -end.length) }
  }
}

/** The body to forward in its place, if there is one. */
function bodyWith(form: Form, text: string, names: ObjectNames): Pick<StackPlan, 'body'> {
  const body = withTemplate(form, text, names)
  return body === undefined ? {} : { body }
}
