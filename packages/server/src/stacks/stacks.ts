import type { Call } from '../authorization/index.ts'
import { type AccountId, Fault, iamArn } from '../base/index.ts'
import type { Given } from '../sources/index.ts'
import { Adoption, type AdoptionParts, type NotAdopted } from './adoption.ts'
import { callOfStack } from './call-of-stack.ts'
import { ChangeSetTurns, type Turn } from './change-set-turns.ts'
import {
  changeSetName,
  checkTaken,
  comingAndGoing,
  credentialRequests,
  filled,
  missedText,
  missingCapability,
  placeOf,
  referenceIn,
  stackNameIn,
  withNamePatterns,
  withoutRetained,
} from './changes.ts'
import { bodyOf, type Form, formIn, listIn, parametersIn, withEvaluated } from './form.ts'
import { KeptStacks } from './kept.ts'
import { readWithNested } from './nested.ts'
import { withOriginalShown } from './original.ts'
import { otherQuestions, passedRoles, UnknownRole } from './other-types.ts'
import { isOwnBucket, putTemplates, type SentTemplates, sentTemplates } from './own-templates.ts'
import type { StackPlace } from './place.ts'
import { endingOnce, type StackPlan, type UnknownPlan } from './plan.ts'
import { readWanted } from './replaced.ts'
import { templateOf } from './source-of.ts'
import { stepsBetween } from './steps.ts'
import { Synchronization, type SyncParts } from './sync.ts'
import { type StackTemplate, UnreadableTemplate, writtenAnew } from './template.ts'
import { type AskUpstream, UpstreamStacks } from './upstream-stacks.ts'

export interface StacksParts extends AdoptionParts {
  readonly ask: AskUpstream
  /** How the upstream's IAM is asked. */
  readonly iam: Omit<SyncParts, 'house' | 'perform'>
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

const limits = {
  /** Milliseconds between checks of a stack that the upstream is still changing, and the number of checks. */
  pause: 500,
  looks: 3_600,
} as const

/** Stacks of the upstream's CloudFormation, as far as they make identities (behaviours GRD-124 to GRD-127). */
export class Stacks {
  readonly #parts: StacksParts
  readonly #upstream: UpstreamStacks
  readonly #kept: KeptStacks
  readonly #adoption: Adoption
  readonly #changeSets: ChangeSetTurns
  /** Takes over what only the upstream has. */
  readonly synchronization: Synchronization
  /** What waits for the upstream to be ready with a stack, by stack. */
  readonly #pending = new Map<string, Pending>()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: StacksParts) {
    this.#parts = parts
    this.#upstream = new UpstreamStacks(parts.ask)
    this.#kept = new KeptStacks(parts.house)
    this.#changeSets = new ChangeSetTurns(this.#kept)
    this.#adoption = new Adoption(parts, this.#upstream, this.#kept)
    this.synchronization = new Synchronization({ ...parts, ...parts.iam }, this.#kept)
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
    this.#pending.clear()
    this.#adoption.forget()
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#pending.clear()
  }

  /** Returns whether a bucket holds templates that the guard forwards: no caller may use it. */
  keepsBucket(bucket: string): boolean {
    return isOwnBucket(bucket)
  }

  /** The answer of GetTemplate with the template as its caller wrote it; undefined if it is that already. */
  shown(answer: string): string | undefined {
    return withOriginalShown(answer)
  }

