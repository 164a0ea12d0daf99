import { dirname, resolve } from 'node:path'
import {
  type CasePolicySet,
  type CaseRequest,
  type JsonNode,
  type LayerName,
  Lines,
  type PolicyKind,
  type PolicySource,
  resourcePolicyKind,
  splitArn,
  wildcardMatcher,
} from '@omen-iam/policy'
import { type Check, questionsOf } from '../../learn/form/index.ts'
import type { Place } from '../../report/index.ts'
import { checkShape, nodeAt, plainValue } from '../../shape/index.ts'
import { readTree } from '../../sources/index.ts'
import { badSyntax, type CommandFailure } from '../failure.ts'
import { type PolicyFiles, PolicyProblem } from './policies.ts'
import { caseFileShape, caseListShape, oneCaseShape } from './shape.ts'
import type {
  Expected,
  Given,
  PolicyReference,
  PreparedCase,
  Question,
  WrittenCase,
  WrittenPaths,
  WrittenPolicies,
} from './types.ts'

/** The most cases of one file. */
const casesMost = 100_000

const defaultAccount = '123456789012'

/** A file of cases, opened: its questions with their policies. */
export class CaseFile {
  readonly #file: string
  readonly #folder: string
  readonly #root: JsonNode
  readonly #lines: Lines
  readonly #policies: PolicyFiles
  readonly #given: Given

  private constructor(file: string, text: string, root: JsonNode, given: Given, policies: PolicyFiles) {
    this.#file = file
    this.#folder = dirname(file)
    this.#root = root
    this.#lines = new Lines(text)
    this.#given = given
    this.#policies = policies
  }

  /**
   * The cases of a file; undefined if it is no case file and need not be. @throws CommandFailure with line and column
   * of the mistake
   */
  static read(
    file: string,
    text: string,
    policies: PolicyFiles,
    must: boolean,
  ): readonly PreparedCase[] | undefined {
    const root = readTree(text, file)
    const lines = new Lines(text)
    const fail = (at: number, message: string): CommandFailure => {
      const { line, column } = lines.position(at)
      return badSyntax(`${file}:${line}:${column}: ${message}`)
    }
    if (root.type === 'problem') {
      if (must || brokenCases.test(text)) throw fail(root.start, root.message)
      return undefined
    }
    if (!must && !looksLikeCases(root)) return undefined
    const isFile = root.type === 'object' && root.members.some(({ key }) => key.value === 'cases')
    const shape = isFile ? caseFileShape : root.type === 'list' ? caseListShape : oneCaseShape
    const [problem] = checkShape(root, shape)
    if (problem !== undefined) throw fail(problem.start, problem.message)
    const value = plainValue(root) as
      | { given?: Given; cases: readonly WrittenCase[] }
      | readonly WrittenCase[]
      | WrittenCase // by its shape
    const given = isFile ? ((value as { given?: Given }).given ?? {}) : {} // by its shape
    const cases = isFile
      ? (value as { cases: readonly WrittenCase[] }).cases // by its shape
      : ([value].flat() as readonly WrittenCase[]) // by its shape
    if (cases.length > casesMost) throw fail(0, `more than ${casesMost} cases`)
    const opened = new CaseFile(file, text, root, given, policies)
    return cases.flatMap((each, index) =>
      opened.#prepare(each, isFile ? ['cases', index] : root.type === 'list' ? [index] : []),
    )
  }

