import { type Call, callNow, type House } from '../authorization/index.ts'
import { type AccountId, Fault, fault } from '../base/index.ts'
import { accessKeys } from '../directory/index.ts'
import type { Image } from '../intake/index.ts'
import { isSigned, rootArn, type SignedCaller } from '../session/index.ts'
import { keep, placeOf } from './changes.ts'
import { type Step, stepsBetween } from './steps.ts'
import { readTemplate, type StackTemplate } from './template.ts'
import type { UpstreamStacks } from './upstream-stacks.ts'

/** Runs an IAM operation in a principal's name, with all checks. @throws Fault if it is refused */
export type PerformIam = (
  operation: string,
  input: Readonly<Record<string, unknown>>,
  call: Pick<Call, 'account' | 'origin'> & { readonly caller: SignedCaller },
) => Promise<unknown>

/** A part of a stack that could not be taken over. */
export interface NotAdopted {
  readonly stack: string
  /** `role worker`. */
  readonly what: string
  readonly because: string
}

export interface AdoptionParts {
  readonly house: House
  readonly perform: PerformIam
}

/** A change of a stack that the upstream is ready with. */
export interface StackChange {
  /** The call as CloudFormation makes it further. */
  readonly via: Call
  readonly stack: string
  readonly key: string
  readonly facts: { readonly stack: string; readonly parameters: ReadonlyMap<string, string> }
  /** The stack's earlier IAM resources, except those that are retained. */
  readonly kept: StackTemplate | undefined
  /** The template; undefined if the stack is deleted. */
  readonly text: string | undefined
}

interface Owned {
  /** `role worker`. */
  readonly things: ReadonlySet<string>
  readonly account: AccountId
  readonly image: Image | undefined
}

const notAdoptedMost = 50
const stacksKept = 10_000

/**
 * Creates in Omen the IAM resources of the upstream's stacks, each with the permissions of the caller that changed the
 * stack.
 */
export class Adoption {
  readonly #parts: AdoptionParts
  readonly #upstream: UpstreamStacks
  /** The IAM resources that stacks have created here, by stack. */
  readonly #owned = new Map<string, Owned>()
  readonly notAdopted: NotAdopted[] = []

  constructor(parts: AdoptionParts, upstream: UpstreamStacks) {
    this.#parts = parts
    this.#upstream = upstream
  }

  /** An IAM resource that a stack has created here: `role worker`. */
  ownedBy(key: string): Set<string> {
    return new Set(this.#owned.get(key)?.things)
  }

  forget(): void {
    this.#owned.clear()
    this.notAdopted.length = 0
  }

  note(notAdopted: NotAdopted): void {
    this.notAdopted.push(notAdopted)
    if (this.notAdopted.length > notAdoptedMost) this.notAdopted.shift()
  }

  /** Removes everything that stacks have created here, in the name of root. */
  async removeAll(): Promise<void> {
    const { house, perform } = this.#parts
    for (const { things, account: id, image } of this.#owned.values()) {
      const account = await house.directory.find(id)
      const key = account && [...account.table(accessKeys).values()].find(({ owner }) => owner === 'root')
      if (account === undefined || key === undefined) continue
      const caller = { kind: 'root' as const, account: id, arn: rootArn(account), accessKeyId: key.id }
      const origin = { sourceIp: 'omen', userAgent: 'omen', host: '', secure: true }
      for (const { operation, input, thing } of stepsBetween(image, undefined, account)) {
        if (!things.has(thing)) continue
        await perform(operation, input, { account, caller, origin }).catch((error: unknown) => {
          if (!(error instanceof Fault)) throw error // what is gone, or used by others, stays as it is
        })
      }
    }
  }

  /** Creates the template's IAM resources in Omen, with the names that the upstream gave. */
  async adopt({ via, stack, key, facts, kept, text }: StackChange): Promise<void> {
    const place = placeOf(via)
    const owner = { id: place.account, partition: place.partition }
    const physicalIds =
      text === undefined ? new Map<string, string>() : await this.#upstream.physicalIds(stack, place)
    const made = text === undefined ? undefined : readTemplate(text, { ...facts, physicalIds }, place)
    for (const { kind, name, reason } of made?.image.notTaken ?? [])
      if (kind.startsWith('AWS::IAM::')) this.note({ stack, what: `${kind} ${name}`, because: reason })
    const own = this.ownedBy(key)
    const steps = stepsBetween(kept?.image, made?.image, owner)
    const skipped = new Set<string>()
    const existed = new Set<string>()
    for (const step of steps) {
      if (skipped.has(step.thing) || (step.ifExisted && !existed.has(step.thing))) continue
      const outcome = await this.#perform(step, via)
      if (outcome === undefined) {
        if (step.creates) own.add(step.thing)
        if (/^Delete(?:Role|User|Group|Policy|InstanceProfile)$/.test(step.operation)) own.delete(step.thing)
        continue
      }
      if (outcome.code === 'EntityAlreadyExists' && step.creates && own.has(step.thing)) {
        existed.add(step.thing)
        continue
      }
      if (outcome.code === 'NoSuchEntity' && /^(?:Delete|Detach|Remove)/.test(step.operation)) continue
      if (step.creates) skipped.add(step.thing)
      this.note({ stack, what: step.thing, because: `${step.operation}: ${outcome.message}` })
    }
    if (own.size === 0) this.#owned.delete(key)
    else keep(this.#owned, key, { things: own, account: place.account, image: made?.image }, stacksKept)
  }

  async #perform(step: Step, via: Call): Promise<Fault | undefined> {
    const call = callNow(via)
    if (typeof call === 'string' || !isSigned(call.caller))
      return fault('AccessDenied', 'the caller’s credentials are valid no more', 403)
    try {
      await this.#parts.perform(step.operation, step.input, { ...call, caller: call.caller })
      return undefined
    } catch (error) {
      if (error instanceof Fault) return error
      throw error
    }
  }
}
