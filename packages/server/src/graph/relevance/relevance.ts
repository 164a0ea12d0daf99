import type { Policy, Statement } from '@omen-iam/policy'
import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { sourceReaders, sourceWriters } from '../proof/event-source.ts'
import { forwarding } from '../request/brought.ts'
import type { Marked } from '../request/candidates.ts'
import type { Document, World } from '../world/world.ts'
import { type Doubts, doubtedIn, doubtsOf } from './doubted.ts'
import { headsOf } from './heads.ts'
import { NamedActions } from './named-actions.ts'

/** Actions that facts and services ask for besides those of the techniques. */
export const furtherActions: readonly string[] = [
  'iam:PassRole',
  'iam:DeletePolicyVersion',
  'iam:DeleteAccessKey',
  'iam:UpdateLoginProfile',
  'iam:DeleteLoginProfile',
  'iam:DeactivateMFADevice',
  'iam:RemoveUserFromGroup',
  'iam:TagUser',
  'iam:TagRole',
  'iam:TagPolicy',
  'iam:TagInstanceProfile',
  'lambda:TagResource',
  'iam:DetachUserPolicy',
  'iam:DetachRolePolicy',
  'iam:DetachGroupPolicy',
  'iam:CreateInstanceProfile',
  'iam:AddRoleToInstanceProfile',
  'iam:RemoveRoleFromInstanceProfile',
  'iam:CreateRole',
  'iam:AttachRolePolicy',
  'iam:PutRolePolicy',
  'sts:AssumeRole',
  'sts:TagSession',
  'sts:SetSourceIdentity',
  'sts:AssumeRoleWithWebIdentity',
  'sts:AssumeRoleWithSAML',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
  ...sourceReaders,
  ...sourceWriters,
  'lambda:DeleteFunctionCodeSigningConfig',
  'sagemaker:StartNotebookInstance',
  'ec2:StartInstances',
  'cloudformation:CreateStackInstances',
  ...forwarding,
]

/** An action that no policy names. */
export const freshAction = 'zzzomen:Zzzomen'

/** What a document says of the actions of techniques. Documents that say the same have equal numbers. */
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

/** What the identity policies of a principal allow of the actions of techniques. */
export interface Said {
  /** Equal for those that allow the same. */
  readonly name: string
  /** Of each document the actions in lower case, with the starts of the ARNs that it names. */
  readonly grants: readonly ReadonlyMap<string, readonly string[]>[]
  /** The calls that others may make instead, and that are allowed, but not in every case. */
  readonly doubted: ReadonlySet<string>
}

/** Numbers documents by what they say of the actions that techniques ask for. */
export class Relevance {
  readonly #actions: NamedActions
  /** By the statements, which equal documents share. */
  readonly #documents = new WeakMap<Policy['statements'], Relevant>()
  readonly #numbers = new Map<string, number>()

  constructor(table: TechniqueTable, more: readonly string[] = []) {
    const all = new Set([...furtherActions, freshAction, ...more])
    for (const { needs, ways, effect, composedOf } of table.techniques) {
      if (effect === 'none' || composedOf !== undefined) continue
      for (const { action } of [...needs, ...ways.flatMap((way) => way.needs)]) all.add(action)
    }
    for (const { tagging } of Object.values(table.actions))
      if (tagging?.action !== undefined) all.add(tagging.action)
    this.#actions = new NamedActions([...all].map((action) => action.toLowerCase()))
  }

  /** What a document says of these actions. */
  of({ policy }: Document): Relevant {
    let relevant = this.#documents.get(policy.statements)
    if (relevant === undefined) {
      relevant = this.#read(policy)
      this.#documents.set(policy.statements, relevant)
    }
    return relevant
  }

