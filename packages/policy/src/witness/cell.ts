import type { CompiledCondition } from '../condition/condition.ts'
import { parseOperator } from '../condition/operators.ts'
import { plainValue } from '../condition/samples.ts'
import { type Truth, truthNo, truthUnknown, truthYes } from '../condition/truth.ts'
import { Remembered } from '../match/remembered.ts'
import { Context, type ContextInput } from '../request/context.ts'
import { isListKey } from '../request/list-keys.ts'
import { typeOfKey } from '../validate/key-types.ts'
import { type Language, languageOf, type Requirements } from './language.ts'
import { pointsOf } from './points.ts'
import type { KeyDomain, Shape } from './question.ts'
import { filled } from './shape.ts'
import type { Steps } from './steps.ts'
import { solveTexts } from './texts.ts'

/** A condition on a key, and the truths that it may have. */
export interface Literal {
  readonly condition: CompiledCondition
  readonly truths: readonly Truth[]
}

/** The value of a key; `undefined` in it: the key is absent. */
export interface CellValue {
  readonly value: ContextInput | undefined
}

/** The demand of a literal on a key that is present. */
interface Demand {
  /** Of each value of a list, of some value, or of a value that is no list. */
  readonly of: 'all' | 'some' | 'one'
  readonly literal: Literal
  readonly truths: readonly Truth[]
}

const booleans = ['true', 'false']

function isFree({ shape, ...rest }: KeyDomain): boolean {
  return shape === undefined && !isListed(rest)
}

/** Whether the values are those of a list or an interval. */
function isListed({ values, range, dates }: KeyDomain): boolean {
  return values !== undefined || range !== undefined || dates !== undefined
}

/** Maximum results of one generation that are kept for later questions. */
const maxRemembered = 16_384
const remembered = new Remembered<CellValue | 'none'>(maxRemembered)

const ids = new WeakMap<CompiledCondition, number>()
let lastId = 0

function idOf(condition: CompiledCondition): number {
  let id = ids.get(condition)
  if (id === undefined) {
    id = ++lastId
    ids.set(condition, id)
  }
  return id
}

function nameOf(literals: readonly Literal[]): string {
  if (literals.length === 0) return ''
  const names = literals.map(({ condition, truths }) => `${idOf(condition)}:${truths.join('')}`)
  return names.length === 1 ? (names[0] ?? '') : [...new Set(names)].sort().join(' ')
}

const allTruths: readonly Truth[] = [truthNo, truthYes, truthUnknown]

/** One condition key of a call, whose value is chosen or open: which values fulfil which conditions. */
export class Cell {
  /** In lower case. */
  readonly key: string
  readonly isOpen: boolean
  /** The call whose key it is. */
  readonly call: string
  readonly domain: KeyDomain
  readonly #known: Context
  readonly #steps: Steps
  readonly #conditions = new Set<CompiledCondition>()
  readonly #solved = new Map<string, CellValue | 'none'>()
  /** The facts that the values depend on besides the literals; undefined if they also depend on other keys. */
  #setting: string | undefined
  #points: readonly string[] | undefined

  constructor(key: string, call: string, isOpen: boolean, domain: KeyDomain, known: Context, steps: Steps) {
    this.key = key
    this.call = call
    this.isOpen = isOpen
    this.domain = isFree(domain) && typeOfKey(key) === 'Bool' ? { ...domain, values: booleans } : domain
    this.#known = known
    this.#steps = steps
  }

  /** Makes a condition known. All are added before the first search. */
  add(condition: CompiledCondition): void {
    this.#conditions.add(condition)
  }

  /** A value that fulfils all literals; undefined if no value does, or if the search ended early. */
  solve(literals: readonly Literal[]): CellValue | undefined {
    const found = this.#find(literals)
    return typeof found === 'string' ? undefined : found
  }