  #prepare(written: WrittenCase, at: readonly (string | number)[]): readonly PreparedCase[] {
    const { request, who, because } = written
    const wrong = (message: string, ...more: readonly (string | number)[]) =>
      this.#fail([...at, ...more], message)
    if (ofSeed.some((member) => written[member] !== undefined)) return [this.#check(written, at, wrong)]
    const given = [request, who, written.paths].filter((each) => each !== undefined)
    if (given.length !== 1) throw wrong('a case has one of request, who and paths')
    if (written.paths !== undefined) return [this.#paths(written, written.paths, at, wrong)]
    if (request !== undefined) {
      const { name, expect, policies } = written
      if (name === undefined) throw wrong('name is missing')
      if (expect === undefined) throw wrong('expect is missing')
      const set = this.#set(policies ?? {}, request, [...at, 'policies'])
      return [this.#case(name, expect, because, { type: 'engine', request, policies: set }, at)]
    }
    const made = kinds.flatMap((kind) => {
      const things = written[kind.member]
      if (things === undefined) return []
      return [things].flat().flatMap((thing, index) => {
        const place = [...at, kind.member, ...(Array.isArray(things) ? [index] : [])]
        return this.#short(written, who ?? '', kind, thing, place, wrong)
      })
    })
    if (made.length === 0) throw wrong(`a case says ${kinds.map(({ member }) => member).join(', ')}`)
    return made
  }

  /** A check that only a server with the seed can answer. */
  #check(
    written: WrittenCase,
    at: readonly (string | number)[],
    wrong: (message: string, ...more: readonly (string | number)[]) => CommandFailure,
  ): PreparedCase {
    if (this.#given.seed === undefined) throw wrong('calls, events, sessions and limits are asked of a seed')
    const { name, paths, request, policies, expect, ...check } = written
    if ([paths, request, policies, expect].some((each) => each !== undefined))
      throw wrong('a case has one of request, who and paths')
    return this.#case(name ?? wordsOf(check), 'holds', undefined, { type: 'check', check }, at)
  }

  /** Adds the expectations about the paths of the account in `given`. */
  #paths(
    written: WrittenCase,
    paths: WrittenPaths,
    at: readonly (string | number)[],
    wrong: (message: string, ...more: readonly (string | number)[]) => CommandFailure,
  ): PreparedCase {
    const { seed, from, inventory, organization } = this.#given
    if ((seed === undefined) === (from === undefined))
      throw wrong('paths need one of seed and from in given', 'paths')
    if (typeof organization === 'object')
      throw wrong('paths need the organization in the seed, or as the path of a file', 'paths')
    const steps = paths.steps === undefined ? undefined : Number(paths.steps)
    if (steps !== undefined && (!Number.isSafeInteger(steps) || steps < 1))
      throw wrong('steps must be a whole number above 0', 'paths', 'steps')
    const expectation = {
      from: [paths.from].flat(),
      to: [paths.to ?? 'administrator'].flat(),
      expect: paths.expect,
      except: [paths.except ?? []].flat(),
    }
    const inFolder = (name: string): string => resolve(this.#folder, name)
    const files =
      from === undefined
        ? undefined
        : {
            from: inFolder(from),
            ...(inventory === undefined ? {} : { inventory: inFolder(inventory) }),
            ...(organization === undefined ? {} : { organization: inFolder(organization) }),
          }
    const words = `paths from ${expectation.from.join(', ')} to ${expectation.to.join(', ')}`
    return this.#case(
      written.name ?? words,
      paths.expect,
      undefined,
      {
        type: 'paths',
        expectation,
        derived: paths.derived === true,
        ...(steps === undefined ? {} : { steps }),
        ...(files === undefined ? {} : { files }),
      },
      [...at, 'paths'],
    )
  }

  #short(
    written: WrittenCase,
    who: string,
    kind: Kind,
    thing: string,
    at: readonly (string | number)[],
    wrong: (message: string, ...more: readonly (string | number)[]) => CommandFailure,
  ): readonly PreparedCase[] {
    const { because } = written
    const expect: Expected = kind.member.startsWith('cannot') ? 'denied' : 'allowed'
    const verb = kind.member.replace('-', ' ')
    const context = { ...this.#given.context, ...written.context }
    const make = (what: string, question: Question) =>
      this.#case(written.name ?? `${who} ${verb} ${what}`, expect, because, question, at)
    if (kind.asks === 'assume')
      return [make(thing, { type: 'assume', who: this.#seeded(who, wrong), role: thing, context })]
    if (kind.asks === 'pass') {
      if (written.to === undefined) throw wrong(`${kind.member} needs the service in to`)
      const question: Question = {
        type: 'pass',
        who: this.#seeded(who, wrong),
        role: thing,
        service: written.to,
      }
      return [make(`${thing} to ${written.to}`, question)]
    }
    return [written.on ?? '*'].flat().map((resource) => {
      const question = Object.hasOwn(this.#given.principals ?? {}, who)
        ? this.#engine(who, thing, resource, context, wrong)
        : { type: 'action' as const, who: this.#seeded(who, wrong), action: thing, resource, context }
      return make(`${thing} on ${resource}`, question)
    })
  }

  /** A question of a principal of `given`. */
  #engine(
    who: string,
    action: string,
    resource: string,
    context: NonNullable<WrittenCase['context']>,
    wrong: (message: string, ...more: readonly (string | number)[]) => CommandFailure,
  ): Question {
    const { principals = {}, resources = {}, endpoint, account = defaultAccount } = this.#given
    const organization = typeof this.#given.organization === 'object' ? this.#given.organization : {}
    const principal = principals[who] ?? {}
    const at = ['given', 'principals', who]
    const pattern = Object.keys(resources).find((arn) => wildcardMatcher(arn)(resource))
    const about = pattern === undefined ? undefined : resources[pattern]
    const owner = about?.account ?? (splitArn(resource)?.account || undefined)
    const request: CaseRequest = {
      principal:
        principal.arn ??
        (who.includes('/') ? `arn:aws:iam::${account}:${who}` : `arn:aws:iam::${account}:role/${who}`),
      action,
      resource,
      // S3's ARNs contain no account: a resource is the principal's own unless `given` says otherwise
      resourceAccount: owner ?? (splitArn(principal.arn ?? '')?.account || account),
      context: { ...principal.context, ...context },
    }
    if (action.indexOf(':') < 1) throw wrong(`${action} is no action: SERVICE:NAME`)
    const { role, identity, boundary, session } = principal
    const fromFile =
      role === undefined
        ? []
        : this.#try([...at, 'role'], () => this.#policies.role(role, this.#folder)).identity
    const set = this.#set(
      {
        ...(identity === undefined ? {} : { identity }),
        ...(boundary === undefined ? {} : { boundary }),
        ...(session === undefined ? {} : { session }),
      },
      request,
      at,
    )
    const shared = this.#set({ ...organization, ...(endpoint === undefined ? {} : { endpoint }) }, request, [
      'given',
      'organization',
    ])
    const resourcePolicy =
      about?.policy === undefined
        ? undefined
        : this.#set({ resource: about.policy }, request, ['given', 'resources', pattern ?? ''])
    return {
      type: 'engine',
      request,
      policies: {
        ...shared,
        ...set,
        identity: [...fromFile, ...(set.identity ?? [])],
        resource: resourcePolicy?.resource,
      },
    }
  }

  #seeded(
    who: string,
    wrong: (message: string, ...more: readonly (string | number)[]) => CommandFailure,
  ): string {
    if (this.#given.seed !== undefined) return who
    const names = Object.keys(this.#given.principals ?? {})
    throw wrong(
      `there is no principal ${who} in given${names.length === 0 ? '' : `, only ${names.join(', ')}`}; roles are asked of a seed`,
      'who',
    )
  }

  #set(written: WrittenPolicies, request: CaseRequest, at: readonly (string | number)[]): CasePolicySet {
    const one = (
      layer: LayerName,
      reference: PolicyReference,
      place: readonly (string | number)[],
      kind?: PolicyKind,
    ) => this.#try(place, () => this.#policies.find(reference, this.#folder, layer, kind))
    const all = (
      layer: LayerName,
      references: readonly PolicyReference[] | undefined,
      place: readonly (string | number)[] = [...at, layer],
    ) => references?.flatMap((reference, index) => one(layer, reference, [...place, index]))
    const levels = (layer: 'scp' | 'rcp'): readonly (readonly PolicySource[])[] | undefined =>
      written[layer]?.map((level, index) => all(layer, level, [...at, layer, index]) ?? [])
    const { resource } = written
    return {
      identity: all('identity', written.identity),
      boundary: all('boundary', written.boundary),
      session: all('session', written.session),
      endpoint: all('endpoint', written.endpoint),
      scp: levels('scp'),
      rcp: levels('rcp'),
      resource:
        resource === undefined
          ? undefined
          : one('resource', resource, [...at, 'resource'], resourcePolicyKind(request))[0],
    }
  }

  #try<T>(at: readonly (string | number)[], read: () => T): T {
    try {
      return read()
    } catch (error) {
      throw error instanceof PolicyProblem ? this.#fail(at, error.message) : error
    }
  }

  #case(
    name: string,
    expect: Expected,
    because: string | undefined,
    question: Question,
    at: readonly (string | number)[],
  ): PreparedCase {
    const { seed } = this.#given
    return {
      file: this.#file,
      name,
      expect,
      ...(because === undefined ? {} : { because }),
      question,
      ...(question.type === 'engine' || seed === undefined ? {} : { seed: resolve(this.#folder, seed) }),
      place: () => this.#place(at),
    }
  }

  #place(at: readonly (string | number)[]): Place {
    const { start, end } = nodeAt(this.#root, at)
    const from = this.#lines.position(start)
    const to = this.#lines.position(end)
    return {
      file: this.#file,
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
    }
  }

  #fail(at: readonly (string | number)[], message: string): CommandFailure {
    const { startLine, startColumn } = this.#place(at)
    return badSyntax(`${this.#file}:${startLine}:${startColumn}: ${message}`)
  }
}

/** Members of cases that only a server with the seed can answer. */
const ofSeed = ['call', 'trail', 'most', 'most-trust', 'bearer', 'session'] as const

/** The name of a check that has none. */
function wordsOf({ who, bearer, call, trail, ...check }: Check): string {
  const subject = who ?? bearer ?? ''
  if (call !== undefined) return `${subject} calls ${call}`
  if (trail !== undefined) return `the trail has ${trail}`
  if (check.most !== undefined || check['most-trust'] !== undefined) return `${subject} may do nothing more`
  const asked = questionsOf(check).map(({ thing, expected }) => `${expected ? 'can' : 'cannot'} ${thing}`)
  return `${subject} ${asked.join(', ')}`
}

interface Kind {
  readonly member: 'can' | 'cannot' | 'can-assume' | 'cannot-assume' | 'can-pass' | 'cannot-pass'
  readonly asks: 'action' | 'assume' | 'pass'
}

const kinds: readonly Kind[] = [
  { member: 'can', asks: 'action' },
  { member: 'cannot', asks: 'action' },
  { member: 'can-assume', asks: 'assume' },
  { member: 'cannot-assume', asks: 'assume' },
  { member: 'can-pass', asks: 'pass' },
  { member: 'cannot-pass', asks: 'pass' },
]

/** A file of cases that cannot be parsed: in a folder too it is refused, for its cases would not run. */
const brokenCases = /^\s*(?:\{\s*)?"?cases"?\s*:/m

/** Returns whether a file that was found in a folder is meant as cases. */
function looksLikeCases(root: JsonNode): boolean {
  const first = root.type === 'list' ? root.items[0] : root
  if (first?.type !== 'object') return false
  const names = new Set(first.members.map(({ key }) => key.value))
  return names.has('cases') ? root.type === 'object' : names.has('request') && names.has('expect')
}
