import type {
  CallBlock,
  EventSource,
  KeyBlock,
  ResourceBlock,
  ServiceBlock,
  VariableBlock,
} from '../../packages/server/src/authorization/catalogue/index.ts'

/** The blocks of resources, services, event sources, calls, variables and keys, by their names. */
export interface Blocks {
  readonly resource: Readonly<Record<string, ResourceBlock>>
  readonly service: Readonly<Record<string, ServiceBlock>>
  readonly source: Readonly<Record<string, EventSource>>
  readonly call: Readonly<Record<string, CallBlock>>
  readonly variable: Readonly<Record<string, VariableBlock>>
  readonly key: Readonly<Record<string, KeyBlock>>
}

/** The members that lines of a block have, by the words that they begin with; undefined: no such line. */
type Reader = (line: string) => Readonly<Record<string, unknown>> | undefined

const readers: Readonly<Record<keyof Blocks, Reader>> = {
  resource: (line) =>
    read(line, {
      'role for': (rest) => ({ services: list(rest) }),
      'always has a role': () => ({ isAlwaysWearing: true }),
      'source key': (rest) => ({ source: rest }),
      'named as': (rest) => ({ variable: rest }),
      'policy read by': (rest) => ({ policy: rest }),
    }),
  service: (line) =>
    read(line, {
      'sessions ask': (rest) => ({ asks: list(rest) }),
      'tags may be off': () => ({ isOptional: true }),
      'sessions choose': (rest) => ({ chooses: list(rest) }),
      'starts calls by': (rest) => ({ starter: rest }),
    }),
  source: (line) =>
    read(line, {
      'read by': (rest) => ({ reads: list(rest) }),
      'written by': (rest) => {
        const [, writes = '', type, before = ''] = /^(.*?)(?: on (\S+) before (\S+))?$/.exec(rest) ?? []
        return { writes: list(writes), ...(type === undefined ? {} : { to: { type, before } }) }
      },
      'made by': (rest) => {
        const [by = '', arn = ''] = rest.split(' as ')
        return { by, arn }
      },
    }),
  call: (line) =>
    read(line, {
      limits: (rest) => ({ limits: list(rest) }),
      network: (rest) => {
        const [, keys = '', caller = '', role = ''] =
          /^(.*?)(?:; the caller may (.*?))?; the role may (.*)$/.exec(rest) ?? []
        return { network: { keys: list(keys), caller: list(caller), role: list(role) } }
      },
      carries: (rest) => {
        const [, all = '', unless] = /^(.*?)(?: unless (\S+))?$/.exec(rest) ?? []
        return { carries: all.split(' or ').map(carriedOf), ...(unless === undefined ? {} : { unless }) }
      },
      makes: (rest) => {
        const [, kind = '', longest] = /^(\S+) of at most (\d+) characters$/.exec(rest) ?? []
        return { makes: { kind, longest: Number(longest) } }
      },
      'tags by': (rest) => ({ tags: rest }),
      order: (rest) => ({ order: rest }),
      'source arn': (rest) => ({ source: rest }),
      forwards: () => ({ isForwarding: true }),
      documents: (rest) => ({ documents: list(rest) }),
    }),
  variable: (line) =>
    read(line, {
      of: (rest) => ({ characters: rest }),
      'begins with': (rest) => ({ first: rest }),
      'ends with': (rest) => ({ last: rest }),
      'at least': (rest) => ({ least: Number(rest) }),
      'at most': (rest) => ({ most: Number(rest) }),
      'one of': (rest) => ({ values: list(rest) }),
      'made as': (rest) => ({ made: rest }),
    }),
  key: (line) =>
    read(line, {
      holds: (rest) => ({ holds: rest }),
      'may hold role': () => ({ holds: 'role', isOptional: true }),
      'only set': () => ({ isOnlySet: true }),
      'given of what exists': () => ({ given: 'existing' }),
      given: () => ({ given: 'always' }),
      'one of': (rest) => ({ values: list(rest) }),
    }),
}

/** The kind of a block, by the word that it begins with; undefined: it is of another kind. */
export function kindOfBlock([first = '']: readonly string[]): keyof Blocks | undefined {
  const [word = ''] = first.split(' ')
  return Object.hasOwn(readers, word) ? (word as keyof Blocks) : undefined // it is a key of the readers
}

/** Reads blocks of these kinds. @throws Error for a line that is not known */
export function blocksOf(all: readonly (readonly string[])[]): Blocks {
  const found: Record<keyof Blocks, Record<string, object>> = {
    resource: {},
    service: {},
    source: {},
    call: {},
    variable: {},
    key: {},
  }
  for (const block of all) {
    const kind = kindOfBlock(block)
    const [first = '', ...lines] = block
    if (kind === undefined) continue
    const members = lines.map((line) => {
      const read = readers[kind](line.trim())
      if (read === undefined) throw new Error(`${first}: ${line.trim()} is no line of a ${kind}`)
      return read
    })
    for (const name of list(first.slice(kind.length + 1))) {
      if (found[kind][name] !== undefined) throw new Error(`${kind} ${name} is there twice`)
      found[kind][name] = Object.assign({}, ...members)
    }
  }
  return found as unknown as Blocks // each line gave members of its kind; the derived file is read by a test
}

function read(
  line: string,
  words: Readonly<Record<string, (rest: string) => Readonly<Record<string, unknown>>>>,
): Readonly<Record<string, unknown>> | undefined {
  const word = Object.keys(words).find((each) => line === each || line.startsWith(`${each} `))
  return word === undefined ? undefined : words[word]?.(line.slice(word.length + 1))
}

function list(text: string): readonly string[] {
  return text === '' ? [] : text.split(', ')
}

function carriedOf(text: string): NonNullable<CallBlock['carries']>[number] {
  const [, each, key = '', value = ''] = /^(each )?([^=]+)=(.*)$/.exec(text) ?? []
  return { key, value, ...(each === undefined ? {} : { isMultivalued: true }) }
}
