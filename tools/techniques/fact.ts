import type {
  FactBlock,
  FactCase,
  FactMatch,
  FactSubject,
  FactTest,
  FactWay,
  FactWords,
} from '../../packages/server/src/authorization/catalogue/index.ts'
import { factsOfCode, recordNames } from '../../packages/server/src/graph/index.ts'
import { needOf } from './need.ts'

type Draft = { -readonly [Key in keyof FactBlock]?: FactBlock[Key] }

/** Reads the lines of a fact. @throws Error with the line of a word that is not known */
export function factOf(
  [first = '', ...lines]: readonly string[],
  shared: Readonly<Record<string, FactWords>>,
): readonly [name: string, FactBlock] {
  const id = first.slice('fact '.length)
  const says: Record<string, FactWords> = {}
  const cases: { when: readonly FactTest[]; ways: FactWay[] }[] = []
  const draft: Draft = {}
  const reads: Record<string, string | null> = {}
  let isCode = false
  let isAlwaysKnown = false
  const read = (line: string): void => {
    const [word = '', ...words] = line.split(' ')
    const rest = line.slice(word.length + 1)
    switch (word) {
      case 'named':
        draft.name = wordsOf(rest)
        return
      case 'code':
        isCode = true
        return
      case 'search':
        draft.isOfSearch = true
        isCode = true
        return
      case 'shown':
        draft.isShown = true
        isCode = true
        return
      case 'compares':
        draft.comparesNames = true
        return
      case 'passes': {
        const [, service = '', policy = ''] = /^role for (\S+) with (\S+)$/.exec(rest) ?? []
        if (policy === '') throw new Error('it names no service and policy')
        draft.passes = { service, policy }
        isCode = true
        return
      }
      case 'always':
        isAlwaysKnown = true
        return
      case 'read': {
        const last = cases.at(-1)?.ways.at(-1)
        if (last !== undefined && last.known !== 'unknown') throw new Error('it follows what is known')
        reads[last?.says ?? '*'] = commandOf(rest)
        return
      }
      case 'asks':
        draft.asks = rest.split(' + ').map(needOf)
        return
      case 'says':
        says[words[0]?.slice(0, -1) ?? ''] = wordsOf(words.slice(1).join(' '))
        return
      case 'when':
        cases.push({ when: rest.split(' and ').map(testOf), ways: [] })
        return
      case 'else':
        cases.push({ when: [], ways: [] })
        return
      case 'no':
        return
      default:
        cases.at(-1)?.ways.push(wayOf(line, cases, says))
    }
  }
  for (const line of lines)
    try {
      read(line.trim())
    } catch (error) {
      throw new Error(`${first}: ${line.trim()}: ${error instanceof Error ? error.message : error}`)
    }
  const { name, asks = [], ...others } = draft
  if (name === undefined) throw new Error(`${first} has no name in words`)
  if (isCode === cases.length > 0) throw new Error(`${first} has either cases, or code`)
  const isInCode = factsOfCode.includes(id)
  if (isInCode !== (isCode && !draft.isOfSearch && !draft.isShown && draft.passes === undefined))
    throw new Error(`${first} ${isInCode ? 'is decided by code' : 'has no code'}`)
  const open = isCode
    ? isAlwaysKnown || draft.isShown || draft.passes !== undefined
      ? []
      : ['*']
    : cases.flatMap(({ ways }) =>
        ways.flatMap(({ known, says: own }) => (known === 'unknown' ? (own ?? '') : [])),
      )
  const unread = open.find((each) => reads[each] === undefined && reads['*'] === undefined)
  if (unread !== undefined) throw new Error(`${first} does not say what it is read by`)
  const names = Object.keys(says)
  const twice = names.find((each) => shared[each] !== undefined)
  if (twice !== undefined) throw new Error(`${first}: the words of ${twice} are those of all facts`)
  const said = cases.flatMap(({ ways }) => ways.flatMap((way) => way.says ?? []))
  const missing = said.find((each) => says[each] === undefined && shared[each] === undefined)
  if (missing !== undefined) throw new Error(`${first} has no words for ${missing}`)
  return [
    id,
    {
      name,
      ...others,
      ...(isCode ? {} : { cases: cases satisfies FactCase[] }),
      asks,
      ...(Object.keys(reads).length === 0 ? {} : { reads }),
      says,
    },
  ]
}

