import type { Seed, SeedAccount, SeedPolicyOf } from '../seed/index.ts'
import type { Check } from './form/index.ts'
import type { Language } from './lesson.ts'

/** The letter of an option, by its place from 1. */
export function optionLetter(place: number): string {
  return String.fromCharCode(96 + place)
}

/** What a check asks, in a line. AWS's words stay as they are in every language. */
export function checkWords(check: Check, language: Language): string {
  const ja = language === 'ja'
  const who = whoWords(check.who ?? check.bearer ?? '', ja)
  const on = check.on === undefined ? '' : [check.on].flat().map(shortName).join(', ')
  const list = (names: string | readonly string[] = []) => [names].flat().map(shortName).join(', ')
  const withKeys = keysWords(check)
  if (check.paths !== undefined) {
    const { from, to = 'administrator', expect } = check.paths
    if (expect === 'proven') return ja ? `${from} から ${to} への道がある` : `a path from ${from} to ${to}`
    return ja ? `${from} から ${to} への道がない` : `no path from ${from} to ${to}`
  }
  if (check.trail !== undefined) {
    const where = Object.values(check.where ?? {}).join(', ')
    const named = where === '' ? check.trail : `${check.trail} (${where})`
    if (check.count === 0) return ja ? `記録に ${named} がない` : `the trail has no ${named}`
    return ja ? `記録に ${named} がある` : `the trail has ${named}`
  }
  if (check.call !== undefined) {
    const input = ['RoleSessionName', 'Tags', 'DurationSeconds']
      .filter((name) => check.input?.[name] !== undefined)
      .map((name) => `${name} ${valueWords(check.input?.[name])}`)
      .join(', ')
    const call = input === '' ? check.call : `${check.call} (${input})`
    if (check.code === undefined) return ja ? `${who} の ${call} が通る` : `${who} calls ${call}: it works`
    return ja ? `${who} の ${call} が断られる` : `${who} calls ${call}: refused, ${check.code}`
  }
  if (check.most !== undefined || check['most-trust'] !== undefined) {
    const of = check.of === undefined ? '' : ` (${check.of})`
    if (check['most-trust'] !== undefined)
      return ja ? `${who} を被れる人が増えない` : `nobody else may wear ${who}`
    return ja ? `余分なし：${who}${of}` : `nothing more: ${who}${of}`
  }
  if (check['can-assume'] !== undefined)
    return ja
      ? `${who} は ${list(check['can-assume'])} を被れる${withKeys}`
      : `${who} may wear ${list(check['can-assume'])}${withKeys}`
  if (check['cannot-assume'] !== undefined)
    return ja
      ? `${who} は ${list(check['cannot-assume'])} を被れない${withKeys}`
      : `${who} may not wear ${list(check['cannot-assume'])}${withKeys}`
  if (check['can-pass'] !== undefined)
    return ja
      ? `${who} は ${list(check['can-pass'])} を ${check.to} に渡せる`
      : `${who} hands ${list(check['can-pass'])} to ${check.to}`
  if (check['cannot-pass'] !== undefined)
    return ja
      ? `${who} は ${list(check['cannot-pass'])} を ${check.to} に渡せない`
      : `${who} may not hand ${list(check['cannot-pass'])} to ${check.to}`
  const allowed = check.can !== undefined
  const actions = list(check.can ?? check.cannot)
  if (ja)
    return `${who} は ${on === '' ? '' : `${on} に `}${actions} が${allowed ? 'できる' : 'できない'}${withKeys}`
  return `${who} ${allowed ? 'can' : 'cannot'} ${actions}${on === '' ? '' : ` on ${on}`}${withKeys}`
}

/** A name, or the avatar that an earlier call has made. */
function whoWords(who: string, ja: boolean): string {
  if (!who.startsWith('$')) return shortName(who)
  if (who.endsWith('.half')) return ja ? 'トークンのない分身' : 'the avatar without its token'
  return ja ? '分身' : 'the avatar'
}

function keysWords({ context, session }: Check): string {
  const keys = Object.entries({ ...context, ...session?.tags }).map(
    ([key, value]) => `${key}=${valueWords(value)}`,
  )
  if (session?.mfa === true) keys.push('MFA')
  if (session?.policy !== undefined || session?.policyArns !== undefined) keys.push('session policy')
  return keys.length === 0 ? '' : ` (${keys.join(', ')})`
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join('+')
  if (typeof value === 'object' && value !== null) return Object.values(value).map(valueWords).join('=')
  return String(value)
}

