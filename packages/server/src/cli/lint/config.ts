import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { type FindingClass, type JsonNode, Lines, type PolicyKind, policyKinds } from '@omen-iam/policy'
import { readTree } from '../../sources/index.ts'
import { badConfiguration } from '../failure.ts'
import { messageOf } from '../home.ts'
import type { PlacedFinding } from './check.ts'

/** Names of the configuration file that is looked for in the working folder. */
export const configNames = ['.omen-lint.yaml', '.omen-lint.yml', '.omen-lint.json'] as const

/** The classes by the names that --fail-on takes, the gravest first; `unread` is an error, or a policy that is not known. */
export const failures = ['error', 'security-warning', 'warning', 'suggestion', 'unread'] as const
export type FailOn = (typeof failures)[number]

const ranks: Readonly<Record<FindingClass, number>> = {
  error: 0,
  securityWarning: 1,
  warning: 2,
  suggestion: 3,
}

/** Returns whether a finding is severe enough to make the command fail. */
export function fails(finding: PlacedFinding, failOn: FailOn): boolean {
  return ranks[finding.class] <= (failOn === 'unread' ? 0 : failures.indexOf(failOn))
}

/** A finding that is known and accepted, until a day. */
export interface Ignore {
  /** Where the entry is written, for people. */
  readonly at: string
  readonly code: string
  /** Globs of files, from the configuration file's folder; if absent, every file. */
  readonly path: string | undefined
  /** The owner, as findings show it, or its id alone. */
  readonly owner: string | undefined
  readonly sid: string | undefined
  readonly reason: string
  /** The last day on which it counts, or `never` for no end. */
  readonly until: string
}

export interface LintConfig {
  /** Absolute; relative paths in the file start here. */
  readonly folder: string
  readonly paths: readonly string[]
  readonly failOn: FailOn | undefined
  readonly kinds: readonly { readonly path: string; readonly kind: PolicyKind }[]
  readonly ignore: readonly Ignore[]
}

/**
 * The configuration in a file, or in the one of the working folder; without any, the default. @throws CommandFailure
 * if the file cannot be read or has an unknown member
 */
export function lintConfig(given: string | undefined): LintConfig {
  const file = given ?? configNames.find((name) => existsSync(name))
  if (file === undefined)
    return { folder: process.cwd(), paths: [], failOn: undefined, kinds: [], ignore: [] }
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw badConfiguration(`${file}: ${messageOf(error)}`)
  }
  return new Reader(file, text).config()
}

/** The configured kind of a file. */
export function configuredKind(file: string, { kinds, folder }: LintConfig): PolicyKind | undefined {
  return kinds.find(({ path }) => isUnder(file, path, folder))?.kind
}

/** The code in an entry that accepts what is not looked at (behaviour LNT-60). */
export const unreadCode = 'UNREAD'

/** The entry that ignores a finding, or what is not looked at, on a day such as `2026-01-31`. */
export function ignoring(
  finding: Pick<PlacedFinding, 'code' | 'file' | 'owner' | 'sid'>,
  { ignore, folder }: LintConfig,
  today: string,
): Ignore | undefined {
  return ignore.find((entry) => !isOver(entry, today) && concerns(entry, finding, folder))
}

/** Returns whether an entry's last day has passed. */
export function isOver({ until }: Ignore, today: string): boolean {
  return until !== 'never' && until < today
}

function concerns(
  { code, path, owner, sid }: Ignore,
  finding: Pick<PlacedFinding, 'code' | 'file' | 'owner' | 'sid'>,
  folder: string,
): boolean {
  if (code !== finding.code) return false
  if (path !== undefined && !isUnder(finding.file, path, folder)) return false
  if (sid !== undefined && sid !== finding.sid) return false
  return owner === undefined || finding.owner === owner || finding.owner?.endsWith(` ${owner}`) === true
}

/**
 * Returns whether a file is the path, is in the folder, or matches the glob: `*` within a name, `**` over folders.
 */
