import type { AccessRequest, Call } from '../authorization/index.ts'
import { type AccountId, Fault, fault } from '../base/index.ts'
import type { StackPlan, UnknownPlan } from '../pipeline/index.ts'
import { isSigned } from '../session/index.ts'
import { Adoption, type AdoptionParts, type NotAdopted } from './adoption.ts'
import { callOfStack } from './call-of-stack.ts'
import { ChangeSetTurns, type Turn } from './change-set-turns.ts'
import { KeptStacks } from './kept.ts'
import { putTemplates } from './own-bucket.ts'
import { endingOnce } from './plan.ts'
import { changeSetName, missedText, placeOf, referenceIn, stackNameIn } from './reading/changes.ts'
import { bodyOf, type Form, formIn, listIn, parametersIn } from './reading/form.ts'
import type { HandedOn, HostQuestion, KnownHere, StackReading } from './reading/messages.ts'
import { originalPlace } from './reading/original.ts'
import { UnknownRole } from './reading/other-types.ts'
import { isOwnBucket, ownBucket } from './reading/own-templates.ts'
import type { StackPlace } from './reading/place.ts'
import { UnreadableTemplate } from './reading/template.ts'
import { type AskUpstream, UpstreamStacks } from './reading/upstream-stacks.ts'
import { Synchronization, type SyncParts } from './sync.ts'
import { TemplateReaders } from './template-readers.ts'

export interface StacksParts extends Omit<AdoptionParts, 'readers'> {
  readonly ask: AskUpstream
  /** The bucket and key in a TemplateURL: `bucket/key`. @throws an error if it is not an object's URL */
  readonly objectIn: (url: string) => string
  /** A URL by which the upstream finds an object. */
  readonly objectUrl: (bucket: string, key: string) => string
  /** How the upstream's IAM is asked. */
  readonly iam: Omit<SyncParts, 'deps' | 'perform'>
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
  readonly #readers: TemplateReaders
  readonly #changeSets: ChangeSetTurns
  /** Takes over what only the upstream has. */
  readonly synchronization: Synchronization
  /** The work that waits for the upstream to be ready with a stack, by stack. */
  readonly #pending = new Map<string, Pending>()
  #timer: NodeJS.Timeout | undefined

  constructor(parts: StacksParts) {
    this.#parts = parts
    this.#upstream = new UpstreamStacks(parts.ask)
    this.#kept = new KeptStacks(parts.deps)
    this.#changeSets = new ChangeSetTurns(this.#kept)
    this.#readers = new TemplateReaders((question) => this.#answer(question))
    this.#adoption = new Adoption({ ...parts, readers: this.#readers }, this.#kept)
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
    this.#readers.close()
  }

  /** Returns whether a bucket holds templates that the guard forwards: no caller may use it. */
  keepsBucket(bucket: string): boolean {
    return isOwnBucket(bucket)
  }

  /** The answer of GetTemplate with the template as its caller wrote it; undefined if it is that already. */
  async shown(answer: string, call: Call): Promise<string | undefined> {
    return answer.includes(originalPlace)
      ? this.#readers.read('shown', { answer }, callerOf(call))
      : undefined
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

  async #change(call: Call, form: Form): Promise<StackPlan> {
    const reference = referenceIn(form, call)
    const known = this.#known(call, reference)
    const input = { place: placeOf(call), reference, form: [...form], known }
    const read = await this.#readers.read('change', input, callerOf(call))
    return this.#planned(call, read, read.body)
  }

