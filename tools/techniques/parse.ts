import {
  type FactBlock,
  type FactWords,
  type Technique,
  type TechniqueEffect,
  type TechniqueNeed,
  type TechniqueRelation,
  type TechniqueWay,
  techniqueEffects,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { type Blocks, blocksOf, kindOfBlock } from './blocks.ts'
import { factOf, wordsOf } from './fact.ts'
import { needOf } from './need.ts'

/** The source form, read: rows, facts with their sentences, and the resource types of some actions. */
export interface TechniqueSource {
  readonly rows: readonly Technique[]
  readonly facts: Readonly<Record<string, FactBlock>>
  readonly words: Readonly<Record<string, FactWords>>
  /** The calls that follow another one of their technique. */
  readonly following: readonly string[]
  readonly blocks: Blocks
  readonly asks: ReadonlyMap<string, readonly (readonly string[])[]>
}

/** Reads the source form. @throws Error with the line of a word that is not known */
export function parseTechniques(text: string): TechniqueSource {
  const asks = new Map<string, readonly (readonly string[])[]>()
  const words: Record<string, FactWords> = {}
  const blocks: string[][] = []
  let block: string[] = []
  for (const line of text.split('\n')) {
    const [word = '', name = '', ...more] = line.split(' ')
    if (line.startsWith('#')) continue
    if (line.trim() === '') block = []
    else if (word === 'asks')
      asks.set(
        name,
        more.map((group) => group.split('/')),
      )
    else if (word === 'words') words[name] = wordsOf(more.join(' '))
    else {
      if (block.length === 0) blocks.push(block)
      block.push(line)
    }
  }
  const isFact = ([first = '']: readonly string[]): boolean => first.startsWith('fact ')
  const isRow = (each: readonly string[]): boolean => !isFact(each) && kindOfBlock(each) === undefined
  const [ofFacts, ofRows] = [blocks.filter(isFact), blocks.filter(isRow)]
  unique(ofFacts.map(([first = '']) => first))
  unique(ofRows.map(([id = '']) => id))
  const facts = Object.fromEntries(ofFacts.map((each) => factOf(each, words)))
  const usable = Object.keys(facts).filter((name) => facts[name]?.isOfSearch !== true)
  const rows = ofRows.map((each) => rowOf(each, usable))
  return { rows, facts, words, following: followingIn(ofRows), blocks: blocksOf(blocks), asks }
}

/** The actions of calls that are marked `then`: each must be so wherever it is not the first call. [PSR-20] */
function followingIn(rows: readonly (readonly string[])[]): readonly string[] {
  const plans = rows.flatMap(([id = '', ...lines]) => {
    const own = lines.flatMap((line) => /^ +(?:needs )?((?:then |(?<=needs )).*)$/.exec(line)?.[1] ?? [])
    const ways = lines.flatMap((line) => /^ +or (?!nothing)(.*?)(?: if .*| later .*)?$/.exec(line)?.[1] ?? [])
    const calls = ways.length === 0 ? [own] : ways.map((way) => [...own, ...way.split(' + ')])
    return calls.map((plan) => ({ id, plan }))
  })
  const actionOf = (call: string): string => /^(?:then )?(\S+)/.exec(call)?.[1] ?? ''
  const follows = (call: string): boolean => call.startsWith('then ')
  const marked = new Set(plans.flatMap(({ plan }) => plan.filter(follows).map(actionOf)))
  for (const { id, plan } of plans)
    for (const [place, call] of plan.entries())
      if (follows(call) !== (place > 0 && marked.has(actionOf(call))))
        throw new Error(`${id}: ${call} is marked otherwise than elsewhere`)
  return [...marked].sort()
}

function unique(names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`${twice} is there twice`)
}

type Row = { -readonly [Key in keyof Technique]?: Technique[Key] } & {
  needs: TechniqueNeed[]
  ways: TechniqueWay[]
}