  /** What documents allow together. Only those that allow something count. */
  said(documents: readonly Document[]): Said {
    const potent = new Map<number, Relevant>()
    const refusing = new Map<number, Relevant>()
    for (const document of documents) {
      const relevant = this.of(document)
      if (relevant.isPotent) potent.set(relevant.id, relevant)
      else if (relevant.denies.length > 0) refusing.set(relevant.id, relevant)
    }
    const all = [...potent.values(), ...refusing.values()]
    const doubted = all.every(isPlain) ? nothing : doubtedIn(all.map((each) => this.#doubtsOf(each)))
    const ids = [...potent.keys()].sort((one, other) => one - other).join()
    const name = doubted.size === 0 ? ids : `${ids} in doubt ${[...doubted].sort().join()}`
    let said = this.#said.get(name)
    if (said === undefined) {
      said = { name, grants: [...potent.values()].map((each) => this.#grantsOf(each)), doubted }
      this.#said.set(name, said)
    }
    return said
  }

  readonly #said = new Map<string, Said>()

  #doubtsOf({ id, allows, denies }: Relevant): Doubts {
    let doubts = this.#doubts.get(id)
    if (doubts === undefined) {
      doubts = doubtsOf(allows, denies, (statement) => this.#actions.of(statement))
      this.#doubts.set(id, doubts)
    }
    return doubts
  }

  readonly #doubts = new Map<number, Doubts>()

  /**
   * The actions of techniques that a document allows on something, in lower case, each with the starts of the ARNs that
   * it names. A start ends at the first wildcard or variable; what ends in the name of the caller's own user is left out.
   */
  #grantsOf({ id, allows }: Relevant): ReadonlyMap<string, readonly string[]> {
    let grants = this.#grants.get(id)
    if (grants === undefined) {
      const found = new Map<string, Set<string>>()
      for (const statement of allows) {
        const heads = headsOf(statement)
        for (const action of this.#actions.of(statement)) {
          const all = found.get(action) ?? new Set<string>()
          for (const head of heads) all.add(head)
          found.set(action, all)
        }
      }
      grants = new Map([...found].map(([action, heads]) => [action, [...heads]]))
      this.#grants.set(id, grants)
    }
    return grants
  }

  readonly #grants = new Map<number, ReadonlyMap<string, readonly string[]>>()

  /** The number of a text: equal texts have equal numbers. */
  number(text: string): number {
    let number = this.#numbers.get(text)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(text, number)
    }
    return number
  }

  readonly #marks = new WeakMap<Statement, Marked>()

  /** The number of what a statement says, and whether its Resource has a policy variable. */
  readonly mark = (statement: Statement): Marked => {
    let mark = this.#marks.get(statement)
    if (mark === undefined) {
      const hasVariables = statement.resource?.values.some(({ value }) => value.includes('${')) === true
      mark = { number: this.number(textOf(statement)), hasVariables }
      this.#marks.set(statement, mark)
    }
    return mark
  }

  #read(policy: Policy): Relevant {
    const texts: string[] = [policy.version]
    let allowsAnything = false
    let isPotent = false
    let isPersonal = false
    let namesSelf = false
    const allows: Statement[] = []
    const denies: Statement[] = []
    for (const statement of policy.statements) {
      if (!this.#isAbout(statement)) continue
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
      whole: this.number(`${policy.version} ${policy.text}`),
      allowsAnything,
      isAbout: texts.length > 1,
      isPotent,
      isPersonal,
      namesSelf,
      allows,
      denies,
    }
  }

  #isAbout({ action }: Statement): boolean {
    if (action.negated) return true
    return action.values.some(({ value }) => {
      const pattern = value.toLowerCase()
      return this.#actions.matching(pattern).length > 0
    })
  }
}

/** What a statement says, as a text. */
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

/** The keys of tags that policies read, and the pairs of a key and a value that conditions name. */
export interface TagsRead {
  readonly keys: ReadonlySet<string>
  /** Those of resources. */
  readonly resourceKeys: ReadonlySet<string>
  /** Those that may refuse something as they are: of a Deny, or of what they must not be. In lower case. */
  readonly refusing: ReadonlySet<string>
  /** Of principals. */
  readonly principal: readonly (readonly [string, string])[]
  /** Of principals, in policies other than trust policies: tried on every principal that is held. */
  readonly ofCallers: readonly (readonly [string, string])[]
  /** Of resources. */
  readonly resource: readonly (readonly [string, string])[]
}

const mostPairs = 50

/** The tags that the documents of a world read. */
export function tagsRead(documents: Iterable<Policy>): TagsRead {
  const keys = new Set<string>()
  const resourceKeys = new Set<string>()
  const refusing = new Set<string>()
  const principal = new Map<string, readonly [string, string]>()
  const ofCallers = new Map<string, readonly [string, string]>()
  const resource = new Map<string, readonly [string, string]>()
  for (const { text, statements, kind } of documents) {
    if (!/(?:Principal|Resource)Tag/i.test(text)) continue
    for (const [, key = ''] of text.matchAll(/aws:PrincipalTag\/([^},"]+)\}/gi)) keys.add(key.trim())
    for (const { condition, effect, resource: named } of statements) {
      const isDeny = effect === 'Deny'
      for (const { value } of isDeny || named?.negated === true ? (named?.values ?? []) : [])
        for (const tag of tagVariables(value)) refusing.add(tag)
      for (const { key, operator, values } of condition) {
        const isRefusing = isDeny || /not|null|ifexists|forall/i.test(operator)
        for (const { value } of isRefusing ? values : [])
          for (const tag of tagVariables(value)) refusing.add(tag)
        const parts = /^[a-z0-9-]+:(Principal|Resource)Tag\/(.+)$/i.exec(key)
        if (parts === null) continue
        const [, of = '', tag = ''] = parts
        keys.add(tag)
        if (isRefusing) refusing.add(tag.toLowerCase())
        if (/^resource$/i.test(of)) resourceKeys.add(tag)
        const isOfCaller = /^principal$/i.test(of)
        for (const { value } of values) {
          const pair = [tag, fittingTag(value)] as const
          ;(isOfCaller ? principal : resource).set(`${tag}=${value}`, pair)
          if (isOfCaller && kind !== 'trust') ofCallers.set(`${tag}=${value}`, pair)
        }
      }
    }
  }
  return {
    keys,
    resourceKeys,
    refusing,
    principal: [...principal.values()],
    ofCallers: [...ofCallers.values()].slice(0, mostPairs),
    resource: [...resource.values()].slice(0, mostPairs),
  }
}

/** The keys of the tags in policy variables, in lower case. */
function tagVariables(text: string): readonly string[] {
  return [...text.matchAll(/\$\{[a-z0-9-]+:(?:Principal|Resource)Tag\/([^},]+)/gi)].map(([, key = '']) =>
    key.trim().toLowerCase(),
  )
}

/** A value that fits a pattern. Policy variables stay: they hold something else for each caller. */
function fittingTag(pattern: string): string {
  if (pattern.includes('${')) return pattern
  const value = pattern.replaceAll('?', 'x').replaceAll('*', '')
  return value === '' && pattern !== '' ? 'x' : value
}

/** Every document of a world. */
export function* documentsOf(world: World): Generator<Document> {
  for (const { policy } of world.inventory.things ?? []) if (policy !== undefined) yield policy
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