  async #propose(call: Call, form: Form): Promise<StackPlan> {
    const reference = referenceIn(form, call)
    const stack = stackNameIn(reference)
    const place = placeOf(call)
    const input = { place, reference, form: [...form], bucket: this.#bucketUrl(place) }
    const read = await this.#readers.read('propose', input, callerOf(call))
    const { parameters, tags, sent, refused, body } = read
    const roleArn = form.get('RoleARN')
    const name = changeSetName(form.get('ChangeSetName') ?? '')
    const kept = [...parametersIn(form).keys()].map((key) => {
      const value = parameters.get(key)
      return [key, typeof value === 'string' ? value : null] as const
    })
    const role = {
      ...(roleArn === undefined ? {} : { roleArn }),
      ...(tags === undefined ? {} : { tags: [...tags] }),
    }
    const set = { place, stack, name }
    let turn: Turn | undefined
    return {
      call,
      requests: [],
      unasked: [],
      ...(refused === undefined ? {} : { refused: fault(refused.code, refused.message, refused.status) }),
      body,
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
    const tags = found.tags && new Map(found.tags)
    const parameters = new Map(found.parameters.map(([key, value]) => [key, value ?? undefined]))
    const reference = given === '' ? stack : given
    const place = placeOf(call)
    const known = this.#known(call, reference)
    const input = { place, reference, text, parameters, tags, roleArn, known }
    const read = await this.#readers.read('execute', input, callerOf(call))
    // the names under which it was found, and not an ARN that may be that of another one
    const sent = new Map(form).set('StackName', reference).set('ChangeSetName', name)
    const plan = await this.#planned(call, read, bodyOf(sent))
    let turn: Turn | undefined
    return {
      ...plan,
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

  async #remove(call: Call, form: Form): Promise<StackPlan> {
    const reference = referenceIn(form, call)
    const retained = listIn(form, 'RetainResources')
    const place = placeOf(call)
    const known = this.#known(call, reference)
    const input = { place, reference, retained, roleArn: form.get('RoleARN'), known }
    const read = await this.#readers.read('remove', input, callerOf(call))
    const plan = await this.#planned(call, read, bodyOf(form))
    // moto fails on a resource that it has just deleted itself; the second time it does not
    const again = async (code: string) =>
      code.startsWith('NoSuchEntity') ? this.#upstream.repeat(form, place) : undefined
    return { ...plan, again }
  }

  /** The plan of a change that was read. @throws UnknownRole if a resource hands on an instance profile that nobody knows */
  async #planned(call: Call, read: StackReading, body: Uint8Array | undefined): Promise<StackPlan> {
    const { stack, roleArn, parameters, tags, requests, unasked, deletedRoles, kept, text } = read
    const place = placeOf(call)
    const via = await callOfStack(call, roleArn, this.#parts.deps)
    const refused =
      read.refused === undefined
        ? via instanceof Fault
          ? via
          : undefined
        : fault(read.refused.code, read.refused.message, read.refused.status)
    const sending = body === undefined ? {} : { body }
    if (via instanceof Fault)
      return {
        call,
        requests: [],
        unasked: [],
        refused: refused ?? via,
        ...sending,
        after: async () => undefined,
      }
    let restore: (() => void) | undefined
    return {
      call: via,
      requests: [...requests, ...this.#passes(read.passed, call)],
      unasked,
      ...(refused === undefined ? {} : { refused }),
      ...sending,
      before: async () => {
        await putTemplates(read, place, this.#upstream)
        if (deletedRoles.length > 0) restore = await this.#parts.strip(place.account, deletedRoles)
      },
      after: async (succeeded) => {
        restore?.()
        if (succeeded !== true) return undefined
        const change = { via, stack, roleArn, parameters, tags, kept, text }
        const missed: NotAdopted[] = []
        const adopt = async () => void missed.push(...(await this.#adoption.adopt(change)))
        this.#pending.set([place.account, place.region, stack].join('/'), { stack, place, adopt, tries: 0 })
        await this.settle()
        return missedText(stack, missed)
      },
    }
  }

  /** iam:PassRole for each role that resources hand on. */
  #passes(passed: readonly HandedOn[], call: Call): readonly AccessRequest[] {
    const found = passed.map(({ role, profile = '', service }): readonly [string, AccessRequest] => {
      const resource = role ?? this.#parts.roleInProfile(profile, call)
      if (resource === undefined)
        throw new UnknownRole(`The role of the instance profile ${profile} is not known`)
      const context = { 'iam:PassedToService': service }
      return [`${resource} ${service}`, { action: 'iam:PassRole', resource, context }]
    })
    return [...new Map(found).values()]
  }

  #known(call: Call, reference: string): KnownHere {
    const stack = stackNameIn(reference)
    const { account, region } = call
    return {
      roleArn: this.#kept.find(account, region, stack)?.roleArn,
      own: [...this.#adoption.ownedBy(account, region, stack)],
      bucket: this.#bucketUrl(placeOf(call)),
    }
  }

  #bucketUrl(place: StackPlace): string {
    return this.#parts.objectUrl(ownBucket(place), '')
  }

  #answer(question: HostQuestion): Promise<unknown> {
    const { place } = question
    if ('ask' in question) return this.#parts.ask(question.ask, place)
    const object = this.#parts.objectIn(question.object)
    const slash = object.indexOf('/')
    return this.#upstream.object(object.slice(0, slash), object.slice(slash + 1), place)
  }
}

/** Whose turn a call takes: all sessions of a role are one caller. */
function callerOf({ caller }: Call): string {
  return isSigned(caller) ? caller.arn.replace(/(:assumed-role\/[^/]+)\/.*$/, '$1') : ''
}
