import { type Call, callNow, type Dependencies } from '../authorization/index.ts'
import { Fault, fault } from '../base/index.ts'
import { type Account, accessKeys } from '../directory/index.ts'
import type { AccountImage } from '../intake/index.ts'
import { isSigned, rootArn, type SignedCaller } from '../session/index.ts'
import type { Given } from '../sources/index.ts'
import type { KeptStacks } from './kept.ts'
import { placeOf } from './reading/changes.ts'
import { only } from './reading/identities.ts'
import type { AdoptionReading } from './reading/messages.ts'
import { type Step, stepsBetween } from './reading/steps.ts'
import { UnreadableTemplate } from './reading/template.ts'
import type { TemplateReaders } from './template-readers.ts'

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
  readonly deps: Dependencies
  readonly perform: PerformIam
  readonly readers: TemplateReaders
}

/** A change of a stack that the upstream is ready with. */
export interface StackChange {
  /** The call as CloudFormation makes it further. */
  readonly via: Call
  readonly stack: string
  /** The service role that acts; undefined if the caller does. */
  readonly roleArn: string | undefined
  readonly parameters: ReadonlyMap<string, Given>
  readonly tags: ReadonlyMap<string, string>
  /** The stack's earlier IAM resources, except those that are retained. */
  readonly kept: readonly AccountImage[] | undefined
  /** The template; undefined if the stack is deleted. */
  readonly text: string | undefined
}

const notAdoptedMost = 50

/**
 * Creates in Omen the IAM resources of the upstream's stacks, each with the permissions of the caller that changed the
 * stack.
 */
export class Adoption {
  readonly #parts: AdoptionParts
  readonly #kept: KeptStacks
  readonly notAdopted: NotAdopted[] = []

  constructor(parts: AdoptionParts, kept: KeptStacks) {
    this.#parts = parts
    this.#kept = kept
  }

  /** Returns the things that a stack has made here: `role worker`. */
  ownedBy(account: Account, region: string, stack: string): Set<string> {
    return new Set(this.#kept.find(account, region, stack)?.things)
  }

  forget(): void {
    this.notAdopted.length = 0
  }

  note(notAdopted: NotAdopted): void {
    this.notAdopted.push(notAdopted)
    if (this.notAdopted.length > notAdoptedMost) this.notAdopted.shift()
  }

  /** Removes everything that stacks have created here, in the name of root. */
  async removeAll(): Promise<void> {
    const { perform } = this.#parts
    for (const { account, stack } of await this.#kept.all()) {
      const key = [...account.table(accessKeys).values()].find(({ owner }) => owner === 'root')
      if (key === undefined) continue
      const caller = {
        kind: 'root' as const,
        account: account.id,
        arn: rootArn(account),
        accessKeyId: key.id,
      }
      const origin = { sourceIp: 'omen', userAgent: 'omen', host: '', secure: true }
      for (const { operation, input, thing } of stepsBetween(stack.image, undefined, account)) {
        if (!stack.things.includes(thing)) continue
        await perform(operation, input, { account, caller, origin }).catch((error: unknown) => {
          if (!(error instanceof Fault)) throw error // what is gone, or used by others, stays as it is
        })
      }
    }
    await this.#kept.clear()
  }

  /**
   * Creates the template's IAM resources in Omen, with the names that the upstream gave. Returns what could not be taken over.
   */
  async adopt({
    via,
    stack,
    roleArn,
    parameters,
    tags,
    kept,
    text,
  }: StackChange): Promise<readonly NotAdopted[]> {
    const missed: NotAdopted[] = []
    const miss = (what: string, because: string) => {
      missed.push({ stack, what, because })
      this.note({ stack, what, because })
    }
    const place = placeOf(via)
    let read: AdoptionReading
    try {
      read = await this.#parts.readers.read('adopt', { place, stack, parameters, tags, kept, text })
    } catch (error) {
      if (!(error instanceof UnreadableTemplate)) throw error
      miss('stack', error.message)
      return missed
    }
    const { steps, image: made } = read
    for (const { kind, name, reason } of made?.notTaken ?? [])
      if (kind.startsWith('AWS::IAM::')) miss(`${kind} ${name}`, reason)
    const own = this.ownedBy(via.account, place.region, stack)
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
      miss(step.thing, `${step.operation}: ${outcome.message}`)
    }
    await this.#kept.put(
      place,
      stack,
      text === undefined && own.size === 0
        ? undefined
        : {
            things: [...own],
            ...(made && own.size > 0 && { image: only(made.accounts, (thing) => own.has(thing)) }),
            ...(roleArn === undefined ? {} : { roleArn }),
          },
    )
    return missed
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
