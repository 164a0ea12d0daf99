import type { Policy, Statement } from '@omen-iam/policy'
import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { followingCalls } from '../request/actor.ts'
import type { Marked } from '../request/candidates.ts'
import { valueIn } from '../world/lists.ts'
import { type Document, resourceDocuments, type World } from '../world/world.ts'
import { type Before, beforeIn, type Doubts, dividedBy, doubtedIn, doubtsOf, limitedBy } from './doubted.ts'
import { NamedActions } from './named-actions.ts'

/** Actions of IAM and of STS that count besides those of the table. */
const ofIam: readonly string[] = [
  'iam:TagPolicy',
  'iam:UntagPolicy',
  'iam:TagInstanceProfile',
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoleWithSAML',
]

const further = new WeakMap<TechniqueTable['further'], readonly string[]>()

/** Actions that are asked for besides those of the techniques. */
export function furtherActionsOf(table: Pick<TechniqueTable, 'further'>): readonly string[] {
  return valueIn(further, table.further, () => [...new Set([...table.further, ...ofIam])])
}

/** An action that no policy names. */
export const freshAction = 'zzzomen:Zzzomen'

/** The statements of a document about the actions of techniques. Documents that say the same have equal numbers. */
export interface Relevant {
  readonly id: number
  /** The number of the whole text. */
  readonly whole: number
  /** Whether it allows an action that no policy names: then every statement counts. */
  readonly allowsAnything: boolean
  /** Whether it says something of an action of a technique at all. */
  readonly isAbout: boolean
  /** Whether it allows an action of a technique at all. */
  readonly isPotent: boolean
  /** Whether what it says depends on the name of the caller in a way that two callers cannot share. */
  readonly isPersonal: boolean
  /** Whether it names the caller's own user in a Resource. */
  readonly namesSelf: boolean
  /** The Allows about the actions of techniques. */
  readonly allows: readonly Statement[]
  /** The Denys about them. */
  readonly denies: readonly Statement[]
}

/** The Allows of a principal's identity policies for the actions of techniques. */
export interface Said {
  /** Equal for those that allow the same. */
  readonly name: string
  /** Of each document the actions in lower case, with the starts of the ARNs that it names. */
  readonly grants: readonly ReadonlyMap<string, readonly string[]>[]
  /** The calls that others may make instead, and that are allowed, but not in every case. */
  readonly doubted: ReadonlySet<string>
}

/** The limits of a principal beside its identity policies. */
export interface Limits {
  /** Empty if no file has it. */
  readonly boundary?: readonly Document[] | undefined
  readonly scps?: World['organization']['scps']
}

type Level = readonly Pick<Document, 'policy'>[]

/** Numbers documents by what they say of the actions that techniques ask for. */
export class Relevance {
  readonly #actions: NamedActions
  readonly #before: Before
  /** By the statements, which equal documents share. */
  readonly #documents = new WeakMap<Policy['statements'], Relevant>()
  readonly #numbers = new Map<string, number>()