  #find(literals: readonly Literal[]): CellValue | 'none' | 'unknown' {
    const name = nameOf(literals)
    const known = this.#solved.get(name)
    if (known !== undefined) return known
    this.#setting ??= this.#settingOf()
    const lasting = this.#setting.startsWith('!') ? undefined : `${this.#setting} ${name}`
    const before = lasting === undefined ? undefined : remembered.get(lasting)
    const found = before ?? this.#searchAll(literals)
    if (found === 'unknown') return found
    this.#solved.set(name, found)
    if (lasting !== undefined && before === undefined) remembered.set(lasting, found)
    return found
  }

  #searchAll(literals: readonly Literal[]): CellValue | 'none' | 'unknown' {
    const { result, isIncomplete } = this.#steps.attempt(() => this.#search(literals))
    return result ?? (isIncomplete ? 'unknown' : 'none')
  }

  /** A name of everything that the values depend on. `!` in front: also on other keys, by variables. */
  #settingOf(): string {
    const conditions = [...this.#conditions]
    const others = conditions.some(({ variables }) => variables) ? '!' : ''
    return `${others}${this.key} ${JSON.stringify(this.domain)} ${conditions.map(idOf).sort().join(' ')};`
  }

  /** Whether a literal holds for every value that fulfils some others. A yes is certain. */
  implies(literals: readonly Literal[], { condition, truths }: Literal): boolean {
    const others = allTruths.filter((truth) => !truths.includes(truth))
    return this.#find([...literals, { condition, truths: others }]) === 'none'
  }

  /** Whether a value fulfils a literal. */
  fulfils(value: CellValue, { condition, truths }: Literal): boolean {
    return truths.includes(condition.test(this.#contextOf(condition, value.value)))
  }

  #contextOf(condition: CompiledCondition, value: ContextInput | undefined): Context {
    const context = new Context(condition.variables ? Object.fromEntries(this.#known.entries()) : undefined)
    return context.set(this.key, value)
  }

  #search(literals: readonly Literal[]): CellValue | undefined {
    const { mayBeAbsent } = this.domain
    const isAnyText = isFree(this.domain)
    const simple = [
      ...(mayBeAbsent ? [undefined] : []),
      ...(isAnyText ? this.#usual().map((value) => this.#written(value)) : []),
    ]
    for (const value of simple) if (this.#fulfilsAll(value, literals)) return { value }
    const demands: Demand[] = []
    for (const literal of literals) {
      const demand = demandOf(literal)
      if (demand === false) return undefined
      if (demand !== true) demands.push(demand)
    }
    const alone = () => (this.#isList ? undefined : this.#alone(demands, literals))
    const isAlone = !this.#hasSets() || demands.some(({ of }) => of === 'one')
    return isAlone ? (alone() ?? this.#list(demands)) : (this.#list(demands) ?? alone())
  }

  /** The values of a key that may hold any text: of the type that the conditions compare. */
  #usual(): readonly string[] {
    const types = new Set(
      [...this.#conditions].map(({ entry }) => parseOperator(entry.operator).operator?.type),
    )
    const [first, ...others] = types
    const type = typeOfKey(this.key) ?? (others.length === 0 ? first : undefined) ?? 'String'
    return type === 'Bool' ? booleans : [plainValue(type)]
  }

  /** Whether each request has a list of values. Keys that AWS does not name have one if a condition asks for it. */
  get #isList(): boolean {
    return this.domain.isMultivalued === true || isListKey(this.key)
  }

  #alone(demands: readonly Demand[], literals: readonly Literal[]): CellValue | undefined {
    const value = this.#one(demands)
    if (value !== undefined) return { value }
    return isFree(this.domain) && this.#fulfilsAll('', literals) ? { value: '' } : undefined
  }

  #list(demands: readonly Demand[]): CellValue | undefined {
    if (!this.#isList && (this.domain.isMultivalued === false || !this.#hasSets())) return undefined
    // On a list no operator without a set operator holds (behaviour POL-200).
    if (demands.some(({ of, truths }) => of === 'one' && !truths.includes(truthNo))) return undefined
    const all = demands.filter(({ of }) => of === 'all')
    const some = demands.filter(({ of }) => of === 'some')
    const list: string[] = []
    for (const each of some.length === 0 ? [undefined] : some) {
      const value = this.#one(each === undefined ? all : [...all, each])
      if (value === undefined) return undefined
      list.push(value)
    }
    return { value: [...new Set(list)] }
  }

  #written(value: string): ContextInput {
    return this.#isList ? [value] : value
  }

  #fulfilsAll(value: ContextInput | undefined, literals: readonly Literal[]): boolean {
    return (
      this.#steps.take(1 + literals.length) && literals.every((literal) => this.fulfils({ value }, literal))
    )
  }

  #hasSets(): boolean {
    return [...this.#conditions].some(({ entry }) => parseOperator(entry.operator).set !== undefined)
  }

  /** One value that fulfils all demands. */
  #one(demands: readonly Demand[]): string | undefined {
    const languages = isListed(this.domain) ? undefined : this.#languages(demands)
    return languages ? this.#text(languages) : this.#point(demands)
  }

  /** Undefined if some condition on the key compares no texts. */
  #languages(demands: readonly Demand[]): readonly Language[] | undefined {
    for (const { entry } of this.#conditions) {
      const { operator } = parseOperator(entry.operator)
      if (operator !== undefined && operator.form === undefined) return undefined
    }
    const languages: Language[] = []
    for (const { literal, truths } of demands) {
      const language = languageOf(literal.condition, truths, this.#known)
      if (language === undefined) return undefined
      languages.push(language)
    }
    return languages
  }

  #text([first, ...rest]: readonly Language[], chosen: Requirements = []): string | undefined {
    if (first !== undefined) {
      for (const alternative of first) {
        const found = this.#text(rest, [...chosen, ...alternative])
        if (found !== undefined || this.#steps.isSpent) return found
      }
      return undefined
    }
    const shape = this.domain.shape ?? anyText
    const constraints = chosen.map((requirement) => ({ slot: 0, ...requirement }))
    const texts = solveTexts([shape], constraints, this.#steps)
    return texts && filled(shape, texts)
  }

  #point(demands: readonly Demand[]): string | undefined {
    const { values } = this.domain
    this.#points ??= values ?? pointsOf(this.key, [...this.#conditions], this.domain)
    for (const point of this.#points) {
      if (!this.#steps.take(1 + demands.length)) return undefined
      if (demands.every(({ literal, truths }) => truths.includes(this.#truthOf(literal.condition, point))))
        return point
    }
    if (values === undefined && this.#hasPatterns()) {
      this.#steps.unsupported = `text patterns besides numbers, dates or addresses on ${this.key}`
    }
    return undefined
  }

  /** The truth of one value. Of a list, as the set operators see it. */
  #truthOf(condition: CompiledCondition, value: string): Truth {
    return condition.test(this.#contextOf(condition, value))
  }

  #hasPatterns(): boolean {
    return [...this.#conditions].some(({ entry }) => {
      const { operator } = parseOperator(entry.operator)
      return operator?.takesWildcards === true && entry.values.some(({ value }) => /[*?$]/.test(value))
    })
  }
}

const anyText: Shape = [{ variable: 'value', grammar: { least: 1 } }]

/** The demand of a literal on the values of a key that is present; true or false if its truth depends on no value. */
function demandOf(literal: Literal): Demand | boolean {
  const { condition, truths } = literal
  const { base, ifExists, set } = parseOperator(condition.entry.operator)
  if (base === 'Null' && !ifExists)
    return truths.includes(condition.test(new Context({ [condition.key]: 'present' })))
  if (set === undefined) return { of: 'one', literal, truths }
  // One NO decides ForAllValues, one YES decides ForAnyValue.
  const decisive = set === 'ForAllValues' ? truthNo : truthYes
  return { of: truths.includes(decisive) ? 'some' : 'all', literal, truths }
}
