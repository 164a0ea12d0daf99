import { type Policy, wildcardMatcher } from '@omen-iam/policy'
import type { TechniqueTable } from '../../authorization/catalogue/index.ts'
import { perObject } from '../../base/index.ts'
import type { Variant } from '../request/variant.ts'
import { keyActions } from '../world/keys-of-resources.ts'
import { taggersIn } from '../world/taggers.ts'
import {
  currentOf,
  type Document,
  type Group,
  type Principal,
  resourceDocuments,
  type World,
} from '../world/world.ts'
import type { WorldDifference } from '../world/world-difference.ts'
import { allowsAll, limitsAnyway } from './everything.ts'
import { policiesOf, tellingPoliciesOf } from './policies-of.ts'
import { Relevance, type Relevant, type Said } from './relevance.ts'
import { type TagsRead, tagsRead } from './tags-read.ts'

/** The names by which policies of others name a principal: its ARN, its unique id, its name. */
interface Named {
  readonly texts: ReadonlySet<string>
  readonly patterns: readonly ((text: string) => boolean)[]
}

/**
 * Divides the principals of a world into classes. Two principals of one class may do the same: their policies say the
 * same about the actions of techniques, they have the same boundary, path and tags as far as policies read them, and
 * no policy names one of them.
 */
export class ActorClasses {
  readonly relevance: Relevance
  readonly #world: World
  readonly #areAlone: boolean
  /** Policies of other accounts that are about callers. */
  readonly #foreign: readonly Policy[]
  /** Shared with the classes before a change. */
  #classes = new WeakMap<Principal, number>()
  /** Of principals that a change has touched. */
  readonly #own = new Map<Principal, number | undefined>()
  #tags: TagsRead | undefined
  #named: Named | undefined

  /** With the classes before a change, of which those that it does not touch are kept. */
  constructor(
    world: World,
    table: TechniqueTable,
    more: readonly string[] = [],
    before?: {
      readonly classes: ActorClasses
      readonly difference: WorldDifference
      readonly touched: ReadonlySet<Principal>
    },
    foreign: readonly Policy[] = [],
    /** Whether each principal is a class of its own. */
    areAlone = false,
  ) {
    this.#areAlone = areAlone
    this.#world = world
    this.#foreign = foreign
    const further = [...taggersIn(world, table), ...keyActions(world.inventory)]
    this.relevance = before?.classes.relevance ?? new Relevance(table, [...more, ...further])
    if (before !== undefined) this.#keep(before.classes, before.difference, before.touched)
  }

  /** Keeps what a change does not touch, unless its documents read further tags or name further callers. */
  #keep(before: ActorClasses, difference: WorldDifference, touched: ReadonlySet<Principal>): void {
    const policies = difference.documents.map(({ policy }) => policy)
    const { keys, resourceKeys, refusing, principal: ofCallers, resource: ofTargets } = tagsRead(policies)
    const tags = before.#tags
    const named = before.#named
    if (tags === undefined || named === undefined) return
    const further = namedIn(policies)
    if ([...keys].some((key) => !tags.keys.has(key))) return
    if ([...resourceKeys].some((key) => !tags.resourceKeys.has(key))) return
    if ([...refusing].some((key) => !tags.refusing.has(key))) return
    const isKnown = (known: TagsRead['principal'], pairs: TagsRead['principal']): boolean =>
      pairs.every(([key, value]) => known.some(([name, each]) => name === key && each === value))
    if (!isKnown(tags.principal, ofCallers) || !isKnown(tags.resource, ofTargets)) return
    if (further.patterns.length > 0 || [...further.texts].some((text) => !named.texts.has(text))) return
    this.#tags = tags
    this.#named = named
    this.#classes = before.#classes
    for (const [principal, number] of before.#own) this.#own.set(principal, number)
    for (const principal of touched) this.#own.set(principal, undefined)
  }

