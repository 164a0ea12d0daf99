import { type Policy, wildcardMatcher } from '@omen-iam/policy'
import { textFor } from './pattern.ts'
import { nameOfArn, type World } from './world.ts'

/** The conditions on aws:PrincipalArn about principals of a kind that do not exist yet. */
export interface WantedNames {
  /** The patterns that do not match every name. */
  readonly patterns: readonly string[]
  /** An ARN that fits each of them, if nothing has it yet. */
  readonly arns: readonly string[]
}

/** The most names that are tried. */
const most = 10

/** The names that conditions on aws:PrincipalArn ask of the users or roles of an account. */
export function wantedNames(
  policies: readonly Policy[],
  { partition, account, users, roles }: Pick<World, 'partition' | 'account' | 'users' | 'roles'>,
  kind: 'user' | 'role',
): WantedNames {
  const start = `arn:${partition}:iam::${account}:${kind}/`
  let existing: ReadonlySet<string> | undefined
  const exists = (arn: string): boolean => {
    existing ??= new Set([...users.keys(), ...roles.keys()].map((each) => each.toLowerCase()))
    return existing.has(arn.toLowerCase())
  }
  const patterns = new Set<string>()
  const arns = new Set<string>()
  for (const { text, statements } of policies) {
    if (!/aws:PrincipalArn/i.test(text)) continue
    for (const { condition } of statements) {
      for (const { key, values } of condition) {
        if (!/^aws:PrincipalArn$/i.test(key)) continue
        for (const { value } of values) {
          const arn = fitting(value, start)
          if (arn === undefined) continue
          patterns.add(value)
          if (arns.size < most && !exists(arn)) arns.add(arn)
        }
      }
    }
  }
  return { patterns: [...patterns], arns: [...arns] }
}

/**
 * ARNs that nothing has yet, that Allows for making something name, and that fit one of the patterns that conditions ask
 * for: the ARN that fits a pattern may be none that may be made.
 */
export function wantedAndAllowed(
  { patterns }: WantedNames,
  allowed: readonly string[],
  start: string,
): readonly string[] {
  if (patterns.length === 0) return []
  const matchers = patterns.map((pattern) => wildcardMatcher(pattern))
  return allowed
    .flatMap((pattern) => fitting(pattern, start) ?? [])
    .filter((arn) => matchers.some((fits) => fits(arn)))
    .slice(0, most)
}

/** An ARN of an account and a kind that a pattern matches; undefined if there is none, or if any name will do. */
function fitting(pattern: string, start: string): string | undefined {
  if (pattern.includes('${')) return undefined
  const fits = wildcardMatcher(pattern)
  if (fits(`${start}0`) && fits(`${start}omen/Omen,x`)) return undefined
  const kind = start.slice(start.lastIndexOf(':') + 1)
  const at = pattern.lastIndexOf(kind)
  const tail = at === -1 ? pattern.slice(pattern.lastIndexOf('*')) : pattern.slice(at + kind.length)
  const arn = start + textFor(tail)
  const name = nameOfArn(arn)
  return fits(arn) && /^[\w+=,.@-]{1,64}$/.test(name) ? arn : undefined
}

/** A name for something new that no pattern matches. */
export function unnamed(name: string, start: string, patterns: readonly string[]): string {
  const matchers = patterns.map((pattern) => wildcardMatcher(pattern))
  let found = name
  for (let tries = 0; tries < most && matchers.some((fits) => fits(start + found)); tries++)
    found = `x${found}x`
  return found
}
