import type { Seed, SeedAccount, SeedPolicyOf, SeedUser } from '../seed/index.ts'
import type { Check } from './form/index.ts'
import type { Language } from './lesson.ts'

/** The letter of an option, by its place from 1. */
export function optionLetter(place: number): string {
  return String.fromCharCode(96 + place)
}

/** Returns a check in one line. AWS's words stay as they are in every language. */
export function checkWords(check: Check, language: Language): string {
  const ja = language === 'ja'
  const named = whoWords(check.who ?? check.bearer ?? '', ja)
  const who = ja ? spaced(named) : named
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
    const event = where === '' ? check.trail : `${check.trail} (${where})`
    if (check.count === 0) return ja ? `記録に ${event} がない` : `the trail has no ${event}`
    return ja ? `記録に ${event} がある` : `the trail has ${event}`
  }
  if (check.call !== undefined) {
    const input = ['RoleSessionName', 'Tags', 'DurationSeconds']
      .filter((name) => check.input?.[name] !== undefined)
      .map((name) => `${name} ${valueWords(check.input?.[name])}`)
      .join(', ')
    const call = input === '' ? check.call : `${check.call} (${input})`
    if (check.code === undefined) return ja ? `${who}の ${call} が通る` : `${who} calls ${call}: it works`
    return ja ? `${who}の ${call} が断られる` : `${who} calls ${call}: refused, ${check.code}`
  }
  if (check.most !== undefined || check['most-trust'] !== undefined) {
    const of = check.of === undefined ? '' : ` (${check.of})`
    if (check['most-trust'] !== undefined)
      return ja ? `${who}を被れる人が増えない` : `nobody else may wear ${who}`
    return ja ? `余分なし：${named}${of}` : `nothing more: ${who}${of}`
  }
  if (check['can-assume'] !== undefined)
    return ja
      ? `${who}は ${list(check['can-assume'])} を被れる${withKeys}`
      : `${who} may wear ${list(check['can-assume'])}${withKeys}`
  if (check['cannot-assume'] !== undefined)
    return ja
      ? `${who}は ${list(check['cannot-assume'])} を被れない${withKeys}`
      : `${who} may not wear ${list(check['cannot-assume'])}${withKeys}`
  if (check['can-pass'] !== undefined)
    return ja
      ? `${who}は ${list(check['can-pass'])} を ${check.to} に渡せる`
      : `${who} hands ${list(check['can-pass'])} to ${check.to}`
  if (check['cannot-pass'] !== undefined)
    return ja
      ? `${who}は ${list(check['cannot-pass'])} を ${check.to} に渡せない`
      : `${who} may not hand ${list(check['cannot-pass'])} to ${check.to}`
  const allowed = check.can !== undefined
  const actions = list(check.can ?? check.cannot)
  if (ja)
    return `${who}は ${on === '' ? '' : `${on} に `}${actions} が${allowed ? 'できる' : 'できない'}${withKeys}`
  return `${who} ${allowed ? 'can' : 'cannot'} ${actions}${on === '' ? '' : ` on ${on}`}${withKeys}`
}

/** Returns a caller and its call in one line. */
export function callWords({ who = '', call = '', input }: Check, language: Language): string {
  const ja = language === 'ja'
  const role = shortName(String(input?.RoleArn ?? ''))
  const named = role === '' ? call : `${call} (${role})`
  return ja ? `${spaced(whoWords(who, ja))}が ${named} を呼ぶ` : `${whoWords(who, ja)} calls ${named}`
}

