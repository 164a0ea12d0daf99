import {
  type Technique,
  type TechniqueEffect,
  type TechniqueNeed,
  type TechniqueRelation,
  type TechniqueVariable,
  type TechniqueWay,
  techniqueFacts,
} from '../../packages/server/src/authorization/catalogue/index.ts'

/** The source form, read: rows, and the resource types of some actions. */
export interface TechniqueSource {
  readonly rows: readonly Technique[]
  readonly asks: ReadonlyMap<string, readonly (readonly string[])[]>
}

/** Reads the source form. @throws Error with the line of a word that is not known */
export function parseTechniques(text: string): TechniqueSource {
  const asks = new Map<string, readonly (readonly string[])[]>()
  const rows: Technique[] = []
  let row: string[] = []
  const end = (): void => {
    if (row.length > 0) rows.push(rowOf(row))
    row = []
  }
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue
    if (line.trim() === '') end()
    else if (line.startsWith('asks ')) {
      const [, action = '', ...types] = line.split(' ')
      asks.set(
        action,
        types.map((group) => group.split('/')),
      )
    } else row.push(line)
  }
  end()
  const ids = rows.map(({ id }) => id)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw new Error(`${twice} is there twice`)
  return { rows, asks }
}

type Row = { -readonly [Key in keyof Technique]?: Technique[Key] } & {
  needs: TechniqueNeed[]
  ways: TechniqueWay[]
}

const basisOf = ['field', 'documented', 'derived']
const statusOf = ['current', 'retiring', 'retired']
const relations: readonly string[] = ['become', 'run', 'act', 'empower', 'lift', 'fixed', 'read']
const effects: readonly string[] =
  `becomes assumes federates makesUser makesRole becomesRoot writesTrust writesPolicy attachesPolicy writesVersion
  setsVersion joinsGroup writesPermissionSet removesBoundary replacesBoundary writesBoundary detachesPolicy deletesPolicy
  removesGroupPolicy writesTags sessionTags enrollsMfa leavesOrganization none`.split(/\s+/)

function rowOf([id = '', ...lines]: readonly string[]): Technique {
  if (!/^[a-z]+\.[a-z0-9+-]+$/.test(id)) throw new Error(`${id} is no id`)
  const row: Row = { id, needs: [], ways: [] }
  for (const line of lines) {
    try {
      readLine(row, line.trim())
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

function readLine(row: Row, line: string): void {
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
      row.effect = known(rest, effects) as TechniqueEffect // checked by `known`
      return
    case 'passes':
      row.passesTo = words.slice(1)
      return
    case 'trusts':
      row.trusts = { type: words[0] === 'service' ? 'service' : 'federated', name: words[1] ?? '' }
      return
    case 'worn':
      row.wornBy = rest.slice(3).split(', ')
      return
    case 'composed':
      row.composedOf = words.slice(1)
      return
    case 'needs':
      row.needs.push(needOf(rest))
      return
    case 'if':
      row.facts = factsOf(rest)
      return
    case 'or':
      row.ways.push(wayOf(rest))
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

function wayOf(text: string): TechniqueWay {
  const [before = '', later] = text.split(' later ')
  const [requests = '', facts] = before.split(' if ')
  return {
    needs: requests === 'nothing' ? [] : requests.split(' + ').map(needOf),
    facts: facts === undefined ? [] : factsOf(facts),
    ...(later === undefined ? {} : { later }),
  }
}

function needOf(text: string): TechniqueNeed {
  const [plain = '', set] = text.split(' with ')
  const ownGrant = plain.endsWith(' by own grant')
  const [action = '', named = ''] = (ownGrant ? plain.slice(0, -' by own grant'.length) : plain).split(' on ')
  const [on = '', as] = named.split(' as ')
  return {
    action,
    on: variableOf(on),
    ...(as === undefined ? {} : { as }),
    ...(set === undefined ? {} : { with: Object.fromEntries(set.split(' and ').map(keyOf)) }),
    ...(ownGrant ? { ownGrant: true } : {}),
  }
}

function keyOf(text: string): readonly [key: string, value: string] {
  const equals = text.indexOf('=')
  return [text.slice(0, equals), text.slice(equals + 1)]
}

function variableOf(text: string): TechniqueVariable {
  if (text.startsWith('thing ')) return { is: 'thing', type: text.slice(6) }
  switch (text) {
    case 'target':
    case 'policy':
    case 'group':
    case 'boundary':
    case 'profile':
    case 'provider':
    case 'new':
    case 'wearer':
    case 'any':
      return { is: text }
    default:
      throw new Error(`${text} is no variable`)
  }
}

/** That a service makes a call with a further role. */
const startingFact = /^(?:events|scheduler) starts [a-z]+:[A-Za-z]+ on (?:new|wearer|thing AWS::[A-Za-z:]+)$/

function factsOf(text: string): readonly string[] {
  return text
    .split(', ')
    .map((fact) =>
      /^(?:exists|is) AWS::/.test(fact) || startingFact.test(fact) ? fact : known(fact, techniqueFacts),
    )
}

function known(text: string | undefined, words: readonly string[]): string {
  if (text === undefined || !words.includes(text)) throw new Error(`${text} is not known`)
  return text
}
