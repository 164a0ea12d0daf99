import { Fault, iamArn } from '../base/index.ts'
import { createOmen, type RunningOmen, type Snapshot } from '../index.ts'
import type { Seed, SeedAccount } from '../seed/index.ts'
import { type CheckAnswer, type CheckHouse, judgeCheck, Kept } from './check.ts'
import { applyChanges, documentsOf } from './edit.ts'
import { type Check, questionsOf } from './form/index.ts'
import type { Attempt, Changes, Instance, Lesson } from './lesson.ts'

/** The world of a lesson as a server in process: its ids and keys are the same for everybody. */
export class LessonHouse {
  readonly omen: RunningOmen
  readonly #names: readonly string[]
  readonly #actions: readonly string[]
  readonly #lends: string | undefined
  /** Names of what attempts change. */
  #changing: readonly string[] = []
  #start: { readonly snapshot: Snapshot; readonly kept: Kept; readonly documents: string } | undefined
  #kept = new Kept()
  /** The session policy that the learner has written. */
  #session: object | undefined

  private constructor(omen: RunningOmen, world: Seed, checks: readonly Check[], lends: string | undefined) {
    this.omen = omen
    this.#names = namesOf(world, checks, omen.account)
    this.#actions = checks.flatMap((check) =>
      questionsOf(check).flatMap(({ kind, thing }) => (kind === 'action' ? [thing] : [])),
    )
    this.#lends = lends
  }

  /** Opens the house of a lesson, at the place where its task begins. */
  static async open(lesson: Lesson): Promise<LessonHouse> {
    const { checks, tells = [], predict, before = [] } = lesson
    const house = await LessonHouse.#of(
      lesson.id,
      lesson.world,
      [...checks, ...tells, ...predict.shows],
      lesson.lends,
    )
    const attempts = [lesson.solution, ...(lesson.others ?? []), ...lesson.mistakes]
    house.#changing = [...new Set(attempts.flatMap(({ set = {} }) => Object.keys(set)))]
    return house.#begin(before)
  }

  /** Opens the house of another instance of a lesson. */
  static async ofInstance(id: string, instance: Instance): Promise<LessonHouse> {
    const { world, shows, after = [] } = instance
    const house = await LessonHouse.#of(`${id} again`, world, [...shows, ...after], undefined)
    return house.#begin([])
  }

  static async #of(id: string, world: Seed, checks: readonly Check[], lends: string | undefined) {
    const omen = await createOmen({ seed: world, randomSeed: id, port: false, authorizationIds: false })
    return new LessonHouse(omen, world, checks, lends)
  }

  async #begin(before: readonly Check[]): Promise<LessonHouse> {
    for (const check of before) await this.ask(check)
    this.#start = {
      snapshot: await this.omen.snapshot(),
      kept: this.#kept.copy(),
      documents: this.#present(),
    }
    return this
  }

  /** Takes everything back to the beginning. */
  async startAgain(): Promise<void> {
    if (this.#start === undefined) return
    await this.omen.restore(this.#start.snapshot)
    this.#kept = this.#start.kept.copy()
    this.#session = undefined
  }

  /** Makes changes. @throws Fault with AWS's refusal */
  async apply(changes: Changes): Promise<void> {
    await applyChanges(changes, this.omen)
  }

  /** Takes what the learner has written. Returns why it is refused, in AWS's words, or undefined. */
  async take(set: Changes, session?: object): Promise<string | undefined> {
    this.#session = session
    try {
      await this.apply(set)
      return undefined
    } catch (error) {
      if (error instanceof Fault) return `${error.code}: ${error.message}`
      if (error instanceof TypeError) return error.message
      throw error
    }
  }

  /** Whether nothing differs from the beginning, of what the lesson's attempts change. */
  get isUntouched(): boolean {
    return this.#session === undefined && this.#present() === this.#start?.documents
  }

  #present(): string {
    return JSON.stringify(this.#changing.map((name) => documentsOf(name, this.omen)))
  }

  /** The session policy that the learner has written. */
  get session(): object | undefined {
    return this.#session
  }

  /** Does what an attempt says. @throws Fault with AWS's refusal */
  async attempt({ set = {}, session, calls = [] }: Attempt): Promise<void> {
    await this.apply(set)
    this.#session = session
    for (const call of calls) await this.ask(call)
  }

  /** Asks one check. */
  ask(check: Check): Promise<CheckAnswer> {
    return judgeCheck(check, this.#asked)
  }

  get #asked(): CheckHouse {
    const lent =
      this.#session === undefined || this.#lends === undefined
        ? {}
        : { lent: { role: this.#lends, policy: this.#session } }
    return { omen: this.omen, kept: this.#kept, names: this.#names, actions: this.#actions, ...lent }
  }

  close(): Promise<void> {
    return this.omen.close()
  }
}

/** Every ARN that people see in a lesson. */
function namesOf(world: Seed, checks: readonly Check[], first: string): readonly string[] {
  const names = new Set<string>()
  const accounts: (readonly [string, SeedAccount | null])[] = [
    [first, world],
    ...Object.entries(world.accounts ?? {}),
  ]
  for (const [id, content] of accounts) {
    const owner = { id, partition: 'aws' } as const
    for (const name of Object.keys(content?.roles ?? {})) names.add(iamArn(owner, 'role', '/', name))
    for (const name of Object.keys(content?.users ?? {})) names.add(iamArn(owner, 'user', '/', name))
  }
  for (const { on = [] } of checks) for (const arn of [on].flat()) if (arn.startsWith('arn:')) names.add(arn)
  return [...names]
}