/** A name of Latin letters before Japanese has a blank behind it. */
function spaced(name: string): string {
  return /[\w*/:.-]$/.test(name) ? `${name} ` : name
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

/** Returns an answer in words: the engine's own, and around them those of the language. */
export function gotWords(got: string, language: Language): string {
  if (language === 'en') return got
  const [, layer] = /^denied by (\w+)$/.exec(got) ?? []
  if (layer !== undefined) return `拒否（${layer}）`
  const [, count] = /^(\d+) events$/.exec(got) ?? []
  if (count !== undefined) return `イベント ${count} 件`
  return japanese[got] ?? got
}

const japanese: Readonly<Record<string, string>> = {
  allowed: '許可',
  denied: '拒否',
  more: '余分',
  none: '道がない',
  proven: '道がある',
  conditional: '条件つきの道がある',
  blocked: '道はふさがれている',
  'it works': '通った',
  nothing: 'なし',
}

/** A name without the beginning that all ARNs of IAM have. */
function shortName(name: string): string {
  const [, account, rest] = /^arn:[a-z-]+:iam::(\d{12}):(.+)$/.exec(name) ?? []
  if (rest === undefined) return name
  if (rest === 'root') return `${account}:root`
  return account === firstAccount ? rest : `${account} ${rest}`
}

const firstAccount = '123456789012'

/**
 * A principal or resource of a world, with its permissions and those who may wear it, in words that are the same in
 * every language.
 */
export interface Inhabitant {
  readonly kind: 'user' | 'role' | 'policy' | 'resource' | 'scp'
  readonly name: string
  /** The number of another account than the first. */
  readonly account?: string
  /** Of a role: who may wear it. */
  readonly trust?: string
  /** A line for each statement, or the name of a policy. */
  readonly may: readonly string[]
  readonly boundary?: string
  readonly tags?: string
  /** Of an SCP: the unit that it is attached to. */
  readonly unit?: string
}

/** Returns the principals and resources of a world. */
export function inhabitantsOf(world: Seed): readonly Inhabitant[] {
  const others = Object.entries(world.accounts ?? {})
  const units = Object.entries(world.organization?.units ?? {})
  return [
    ...inhabitants(world),
    ...others.flatMap(([account, content]) =>
      [...inhabitants(content)].map((each) => ({ ...each, account })),
    ),
    ...units.flatMap(([unit, given]) =>
      Object.entries(given?.scp ?? {}).map(
        ([name, document]): Inhabitant => ({ kind: 'scp', name, unit, may: policyLines(document) }),
      ),
    ),
  ]
}

function* inhabitants(account: SeedAccount | null): Generator<Inhabitant> {
  for (const [name, user] of Object.entries(account?.users ?? {}))
    yield { kind: 'user', name, ...ownOf(user ?? {}) }
  for (const [name, role] of Object.entries(account?.roles ?? {}))
    yield { kind: 'role', name, trust: trustWords(role.trust), ...ownOf(role) }
  for (const [name, policy] of Object.entries(account?.policies ?? {}))
    yield { kind: 'policy', name, may: policyLines(policy as SeedPolicyOf) } // a document; lessons give no others
  for (const [arn, policy] of Object.entries(account?.resources ?? {}))
    yield { kind: 'resource', name: arn.replace(/^arn:aws:/, ''), may: policyLines(policy) }
}

function ownOf({ policies = [], boundary, tags = {} }: Pick<SeedUser, 'policies' | 'boundary' | 'tags'>) {
  const written = Object.entries(tags).map(([key, value]) => `${key}=${value}`)
  return {
    may: policies.flatMap(policyLines),
    ...(boundary === undefined ? {} : { boundary }),
    ...(written.length === 0 ? {} : { tags: written.join(', ') }),
  }
}

/** Returns the principals of a world, a line each: their permissions, and who may wear them. */
export function housesWords(
  world: Seed,
  language: Language,
): readonly (readonly [name: string, words: string])[] {
  const ja = language === 'ja'
  return inhabitantsOf(world).map(({ kind, name, account, trust, may, boundary, tags, unit }) => {
    const full = kind === 'resource' ? name : `${kind}/${name}`
    const isPerson = kind === 'user' || kind === 'role'
    const none = ja ? 'ポリシーなし' : 'no policy'
    const words = [
      ...(trust === undefined ? [] : [ja ? `${trust} を信頼` : `trusts ${trust}`]),
      ...(may.length === 0 && isPerson ? [none] : may),
      ...(boundary === undefined ? [] : [ja ? `アクセス許可の境界 ${boundary}` : `boundary ${boundary}`]),
      ...(tags === undefined ? [] : [ja ? `タグ ${tags}` : `tags ${tags}`]),
    ].join('; ')
    const owner = account === undefined ? '' : `${account} `
    return [`${owner}${full}${unit === undefined ? '' : ` (${unit})`}`, words] as const
  })
}

function policyLines(policy: SeedPolicyOf): readonly string[] {
  return typeof policy === 'string' ? [policy] : statementsOf(policy).map(statementWords)
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