  /** The class of a principal, as it is. */
  of(principal: Principal): number {
    const isOwn = this.#own.has(principal)
    let number = isOwn ? this.#own.get(principal) : this.#classes.get(principal)
    if (number === undefined) {
      number = this.relevance.number(this.#key(principal))
      if (isOwn) this.#own.set(principal, number)
      else this.#classes.set(principal, number)
    }
    return number
  }

  /** The tags that policies read. */
  get tags(): TagsRead {
    this.#tags ??= tagsRead([...tellingPoliciesOf(this.#world), ...this.#foreign])
    return this.#tags
  }

  /** The tags of a principal that policies read. */
  tagsOf({ tags }: Pick<Principal, 'tags'>): string {
    let text = ''
    for (const key of Object.keys(tags)) if (this.tags.keys.has(key)) text += `${key}=${tags[key]}\t`
    return text
  }

  /** The statements of a principal's unchanged identity policies about the actions of techniques. */
  saidBy(principal: Principal): Said {
    const { boundary } = principal
    const limits = {
      boundary: boundary === undefined ? undefined : this.#managed([boundary]),
      scps: this.#world.organization.scps,
    }
    return this.relevance.said(this.#documents(principal), limits)
  }

  /** The documents of the identity policies of a principal. */
  #documents(principal: Principal): readonly Document[] {
    const documents = [...principal.inline, ...this.#managed(principal.attached)]
    for (const group of this.#groupsOf(principal))
      documents.push(...group.inline, ...this.#managed(group.attached))
    return documents
  }

  /** Whether documents allow anything of the actions of techniques that the documents of a principal do not allow in the same words. */
  isMoreFor(principal: Principal, documents: readonly Document[]): boolean {
    const own = this.#powersOf(principal)
    return documents.some((document) => {
      const power = this.#powerOf(document)
      return power !== undefined && !own.has(power)
    })
  }

  #groupsOf(principal: Principal): readonly Group[] {
    const names = principal.type === 'user' ? principal.groups : []
    return names.flatMap((name) => this.#world.groups.get(name) ?? [])
  }

  readonly #powersOf = perObject(
    (principal: Principal): ReadonlySet<number | undefined> =>
      new Set(this.#documents(principal).map((document) => this.#powerOf(document))),
  )

  /** The number of what a document allows; undefined if it allows no action of a technique. */
  #powerOf(document: Document): number | undefined {
    const { isPotent, allowsAnything, id, whole } = this.relevance.of(document)
    if (!isPotent) return undefined
    return allowsAnything ? whole : id
  }

  /**
   * The class of a principal as the attacker has it: those of one class get equal answers about equal targets. Tags count
   * if its own policies, or policies that are about everything, read them.
   */
  readonly asking = perObject((variant: Variant): number => {
    const { principal, identity, boundary, boundaryArn, isBoundByScps } = variant
    const readsTags = this.#readsTags([...identity, ...(boundary ?? [])])
    const tags = readsTags ? this.tagsOf(variant) : ''
    const key = this.#keyOf(principal, identity, boundaryArn, boundary ?? [], tags)
    return this.relevance.number(`${key}\n${sessionOf(variant)}\n${isBoundByScps}`)
  })

  /**
   * The number of a principal for policies, whatever its own ones allow: those of one number get equal answers about equal targets
   * for an action of which their policies say the same.
   */
  readonly calling = perObject((variant: Variant): number => {
    const { principal, identity, boundary = [], boundaryArn, isBoundByScps } = variant
    const tags = this.#readsTags([...identity, ...boundary]) ? this.tagsOf(variant) : ''
    const who = this.#whoOf(principal, this.#relevantOf(identity), boundary, tags)
    return this.relevance.number(`${who}\n${boundaryArn ?? ''}\n${sessionOf(variant)}\n${isBoundByScps}`)
  })

  #readsTags(documents: readonly Document[]): boolean {
    this.#readsTagsAnyway ??= readsTagsAnyway(this.#world) || this.#foreign.some(isNoTrust)
    return this.#readsTagsAnyway || documents.some(({ policy }) => readsPrincipalTags(policy))
  }

  #readsTagsAnyway: boolean | undefined

  #key(principal: Principal): string {
    const { boundary } = principal
    const limits = boundary === undefined ? [] : this.#managed([boundary])
    return this.#keyOf(principal, this.#documents(principal), boundary, limits, this.tagsOf(principal))
  }

  #keyOf(
    principal: Principal,
    documents: readonly Document[],
    boundary: string | undefined,
    limiting: readonly Document[],
    tags: string,
  ): string {
    const isFree = documents.some(allowsAll)
    const relevants = this.#relevantOf(documents)
    const isWhole = isFree || relevants.some(({ allowsAnything }) => allowsAnything)
    const limits = limiting.map((each) => this.relevance.of(each))
    const number = ({ id, whole }: { readonly id: number; readonly whole: number }) => (isWhole ? whole : id)
    return [
      this.#whoOf(principal, relevants, limiting, tags),
      [...(isFree ? ['everything'] : []), ...[...new Set(relevants.map(number))].sort()].join(),
      boundary === undefined ? '' : `${boundary} ${limits.map(number).join()}`,
    ].join('\n')
  }