/** Reads `by COMMAND`, or `by nothing`. */
function commandOf(text: string): string | null {
  const command = /^by ((?:aws|omen) \S.*|nothing)$/.exec(text)?.[1]
  if (command === undefined) throw new Error('it names no command')
  return command === 'nothing' ? null : command
}

/** Reads `ENGLISH | JAPANESE`. */
export function wordsOf(text: string): FactWords {
  const [en = '', ja, ...more] = text.split(' | ')
  if (ja === undefined || more.length > 0) throw new Error(`${text} is not in English and in Japanese`)
  return { en, ja }
}

/** Reads a test: `SUBJECT VALUE, VALUE`. */
function testOf(text: string): FactTest {
  const [, subject = '', values = ''] = /^((?:its|list of) \S+|\S+) (.+)$/.exec(text) ?? []
  return { of: subjectOf(subject), any: values.split(', ').map(matchOf) }
}

function subjectOf(text: string): FactSubject {
  if (text.startsWith('its ')) {
    const [first = '', ...others] = text.slice(4).split('/')
    return { member: [first, ...others] }
  }
  if (text.startsWith('list of ')) return { list: text.slice(8) }
  if (!recordNames.some((name) => name === text)) throw new Error(`${text} is nothing that the graph reads`)
  return { record: text }
}

function matchOf(text: string): FactMatch {
  switch (text) {
    case 'absent':
    case 'given':
    case 'empty':
      return { is: text }
    case 'true':
    case 'false':
      return text === 'true'
  }
  const [, below] = /^below (\d+)$/.exec(text) ?? []
  return below === undefined ? text.toLowerCase() : { below: Number(below) }
}

/** Reads a way: `yes`, `unknown`, `after CALL + CALL` or `target may ACTION, ACTION`, where it is known from, and its sentence. */
function wayOf(line: string, cases: readonly FactCase[], says: Record<string, FactWords>): FactWay {
  const end = line.indexOf(': ')
  const [head = '', sentence] = end < 0 ? [line] : [line.slice(0, end), line.slice(end + 2)]
  const [plain = '', source] = head.split(' from ')
  const [verb = '', set] = plain.split(' with ')
  const subject = cases.find(({ when }) => when.length > 0)?.when[0]?.of
  const own = subject !== undefined && 'record' in subject ? 'details' : 'inventory'
  const known = verb === 'unknown' ? 'unknown' : source === undefined ? own : sourceOf(source)
  const context = set === undefined ? {} : { with: Object.fromEntries(set.split(' and ').map(pairOf)) }
  if (verb === 'silent') return { known }
  const name = sentence === undefined ? sharedName(verb, cases.at(-1)) : String(Object.keys(says).length)
  if (sentence !== undefined) says[name] = wordsOf(sentence)
  const way = { known, says: name, ...context } as const
  if (verb === 'yes' || verb === 'unknown') return way
  if (verb.startsWith('after ')) return { ...way, needs: verb.slice(6).split(' + ').map(needOf) }
  if (verb.startsWith('target may ')) return { ...way, may: verb.slice(11).split(', ') }
  throw new Error(`${verb} is no way in which a fact holds`)
}

function sourceOf(text: string): 'details' | 'inventory' {
  if (text !== 'details' && text !== 'inventory') throw new Error(`${text} is no source`)
  return text
}

function pairOf(text: string): readonly [string, string] {
  const equals = text.indexOf('=')
  return [text.slice(0, equals), text.slice(equals + 1)]
}

/** The words that a way has without own ones. */
function sharedName(verb: string, last: FactCase | undefined): string {
  const subject = last?.when[0]?.of
  if (subject === undefined) throw new Error('it has no sentence')
  if (verb === 'yes') return 'member' in subject ? 'is' : 'value'
  return 'list' in subject ? 'notListed' : 'notSaid'
}
