import { type FactWords, techniqueTable } from '../authorization/catalogue/index.ts'
import { lastPiece, shellArgument } from '../base/index.ts'
import type { FactUsed } from './proof/fact.ts'
import type { SentenceLanguage } from './sentences.ts'

/** The value of a fact in words, in a language. Names and ARNs stay as they are. */
export function factValueIn(
  { fact, says, of = {} }: Pick<FactUsed, 'fact' | 'says' | 'of'>,
  language: SentenceLanguage,
): string {
  const { facts, words } = techniqueTable()
  const own = facts[fact]?.says ?? {}
  const sentence = own[says] ?? words[says]
  if (sentence === undefined) throw new Error(`${fact} has no sentence ${says}`)
  // The limits of sessions are in the inventory, in English.
  const read = fact === 'limited' ? sentenceIn(own, of.value ?? '') : undefined
  const said = read === undefined ? filled(sentence[language], of) : filled(read.sentence[language], read.of)
  const why = says === 'notListed' ? techniqueTable().resources[of.type ?? '']?.unlisted : undefined
  return why === undefined || language !== 'en' ? said : `${said}: ${why}`
}

/**
 * The read-only command that says what is not known of a fact; null if no call does, undefined if none is known here. Values
 * are words of a shell. [GRD-725]
 */
export function commandOf({
  fact,
  says,
  of = {},
}: Pick<FactUsed, 'fact' | 'says' | 'of'>): string | null | undefined {
  const { facts, resources } = techniqueTable()
  if (says === 'notListed') {
    const { list, unlisted } = resources[of.type ?? ''] ?? {}
    return list ?? (unlisted === undefined ? undefined : null)
  }
  if (says === 'ofResource') return policyCommand(of.resource ?? '')
  const { reads = {} } = facts[fact] ?? {}
  const command = reads[says] === undefined ? reads['*'] : reads[says]
  return typeof command === 'string' ? filled(command, wordsIn(of)) : command
}

/** The command that has the policy of a resource. */
function policyCommand(resource: string): string | undefined {
  const service = resource.split(':')[2]
  const blocks = Object.entries(techniqueTable().resources)
  const block = blocks.find(
    ([type, each]) => each?.policy !== undefined && type.split('::')[1]?.toLowerCase() === service,
  )?.[1]
  return block?.policy === undefined
    ? undefined
    : filled(block.policy, wordsIn({ resource, name: lastPiece(resource) }))
}

function wordsIn(of: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, shellArgument(value)]))
}

function filled(sentence: string, of: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{(\w+)\}/g, (whole, name: string) => of[name] ?? whole)
}

/** Which of some sentences a text is, and the values in it. */
function sentenceIn(says: Readonly<Record<string, FactWords>>, text: string) {
  for (const sentence of Object.values(says)) {
    const [before = '', name, after = ''] = sentence.en.split(/[{}]/)
    if (name === undefined ? text !== before : !text.startsWith(before) || !text.endsWith(after)) continue
    const value = text.slice(before.length, text.length - after.length)
    return { sentence, of: name === undefined ? {} : { [name]: value } }
  }
  return undefined
}

/** The names of facts without a block: a row is bound to nothing. */
const unbound: Readonly<Record<string, FactWords>> = {
  'a resource that exists': { en: 'a resource that exists', ja: '対象のリソースの存在' },
  'a resource that runs as the role': {
    en: 'a resource that runs as the role',
    ja: 'そのロールを使うリソースの存在',
  },
}

const starters: Readonly<Record<string, string>> = {
  events: 'EventBridge',
  scheduler: 'EventBridge Scheduler',
}

/** The name of a fact in words, in a language. */
export function factNameIn(fact: string, language: SentenceLanguage): string {
  const name = techniqueTable().facts[fact]?.name ?? unbound[fact]
  if (name !== undefined) return name[language]
  const [, by = '', action] = /^(events|scheduler) starts (\S+) on /.exec(fact) ?? []
  if (action !== undefined)
    return language === 'en' ? `${action} by ${starters[by]}` : `${starters[by]} による ${action}`
  const [kind = ''] = fact.split(' ')
  const type = fact.slice(kind.length + 1)
  // Of a resource of no certain type the fact has words.
  if (kind === 'exists' && type.includes(' ')) return factNameIn(type, language)
  if (kind === 'exists') return language === 'en' ? `a resource of the type ${type}` : `${type} の存在`
  if (kind === 'is') return language === 'en' ? `the type ${type}` : `${type} であること`
  return fact
}

/** A problem of reading, in a language. The parser's words about a document stay as AWS has them. */
export function problemIn(problem: string, language: SentenceLanguage): string {
  return language === 'en'
    ? problem
    : problem.replace(/The policy (\S+) is not known\.$/, 'ポリシー $1 は不明です。')
}