  /**
   * The relevant documents: for one that allows not everything, documents silent about these actions make no difference. Beside one
   * that allows everything without a condition, only what denies something does, or is in no file.
   */
  #relevantOf(documents: readonly Document[]): readonly Relevant[] {
    if (documents.some(allowsAll))
      return documents.filter(limitsAnyway).map((each) => this.relevance.of(each))
    const all = documents.map((each) => this.relevance.of(each))
    return all.some(({ allowsAnything }) => allowsAnything) ? all : all.filter(({ isAbout }) => isAbout)
  }

  /** The facts about a principal that count beside its policies: its name only if a policy may name it. */
  #whoOf(
    principal: Principal,
    relevants: readonly Relevant[],
    limiting: readonly Document[],
    tags: string,
  ): string {
    const { arn, name, account, type } = principal
    const limits = limiting.map((each) => this.relevance.of(each))
    const isPersonal =
      this.#areAlone || [...relevants, ...limits].some((each) => each.isPersonal) || this.#isNamed(principal)
    const namesSelf = relevants.some((each) => each.namesSelf)
    return [
      type,
      account,
      isPersonal ? arn : '',
      namesSelf ? arn.slice(0, -name.length) : '',
      tags,
      type === 'role' && principal.isServiceLinked ? 'linked' : '',
      type === 'role' && principal.isIdentityCenter ? 'reserved' : '',
    ].join('\n')
  }

  #managed(arns: readonly string[]): readonly Document[] {
    return arns.flatMap((arn) => currentOf(this.#world.policies.get(arn)) ?? [])
  }

  #isNamed({ arn, id, name }: Principal): boolean {
    this.#named ??= namedIn([...policiesOf(this.#world), ...this.#foreign])
    const { texts, patterns } = this.#named
    const own = [arn, name, ...(id === undefined ? [] : [id])]
    return own.some(
      (text) => texts.has(text.toLowerCase()) || patterns.some((fits) => fits(text.toLowerCase())),
    )
  }
}

/** Whether a policy reads tags of the caller. */
export function readsPrincipalTags({ text }: Policy): boolean {
  return /PrincipalTag/i.test(text)
}

/** Whether policies that are not those of one principal read tags of the caller: SCPs, RCPs, and those of resources. */
function readsTagsAnyway(world: World): boolean {
  const { scps = [], rcps = [] } = world.organization
  return [...scps.flat(), ...rcps.flat(), ...resourceDocuments(world)].some(({ policy }) =>
    readsPrincipalTags(policy),
  )
}

function isNoTrust(policy: Policy): boolean {
  return policy.kind !== 'trust' && readsPrincipalTags(policy)
}

/** Condition keys that hold who calls, or whom the caller lets in: itself. */
const callerKeys =
  /^(?:aws:PrincipalArn|aws:userid|aws:username|aws:SourceArn|aws:SourceIdentity|lambda:Principal)$/i

/** The callers that trust policies and conditions name. */
function namedIn(policies: readonly Policy[]): Named {
  const texts = new Set<string>()
  const patterns = new Set<string>()
  const add = (value: string): void => {
    const text = value.toLowerCase()
    if (/[*?]/.test(text)) {
      if (!/^\*+$/.test(text)) patterns.add(text)
    } else texts.add(text)
  }
  for (const { statements } of policies) {
    for (const { principal, condition } of statements) {
      for (const { type, value } of principal?.entries ?? []) {
        if (type !== 'AWS' && type !== 'CanonicalUser') continue
        const session = /:assumed-role\/([^/]+)\//.exec(value)?.[1]
        add(session ?? value)
      }
      for (const { key, values } of condition) {
        if (!callerKeys.test(key)) continue
        for (const { value } of values) {
          add(value)
          // `aws:userid` of a role is its id and the name of a session.
          if (value.includes(':') && !value.startsWith('arn:')) add(value.slice(0, value.indexOf(':')))
        }
      }
    }
  }
  return { texts, patterns: [...patterns].map((pattern) => wildcardMatcher(pattern)) }
}

/** The facts about a session that policies may read: its name, and the resource that its code runs in. */
function sessionOf({ carried: { name = '', source } }: Variant): string {
  return source === undefined ? name : `${name} ${JSON.stringify(source)}`
}