/** A name without the beginning that all ARNs of IAM have. */
function shortName(name: string): string {
  const [, account, rest] = /^arn:[a-z-]+:iam::(\d{12}):(.+)$/.exec(name) ?? []
  if (rest === undefined) return name
  return account === firstAccount ? rest : `${account} ${rest}`
}

const firstAccount = '123456789012'

/** Who lives in a world, a line each: what they may do, and who may wear them. */
export function housesWords(
  world: Seed,
  language: Language,
): readonly (readonly [name: string, words: string])[] {
  const lines: (readonly [string, string])[] = []
  const add = (account: SeedAccount | null, before: string) => {
    for (const [name, user] of Object.entries(account?.users ?? {}))
      lines.push([`${before}user/${name}`, ownWords(user?.policies, user?.boundary, language)])
    for (const [name, role] of Object.entries(account?.roles ?? {})) {
      const trust =
        language === 'ja' ? `${trustWords(role.trust)} を信頼` : `trusts ${trustWords(role.trust)}`
      lines.push([`${before}role/${name}`, `${trust}; ${ownWords(role.policies, role.boundary, language)}`])
    }
    for (const [name, policy] of Object.entries(account?.policies ?? {}))
      lines.push([`${before}policy/${name}`, policyWords(policy as SeedPolicyOf)]) // a document; lessons give no others
    for (const [arn, policy] of Object.entries(account?.resources ?? {}))
      lines.push([arn.replace(/^arn:aws:/, ''), policyWords(policy)])
  }
  add(world, '')
  for (const [id, account] of Object.entries(world.accounts ?? {})) add(account, `${id} `)
  for (const [unit, { scp = {} } = {}] of Object.entries(world.organization?.units ?? {}).map(
    ([name, given]) => [name, given ?? {}] as const,
  ))
    for (const [name, document] of Object.entries(scp))
      lines.push([`scp/${name} (${unit})`, policyWords(document)])
  return lines
}

function ownWords(
  policies: readonly SeedPolicyOf[] = [],
  boundary: string | undefined,
  language: Language,
): string {
  const none = language === 'ja' ? 'ポリシーなし' : 'no policy'
  const words = policies.length === 0 ? none : policies.map(policyWords).join('; ')
  if (boundary === undefined) return words
  return language === 'ja' ? `${words}; 境界 ${boundary}` : `${words}; boundary ${boundary}`
}

function policyWords(policy: SeedPolicyOf): string {
  if (typeof policy === 'string') return policy
  return statementsOf(policy).map(statementWords).join('; ')
}

interface Written {
  readonly Effect?: string
  readonly Principal?: unknown
  readonly Action?: unknown
  readonly NotAction?: unknown
  readonly Resource?: unknown
  readonly NotResource?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

function statementsOf(document: object): readonly Written[] {
  const { Statement: given = [] } = document as { Statement?: Written | readonly Written[] } // a policy document
  return [given].flat()
}

function statementWords({
  Effect = '',
  Action,
  NotAction,
  Resource,
  NotResource,
  Condition,
  Principal,
}: Written): string {
  const what = NotAction === undefined ? listWords(Action) : `NotAction ${listWords(NotAction)}`
  const on =
    NotResource === undefined
      ? Resource === undefined || Resource === '*'
        ? ''
        : ` on ${listWords(Resource)}`
      : ` on NotResource ${listWords(NotResource)}`
  const to = Principal === undefined ? '' : ` to ${principalWords(Principal)}`
  const conditions = Object.entries(Condition ?? {}).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, value]) => `${operator} ${key} ${listWords(value)}`),
  )
  return `${Effect} ${what}${on}${to}${conditions.length === 0 ? '' : ` if ${conditions.join(' and ')}`}`
}

function listWords(value: unknown): string {
  return [value]
    .flat()
    .map((each) => shortName(String(each)))
    .join(', ')
}

function principalWords(principal: unknown): string {
  if (typeof principal !== 'object' || principal === null) return String(principal)
  return Object.values(principal).map(listWords).join(', ')
}

function trustWords(trust: unknown): string {
  if (typeof trust === 'string' || Array.isArray(trust)) return listWords(trust)
  const statements = statementsOf(trust as object) // no text and no list
  return statements
    .map(({ Principal, Condition }) => {
      const who = principalWords(Principal)
      const keys = Object.entries(Condition ?? {}).flatMap(([operator, each]) =>
        Object.entries(each).map(([key, value]) => `${operator} ${key} ${listWords(value)}`),
      )
      return keys.length === 0 ? who : `${who} if ${keys.join(' and ')}`
    })
    .join(', ')
}