  /** The permissions of a call; undefined for calls that change no stack in a known way. */
  async plan(call: Call, body: Uint8Array): Promise<StackPlan | UnknownPlan | undefined> {
    return endingOnce(await this.#planOf(call, body))
  }

  async #planOf(call: Call, body: Uint8Array): Promise<StackPlan | UnknownPlan | undefined> {
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
    const reference = referenceIn(form, call)
    const read = await templateOf(form, reference, this.#source(call))
    if (read === undefined) return { unknown: 'The template of the call cannot be read' }
    const roleArn = form.get('RoleARN')
    const given = parametersIn(form)
    const plan = await this.#planned(call, { reference, ...read, parameters: given, roleArn })
    if ('unknown' in plan) return plan
    const refused = missingCapability(plan.template, form, true) ?? plan.refused
    const sent = withEvaluated(form, plan.sent?.text ?? read.text, given.keys(), plan.parameters)
    return { ...plan, ...(refused === undefined ? {} : { refused }), body: bodyOf(sent) }
  }

  async #propose(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const reference = referenceIn(form, call)
    const stack = stackNameIn(reference)
    const read = await templateOf(form, reference, this.#source(call))
    if (read === undefined) return { unknown: 'The template of the call cannot be read' }
    const given = parametersIn(form)
    const roleArn = form.get('RoleARN')
    const place = placeOf(call)
    const known = await this.#upstream.find(reference, place)
    if (known !== undefined && known.name !== stack)
      return { unknown: `${reference} is not the stack ${stack}` }
    const parameters = filled(given, known?.parameters)
    const facts = { stack, parameters, physicalIds: new Map() }
    const template = await readWithNested(read.text, facts, this.#source(call), false)
    const sent = sentTemplates(template, read.original, place, this.#parts)
    const refused = missingCapability(template, form, false)
    const name = changeSetName(form.get('ChangeSetName') ?? '')
    const kept = [...given.keys()].map((key) => {
      const value = parameters.get(key)
      return [key, typeof value === 'string' ? value : null] as const
    })
    const role = roleArn === undefined ? {} : { roleArn }
    const set = { place, stack, name }
    let turn: Turn | undefined
    return {
      call,
      requests: [],
      unasked: [],
      ...(refused === undefined ? {} : { refused }),
      body: bodyOf(withEvaluated(form, sent.text, given.keys(), parameters)),
      before: async () => {
        turn = await this.#changeSets.replace(set)
        await putTemplates(sent, place, this.#upstream)
      },
      after: async (succeeded) => {
        const made = { parameters: kept, ...role }
        await turn?.ended(succeeded, succeeded === true ? { made, text: sent.text } : undefined)
        return undefined
      },
    }
  }

  async #execute(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const name = changeSetName(form.get('ChangeSetName') ?? '')
    // arn:aws:cloudformation:REGION:ACCOUNT:changeSet/NAME/ID does not contain the stack
    const given = form.has('StackName') ? referenceIn(form, call) : ''
    const found = this.#kept.findChangeSet(call.account, call.region, stackNameIn(given), name)
    const text = found && (await this.#kept.templateOf(found))
    if (found === undefined || text === undefined)
      return { unknown: 'The change set was not created through this guard, and what it does is not known' }
    const { stack, roleArn } = found
    const parameters = new Map(found.parameters.map(([key, value]) => [key, value ?? undefined]))
    const reference = given === '' ? stack : given
    const plan = await this.#planned(call, { reference, text, parameters, roleArn })
    if ('unknown' in plan) return plan
    const place = placeOf(call)
    // the names under which it was found, and not an ARN that may be that of another one
    const sent = new Map(form).set('StackName', reference).set('ChangeSetName', name)
    let turn: Turn | undefined
    return {
      ...plan,
      body: bodyOf(sent),
      before: async () => {
        turn = this.#changeSets.execute({ place, stack, name }, call.account, found)
        await plan.before?.()
      },
      after: async (succeeded) => {
        await turn?.ended(succeeded)
        if (succeeded === true) await this.#kept.dropChangeSets(place, stack)
        return plan.after(succeeded)
      },
    }
  }

  async #remove(call: Call, form: Form): Promise<StackPlan | UnknownPlan> {
    const reference = referenceIn(form, call)
    const retained = new Set(listIn(form, 'RetainResources'))
    const given = { reference, text: undefined, parameters: new Map(), roleArn: form.get('RoleARN') }
    const plan = await this.#planned(call, given, retained)
    if ('unknown' in plan) return plan
    // moto fails on a resource that it has just deleted itself; the second time it does not
    const again = async (code: string) =>
      code.startsWith('NoSuchEntity') ? this.#upstream.repeat(form, placeOf(call)) : undefined
    return { ...plan, again, body: bodyOf(form) }
  }

  /** The steps from the stack's present state to the template; without a template, to nothing. */
  async #planned(
    call: Call,
    given: {
      /** The name or ARN of the stack in the call. */
      readonly reference: string
      readonly text: string | undefined
      /** The template as its caller wrote it; absent if it was sent before, with the templates that it nests. */
      readonly original?: string
      readonly parameters: ReadonlyMap<string, string | undefined>
      readonly roleArn: string | undefined
    },
    retained: ReadonlySet<string> = new Set(),
  ): Promise<Planned | UnknownPlan> {
    const place = placeOf(call)
    const { reference, text } = given
    const stack = stackNameIn(reference)
    const owner = { id: place.account, partition: place.partition }
    const known = await this.#upstream.find(reference, place)
    if (known !== undefined && known.name !== stack)
      return { unknown: `${reference} is not the stack ${stack}` }
    const exists = known !== undefined && !/^(?:REVIEW_IN_PROGRESS|DELETE_COMPLETE)$/.test(known.status)
    const oldText = exists ? await this.#upstream.template(reference, place) : undefined
    const physicalIds = exists
      ? await this.#upstream.physicalIds(reference, place)
      : new Map<string, string>()
    const have =
      known === undefined || oldText === undefined
        ? undefined
        : await readWithNested(
            writtenAnew(oldText),
            { stack, parameters: known.parameters, physicalIds },
            this.#source(call),
            true,
          )
    const parameters = filled(given.parameters, known?.parameters)
    const facts = { stack, parameters, physicalIds }
    const wanted = text === undefined ? undefined : await readWanted(text, facts, have, this.#source(call))
    const want = wanted?.template
    const sent =
      want === undefined || given.original === undefined
        ? undefined
        : sentTemplates(want, given.original, place, this.#parts)
    checkTaken(want)
    const roleArn =
      given.roleArn ?? known?.roleArn ?? this.#kept.find(call.account, call.region, stack)?.roleArn
    const via = await callOfStack(call, roleArn, this.#parts.house)
    if (via instanceof Fault)
      return {
        call,
        requests: [],
        unasked: [],
        refused: via,
        after: async () => undefined,
        template: want,
        parameters,
        sent,
      }
    const kept = have === undefined ? undefined : withoutRetained(have, retained)
    const steps = stepsBetween(kept?.image, want?.image, owner)
    const others = comingAndGoing(kept, want, wanted?.replaced ?? new Set())
    const created = otherQuestions(others.created, want?.resolved, 'create')
    const deleted = otherQuestions(others.deleted, have?.resolved, 'delete')
    const passed = want === undefined ? [] : this.#passes(want, call, owner)
    const own = this.#adoption.ownedBy(call.account, call.region, stack)
    let restore: (() => void) | undefined
    const asked = steps.filter((step) => !step.ifExisted || own.has(step.thing))
    return {
      call: via,
      template: want,
      parameters,
      sent,
      requests: [
        ...withNamePatterns([...asked.flatMap((step) => step.requests), ...created.requests], want),
        ...credentialRequests(want, have, owner),
        ...deleted.requests,
        ...passed,
      ],
      unasked: [...new Set([...created.unasked, ...deleted.unasked])],
      before: async () => {
        if (sent !== undefined) await putTemplates(sent, place, this.#upstream)
        const roles = steps.flatMap(({ operation, input }) =>
          operation === 'DeleteRole' ? [String(input.RoleName)] : [],
        )
        if (roles.length > 0) restore = await this.#parts.strip(place.account, roles)
      },
      after: async (succeeded) => {
        restore?.()
        if (succeeded !== true) return undefined
        const change = { via, stack, roleArn, facts: { stack, parameters }, kept, text: sent?.text ?? text }
        const missed: NotAdopted[] = []
        const adopt = async () => void missed.push(...(await this.#adoption.adopt(change)))
        this.#pending.set([place.account, place.region, stack].join('/'), { stack, place, adopt, tries: 0 })
        await this.settle()
        return missedText(stack, missed)
      },
    }
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
}

/** A plan with what it was made of. */
interface Planned extends StackPlan {
  readonly template: StackTemplate | undefined
  readonly parameters: ReadonlyMap<string, Given>
  readonly sent: SentTemplates | undefined
}