const basisOf = ['field', 'documented', 'derived']
const statusOf = ['current', 'retiring', 'retired']
const relations: readonly string[] = ['become', 'run', 'act', 'empower', 'lift', 'fixed', 'read']
function rowOf([id = '', ...lines]: readonly string[], usable: readonly string[]): Technique {
  if (!/^[a-z]+\.[a-z0-9+-]+$/.test(id)) throw new Error(`${id} is no id`)
  const row: Row = { id, needs: [], ways: [] }
  for (const line of lines) {
    try {
      readLine(row, line.trim(), usable)
    } catch (error) {
      throw new Error(`${id}: ${line.trim()}: ${error instanceof Error ? error.message : error}`)
    }
  }
  const {
    title,
    gives,
    target,
    basis,
    status,
    delay,
    effect,
    needs,
    ways,
    facts = [],
    sources,
    ...rest
  } = row
  if (
    title === undefined ||
    gives === undefined ||
    target === undefined ||
    basis === undefined ||
    status === undefined ||
    delay === undefined ||
    effect === undefined ||
    sources === undefined
  )
    throw new Error(`${id} lacks a member`)
  return { ...rest, id, title, gives, target, basis, status, delay, effect, needs, ways, facts, sources }
}

function readLine(row: Row, line: string, usable: readonly string[]): void {
  const [word = '', ...words] = line.split(' ')
  const rest = line.slice(word.length + 1)
  switch (word) {
    case 'title':
      row.title = rest
      return
    case 'gives':
      row.gives = known(words[0], relations) as TechniqueRelation // checked by `known`
      row.target = words
        .slice(1)
        .join(' ')
        .replace(/^\(|\)$/g, '')
      return
    case 'is':
      row.basis = known(words[0], basisOf) as Technique['basis'] // checked by `known`
      row.status = known(words[1]?.replace(',', ''), statusOf) as Technique['status'] // checked by `known`
      row.delay = rest.slice(rest.indexOf(',') + 2)
      return
    case 'effect':
      row.effect = known(rest, Object.keys(techniqueEffects)) as TechniqueEffect // checked by `known`
      return
    case 'passes':
      row.passesTo = words.slice(1)
      return
    case 'trusts':
      row.trusts = { type: words[0] === 'service' ? 'service' : 'federated', name: words[1] ?? '' }
      return
    case 'role':
      row.workloads = rest.slice(3).split(', ')
      return
    case 'composed':
      row.composedOf = words.slice(1)
      return
    case 'needs':
    case 'then':
      row.needs.push(needOf(rest))
      return
    case 'if':
      row.facts = factsOf(rest, usable)
      return
    case 'or':
      row.ways.push(wayOf(rest, usable))
      return
    case 'from':
      if (words[0] === 'sources') row.sources = words[1] === 'none' ? [] : words.slice(1)
      else row.from = rest
      return
    case 'note':
      row.note = rest
      return
    default:
      throw new Error(`${word} is no member of a row`)
  }
}

function wayOf(text: string, usable: readonly string[]): TechniqueWay {
  const [before = '', later] = text.split(' later ')
  const [requests = '', facts] = before.split(' if ')
  return {
    needs: requests === 'nothing' ? [] : requests.split(' + ').map(needOf),
    facts: facts === undefined ? [] : factsOf(facts, usable),
    ...(later === undefined ? {} : { later }),
  }
}

/** That a service makes a call with a further role. */
const startingFact =
  /^(?:events|scheduler) starts [a-z]+:[A-Za-z]+ on (?:new|workload|resource AWS::[A-Za-z:]+)$/

function factsOf(text: string, usable: readonly string[]): readonly string[] {
  return text
    .split(', ')
    .map((fact) =>
      /^(?:exists|is) AWS::/.test(fact) || startingFact.test(fact) ? fact : known(fact, usable),
    )
}

function known(text: string | undefined, words: readonly string[]): string {
  if (text === undefined || !words.includes(text)) throw new Error(`${text} is not known`)
  return text
}
