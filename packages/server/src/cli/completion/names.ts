import { serviceInfo, services } from '../../authorization/catalogue/index.ts'
import { runningServer } from '../client.ts'
import type { Home } from '../home.ts'
import { namesAt } from '../name-hint.ts'
import { type NameKind, type Verb, wordsOf } from './verbs.ts'

/** Names that are safe in a shell: it may interpret other characters. */
const plain = /^[\w+=,.@:/*-]+$/

/** The names that match the last of the words after `omen`, one by one; empty if no name belongs there. */
export async function namesFor(
  words: readonly string[],
  program: Verb,
  home: Home,
): Promise<readonly string[]> {
  const kind = kindAt(words, program)
  const typed = words.at(-1) ?? ''
  if (kind === undefined) return []
  // several are separated by commas
  const before = typed.slice(0, typed.lastIndexOf(',') + 1)
  const names = await namesOf(kind, typed.slice(before.length), home)
  return names
    .filter((name) => plain.test(name))
    .map((name) => `${before}${name}`)
    .filter((name) => name.startsWith(typed))
}

function kindAt(words: readonly string[], program: Verb): NameKind | undefined {
  let verb = program
  let place = 0
  let option: Verb['options'][number] | undefined
  for (const word of words.slice(0, -1)) {
    if (word === '--') return undefined
    if (option?.takesValue) option = undefined
    else if (word.startsWith('-')) option = verb.options.find(({ flag }) => flag === word)
    else {
      const child = verb.children.find((each) => wordsOf(each).includes(word))
      if (child === undefined) place++
      else verb = child
    }
  }
  if (option?.takesValue) return option.names
  return (verb.arguments[place] ?? verb.arguments.findLast(({ variadic }) => variadic))?.names
}

async function namesOf(kind: NameKind, typed: string, home: Home): Promise<readonly string[]> {
  switch (kind) {
    case 'actions':
      return actionsLike(typed)
    case 'services':
      return [...services().keys()]
    case 'calls':
      return ['become', ...actionsLike(typed)]
    case 'goals':
      return ['administrator', ...(await inServer('users', home)), ...(await inServer('roles', home))]
    case 'equals':
      return [...(await inServer('users', home)), ...(await inServer('roles', home))].map(
        (name) => `=${name}`,
      )
    case 'principals':
      return ['root', ...(await inServer('users', home)), ...(await inServer('roles', home))]
    default:
      return inServer(kind, home)
  }
}

/** The services, and of the one that has been typed its actions, in AWS's spelling. */
function actionsLike(typed: string): readonly string[] {
  const colon = typed.indexOf(':')
  if (colon === -1) return [...services().keys()].map((prefix) => `${prefix}:`)
  const prefix = typed.slice(0, colon)
  return (serviceInfo(prefix)?.actions ?? []).map(({ name }) => `${prefix}:${name}`)
}

function inServer(what: 'users' | 'roles', home: Home): Promise<readonly string[]> {
  const server = runningServer(home)
  return namesAt({ server, keys: server.keys.root }, what)
}