  constructor(table: TechniqueTable, more: readonly string[] = []) {
    const all = new Set([...furtherActionsOf(table), freshAction, ...more])
    for (const { needs, ways, effect, composedOf } of table.techniques) {
      if (effect === 'none' || composedOf !== undefined) continue
      for (const { action } of [...needs, ...ways.flatMap((way) => way.needs)]) all.add(action)
    }
    for (const { tagging } of Object.values(table.actions))
      if (tagging?.action !== undefined) all.add(tagging.action)
    this.#actions = new NamedActions([...all].map((action) => action.toLowerCase()))
    this.#before = beforeIn(
      table.techniques.filter(({ effect, composedOf }) => effect !== 'none' && composedOf === undefined),
    )
  }

  /** Returns the statements of a document about these actions. */
  of({ policy }: Pick<Document, 'policy'>): Relevant {
    return valueIn(this.#documents, policy.statements, () => this.#read(policy))
  }

  /**
   * The Allows of documents together. Only documents that allow something count. Calls that a boundary or SCPs do not allow in every
   * case are in doubt.
   */
  said(documents: readonly Document[], { boundary, scps }: Limits = {}): Said {
    const potent = new Map<number, Relevant>()
    const refusing = new Map<number, Relevant>()
    for (const document of documents) {
      const relevant = this.of(document)
      if (relevant.isPotent) potent.set(relevant.id, relevant)
      else if (relevant.denies.length > 0) refusing.set(relevant.id, relevant)
    }
    const all = [...potent.values(), ...refusing.values()]
    const own = all.every(isPlain) ? nothing : doubtedIn(all.map((each) => this.#doubtsOf(each)))
    const limited = [
      ...(boundary === undefined ? [] : [this.#limitedBy(boundary)]),
      ...(scps ?? []).map((level) => this.#dividedBy(level)),
    ]
    const doubted = limited.every(({ size }) => size === 0)
      ? own
      : new Set([...own, ...this.#allowedOf(potent.values(), limited)])
    const ids = [...potent.keys()].sort((one, other) => one - other).join()
    const name = doubted.size === 0 ? ids : `${ids} in doubt ${[...doubted].sort().join()}`
    return valueIn(this.#said, name, () => ({
      name,
      grants: [...potent.values()].map((each) => this.#grantsOf(each)),
      doubted,
    }))
  }

  readonly #said = new Map<string, Said>()

  /** The calls of some sets that documents allow. */
  #allowedOf(documents: Iterable<Relevant>, limited: readonly ReadonlySet<string>[]): Set<string> {
    const found = new Set<string>()
    for (const each of documents)
      for (const action of this.#doubtsOf(each).allowed)
        if (limited.some((calls) => calls.has(action))) found.add(action)
    return found
  }

  #limitedBy(boundary: readonly Document[]): ReadonlySet<string> {
    const [first] = boundary
    return first === undefined
      ? followingCalls()
      : this.#ofLimit(first.policy.statements, boundary, limitedBy)
  }

  #dividedBy(level: Level): ReadonlySet<string> {
    return this.#ofLimit(level, level, dividedBy)
  }

  #ofLimit(
    key: object,
    documents: Level,
    find: (doubts: readonly Doubts[]) => ReadonlySet<string>,
  ): ReadonlySet<string> {
    return valueIn(this.#limits, key, () => find(documents.map((each) => this.#doubtsOf(this.of(each)))))
  }

  /** By the statements of a boundary, which is one document, or by the level of SCPs. */
  readonly #limits = new WeakMap<object, ReadonlySet<string>>()

  #doubtsOf({ id, allows, denies }: Relevant): Doubts {
    return valueIn(this.#doubts, id, () =>
      doubtsOf([...allows, ...denies], this.#before, (statement) => this.#actions.of(statement)),
    )
  }

  readonly #doubts = new Map<number, Doubts>()

  /**
   * The actions of techniques that a document allows on something, in lower case, each with the starts of the ARNs that
   * it names. A start ends at the first wildcard or variable; what ends in the name of the caller's own user is left out.
   */
  #grantsOf({ id, allows }: Relevant): ReadonlyMap<string, readonly string[]> {
    return valueIn(this.#grants, id, () => {
      const found = new Map<string, Set<string>>()
      for (const statement of allows) {
        const heads = headsOf(statement)
        for (const action of this.#actions.of(statement)) {
          const all = found.get(action) ?? new Set<string>()
          for (const head of heads) all.add(head)
          found.set(action, all)
        }
      }
      return new Map([...found].map(([action, heads]) => [action, [...heads]]))
    })
  }

  readonly #grants = new Map<number, ReadonlyMap<string, readonly string[]>>()

  /** The number of a text: equal texts have equal numbers. */
  number(text: string): number {
    return valueIn(this.#numbers, text, () => this.#numbers.size)
  }

  readonly #marks = new WeakMap<Statement, Marked>()

  /** The number of what a statement says, and whether its Resource has a policy variable. */
  readonly mark = (statement: Statement): Marked =>
    valueIn(this.#marks, statement, () => ({
      number: this.number(textOf(statement)),
      hasVariables: statement.resource?.values.some(({ value }) => value.includes('${')) === true,
    }))

  #read(policy: Policy): Relevant {
    const texts: string[] = [policy.version]
    let allowsAnything = false
    let isPotent = false
    let isPersonal = false
    let namesSelf = false
    const allows: Statement[] = []
    const denies: Statement[] = []
    for (const statement of policy.statements) {
      if (!statement.action.negated && this.#actions.of(statement).length === 0) continue
      const { effect } = statement
      const text = textOf(statement)
      texts.push(text)
      if (effect === 'Allow') {
        isPotent = true
        allows.push(statement)
        if (isAboutAnything(statement)) allowsAnything = true
      } else denies.push(statement)
      if (!text.includes('${')) continue
      if (policy.version !== '2012-10-17') {
        // It is not a variable there.
        this.#marks.set(statement, { number: this.number(`plain ${text}`), hasVariables: false })
        continue
      }
      const self = selfReference(statement)
      if (self === 'self') namesSelf = true
      if (self === 'personal') isPersonal = true
    }
    return {
      id: this.number(texts.join('\n')),
      whole: this.number(policy.text),
      allowsAnything,
      isAbout: texts.length > 1,
      isPotent,
      isPersonal,
      namesSelf,
      allows,
      denies,
    }
  }
}

/** Returns a statement as a text. */
function textOf({ effect, action, resource, condition }: Statement): string {
  let text = `${effect}${action.negated ? ' not' : ''}`
  for (const { value } of action.values) text += ` ${value}`
  if (resource !== undefined) {
    text += resource.negated ? '\tnot' : '\t'
    for (const { value } of resource.values) text += ` ${value}`
  }
  for (const { operator, key, values } of condition) {
    text += `\t${operator} ${key}`
    for (const { value } of values) text += `\t${value}`
  }
  return text
}

function isAboutAnything({ action }: Statement): boolean {
  return action.negated || action.values.some(({ value }) => /^\*+$/.test(value))
}

/** Variables that hold the same for callers with equal tags. */
const shared = /^aws:PrincipalTag\/|^aws:PrincipalAccount$|^aws:PrincipalType$|^aws:PrincipalOrg|^[*?$]$/i

/**
 * Whether a statement names its caller. An Allow whose Resource ends in `/${aws:username}` allows each caller what it
 * allows the others, on itself. Anything else with the name of the caller is personal.
 */
function selfReference({ effect, resource, condition }: Statement): 'no' | 'self' | 'personal' {
  let found: 'no' | 'self' = 'no'
  for (const { value } of resource?.values ?? []) {
    const names = variablesOf(value).filter((name) => !shared.test(name))
    if (names.length === 0) continue
    const endsInSelf = /\/\$\{aws:username\}$/i.test(value) && names.length === 1
    if (!endsInSelf || effect !== 'Allow' || resource?.negated === true) return 'personal'
    found = 'self'
  }
  for (const { values } of condition)
    for (const { value } of values)
      if (variablesOf(value).some((name) => !shared.test(name))) return 'personal'
  return found
}

function variablesOf(value: string): readonly string[] {
  const [, ...rest] = value.split('${')
  return rest.map((text) => (/^[^},]*/.exec(text)?.[0] ?? '').trim())
}

/** Every document of a world. */
export function* documentsOf(world: World): Generator<Document> {
  yield* resourceDocuments(world)
  for (const { inline } of world.users.values()) yield* inline
  for (const { inline, trust } of world.roles.values()) {
    yield* inline
    if (trust !== undefined) yield trust
  }
  for (const { inline } of world.groups.values()) yield* inline
  for (const { versions } of world.policies.values()) yield* versions.values()
}

const nothing: ReadonlySet<string> = new Set()

/** Whether what a document allows is allowed under no condition, and it denies nothing. */
function isPlain({ allows, denies }: Relevant): boolean {
  return denies.length === 0 && allows.every(({ condition }) => condition.length === 0)
}

/** The starts of the ARNs that an Allow names. */
function headsOf({ resource }: Statement): readonly string[] {
  if (resource === undefined || resource.negated) return ['']
  return resource.values.flatMap(({ value }) => {
    if (/:user\/(?:[^$]*\/)?\$\{aws:username\}$/i.test(value)) return []
    const end = value.search(/[*?]|\$\{/)
    return end === -1 ? value : value.slice(0, end)
  })
}