function isUnder(file: string, path: string, folder: string): boolean {
  const name = relative(folder, resolve(file)).replaceAll('\\', '/')
  const glob = path.replace(/^\.\//, '').replace(/\/$/, '')
  if (name === glob || name.startsWith(`${glob}/`) || glob === '.') return true
  if (!glob.includes('*')) return false
  const pattern = glob
    .split(/(\*\*\/|\*\*|\*)/)
    .map((part) => globParts[part] ?? part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&'))
    .join('')
  return new RegExp(`^${pattern}$`).test(name)
}

const globParts: Readonly<Record<string, string | undefined>> = {
  '**/': '(?:.*/)?',
  '**': '.*',
  '*': '[^/]*',
}

const entryKeys: readonly string[] = ['code', 'path', 'owner', 'sid', 'reason', 'until']

class Reader {
  readonly #file: string
  readonly #text: string
  readonly #lines: Lines

  constructor(file: string, text: string) {
    this.#file = file
    this.#text = text
    this.#lines = new Lines(text)
  }

  config(): LintConfig {
    const root = readTree(this.#text, this.#file)
    if (root.type === 'problem') throw this.#fault(root, root.message)
    let paths: readonly string[] = []
    let failOn: FailOn | undefined
    let kinds: LintConfig['kinds'] = []
    let ignore: readonly Ignore[] = []
    for (const [name, value] of this.#members(root, ['paths', 'fail-on', 'kinds', 'ignore'])) {
      if (name === 'paths') paths = this.#list(value).map((each) => this.#textOf(each))
      else if (name === 'fail-on') failOn = this.#oneOf(value, failures)
      else if (name === 'kinds') {
        kinds = this.#members(value).map(([path, kind]) => ({ path, kind: this.#oneOf(kind, policyKinds) }))
      } else ignore = this.#list(value).map((each) => this.#ignore(each))
    }
    const folder = resolve(dirname(this.#file))
    return {
      folder,
      paths: paths.map((path) => relative(process.cwd(), join(folder, path)) || '.'),
      failOn,
      kinds,
      ignore,
    }
  }

  #ignore(node: JsonNode): Ignore {
    const members = new Map(this.#members(node, entryKeys))
    const text = (name: string): string | undefined => {
      const value = members.get(name)
      return value === undefined ? undefined : this.#textOf(value)
    }
    const needed = (name: string, why: string): string => {
      const value = text(name)
      if (value === undefined || value.trim() === '')
        throw this.#fault(node, `an entry needs ${name}: ${why}`)
      return value
    }
    const until = needed('until', 'the last day on which it counts (2026-12-31), or never')
    if (until !== 'never' && !isDay(until))
      throw this.#fault(members.get('until') ?? node, 'until is a day such as 2026-12-31, or never')
    return {
      at: this.#place(node),
      code: needed('code', 'the code of the finding'),
      path: text('path'),
      owner: text('owner'),
      sid: text('sid'),
      reason: needed('reason', 'why the finding is accepted'),
      until,
    }
  }

  #members(
    node: JsonNode,
    allowed?: readonly string[],
  ): readonly (readonly [name: string, value: JsonNode])[] {
    if (node.type === 'scalar' && node.value === null) return []
    if (node.type !== 'object') throw this.#fault(node, 'names with values are expected here')
    return node.members.map(({ key, value }) => {
      if (allowed?.includes(key.value) === false)
        throw this.#fault(key, `${key.value} is not known; use ${allowed.join(', ')}`)
      return [key.value, value]
    })
  }

  #list(node: JsonNode): readonly JsonNode[] {
    if (node.type === 'scalar' && node.value === null) return []
    return node.type === 'list' ? node.items : [node]
  }

  #textOf(node: JsonNode): string {
    if (node.type === 'string') return node.value
    throw this.#fault(node, 'a text is expected here')
  }

  #oneOf<T extends string>(node: JsonNode, values: readonly T[]): T {
    const text = this.#textOf(node)
    const choice = values.find((value) => value === text)
    if (choice === undefined) throw this.#fault(node, `${text} is not known; use ${values.join(', ')}`)
    return choice
  }

  #place({ start }: { readonly start: number }): string {
    const { line, column } = this.#lines.position(start)
    return `${this.#file}:${line}:${column}`
  }

  #fault(node: { readonly start: number }, message: string): Error {
    return badConfiguration(`${this.#place(node)}: ${message}`)
  }
}

function isDay(text: string): boolean {
  const instant = Date.parse(`${text}T00:00:00Z`)
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(instant) &&
    new Date(instant).toISOString().startsWith(text)
  )
}
