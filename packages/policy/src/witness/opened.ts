import type { CompiledSet } from '../compile/compile.ts'
import type { CompiledCondition } from '../condition/condition.ts'
import { type Part, parseTemplate } from '../match/template.ts'
import { Context } from '../request/context.ts'
import { Cell } from './cell.ts'
import { KeyTable } from './keys.ts'
import type { Asked, KeyDomain, OpenRequest, Shape } from './question.ts'
import { variablesOf } from './shape.ts'
import type { Steps } from './steps.ts'

/** All texts and keys of a question that are to be found. */
export interface Unknowns {
  readonly shapes: Shape[]
  /** By call and key. */
  readonly cells: Map<string, Cell>
  /** Shapes of keys that share variables with a resource, by call and key. */
  readonly joined: Map<string, { readonly key: string; readonly slot: number }>
  readonly steps: Steps
}

/** Variables that hold one text in several places. */
export interface SharedVariables {
  readonly ofResources: ReadonlySet<string>
  /** Of keys that the caller chooses. */
  readonly ofKeys: ReadonlySet<string>
}

/** For requests whose variables hold texts of their own. */
export const noneShared: SharedVariables = { ofResources: new Set(), ofKeys: new Set() }

/** One request of a question, as its statements are read. */
export class Opened {
  readonly asked: number
  readonly request: OpenRequest
  readonly policies: CompiledSet
  /** The keys with known values. */
  readonly known: Context
  /** The place of the resource's text; undefined if the resource is literal. */
  readonly slot: number | undefined
  /** The resource, if it is literal. */
  readonly literal: string
  readonly steps: Steps
  readonly call: string
  readonly #keys: KeyTable
  readonly #unknowns: Unknowns
  readonly #shared: SharedVariables

  constructor(
    { request, policies, call }: Asked,
    asked: number,
    unknowns: Unknowns,
    shared: SharedVariables,
  ) {
    this.asked = asked
    this.request = request
    this.policies = policies
    this.known = new Context(request.context)
    this.steps = unknowns.steps
    this.call = call ?? `${asked}`
    this.#keys = new KeyTable(request)
    this.#unknowns = unknowns
    this.#shared = shared
    const shape = typeof request.resource === 'string' ? [request.resource] : request.resource
    const isLiteral = shape.every((part) => typeof part === 'string')
    this.literal = isLiteral ? shape.join('') : ''
    this.slot = isLiteral ? undefined : unknowns.shapes.push(shape) - 1
  }

  /** Where the truth of a condition comes from: known keys, a cell, or the text of a slot. */
  placeOf(condition: CompiledCondition): 'known' | 'unclear' | Cell | number {
    const { key, variables, wanted } = condition
    const covered = this.#keys.coverOf(key)
    // The values of a condition do not matter if its key is absent.
    if (covered.type === 'known' && (!variables || this.known.lookup(key) === undefined)) return 'known'
    if (variables && wanted.some((value) => this.isUnclear(parseTemplate(value, onlyVariables))))
      return 'unclear'
    if (covered.type === 'known') return 'known'
    const { domain } = covered
    if (this.#isShared(domain, covered.type)) return this.#joined(key, domain)
    const cell = this.#cell(key, covered.type === 'open', domain)
    cell.add(condition)
    return cell
  }

  /** Whether parts have a variable whose key is chosen or open. */
  isUnclear(parts: readonly Part[]): boolean {
    return parts.some((part) => typeof part === 'object' && this.#keys.coverOf(part.key).type !== 'known')
  }

  #isShared({ shape = [] }: KeyDomain, type: 'chosen' | 'open'): boolean {
    const { ofResources, ofKeys } = this.#shared
    // What an open key must hold is a condition that is left.
    const isKey = (variable: string): boolean => type === 'chosen' && ofKeys.has(variable)
    return variablesOf(shape).some(({ variable }) => ofResources.has(variable) || isKey(variable))
  }

  #joined(key: string, { shape = [] }: KeyDomain): number {
    const { joined, shapes } = this.#unknowns
    const name = `${this.call} ${key}`
    const known = joined.get(name)
    if (known !== undefined) return known.slot
    const slot = shapes.push(shape) - 1
    joined.set(name, { key, slot })
    return slot
  }

  #cell(key: string, isOpen: boolean, domain: KeyDomain): Cell {
    const { cells, steps } = this.#unknowns
    const name = `${isOpen ? 'open' : 'chosen'} ${this.call} ${key}`
    const before = cells.get(name)
    if (before !== undefined) return before
    const cell = new Cell(key, this.call, isOpen, domain, this.known, steps)
    cells.set(name, cell)
    return cell
  }
}

const onlyVariables = { wildcards: false, variables: true }
