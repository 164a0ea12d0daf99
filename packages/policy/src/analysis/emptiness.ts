import { compile } from '../compile/compile.ts'
import type { Policy, PrincipalEntry, Statement } from '../document/policy.ts'
import { parsePolicy } from '../parse/parse.ts'
import type { UserPrincipal } from '../request/principal.ts'
import { findGap } from '../witness/find-gap.ts'
import type { DifferenceRow } from './difference-row.ts'
import { principalIncludes, principalOverlaps } from './elements.ts'

/** Steps of the search for one principal in one partition. */
const maxSteps = 50_000
/** Maximum principals of a row. A row with more is not decided. */
const maxEntries = 16
/** The partitions in which a row must be empty, and those that the policies name. */
const partitions = ['aws', 'aws-cn', 'aws-us-gov']

/**
 * Whether a row of `difference` is certainly empty: no request in it is allowed by `after` and refused by `before`,
 * for every caller and every value of its condition keys. A yes is a proof. A no says nothing: requests may be left, or the
 * search does not decide the row.
 */
export function isEmptyRow(row: DifferenceRow, before: Policy, after: Policy): boolean {
  if (row.statement.principal?.negated === true) return false
  const entries: readonly (PrincipalEntry | undefined)[] = row.principals ?? [undefined]
  if (entries.length > maxEntries) return false
  const names = new Set([...partitions, ...partitionsIn(before), ...partitionsIn(after)])
  return entries.every((entry) => {
    const [old, now] = sidesOf(row, before, after, entry)
    return [...names].every((partition) => isWithin(old, now, partition))
  })
}

/**
 * The policies to compare for one principal of a row. Where it is not certain whom a statement names, the first allows
 * less and the second allows more.
 */
function sidesOf(
  row: DifferenceRow,
  before: Policy,
  after: Policy,
  entry: PrincipalEntry | undefined,
): readonly [before: Policy, after: Policy] {
  const certain = ({ principal }: Statement) => principalIncludes(principal, entry)
  const possible = ({ principal }: Statement) => principalOverlaps(principal, entry)
  const isDeny = ({ effect }: Statement) => effect === 'Deny'
  const ofRow = reduced(row)
  if (row.kind === 'lifted')
    return [
      taken(before, [...everything.statements, ofRow]),
      taken(
        after,
        after.statements.filter((each) => (isDeny(each) ? certain(each) : possible(each))),
      ),
    ]
  return [
    taken(
      before,
      before.statements.filter((each) => (isDeny(each) ? possible(each) : certain(each))),
    ),
    taken(after, [ofRow, ...after.statements.filter((each) => isDeny(each) && certain(each))]),
  ]
}

/** The row's statement with the actions and resources of the row alone. */
function reduced({ statement, actions, resources }: DifferenceRow): Statement {
  const { action, resource } = statement
  const span = action.values[0]?.span ?? action.span
  return {
    ...statement,
    action: { ...action, values: actions.map((value) => ({ value, span })) },
    ...(resource === undefined || resources === undefined
      ? {}
      : {
          resource: { ...resource, values: resource.values.filter(({ value }) => resources.includes(value)) },
        }),
  }
}

/** A policy with some statements, without their principals. */
function taken(policy: Policy, statements: readonly Statement[]): Policy {
  return {
    ...policy,
    statements: statements.map(({ principal: _, ...statement }, index) => ({ ...statement, index })),
  }
}

/** Whether one policy allows all that the other does. The search for gaps takes the other one for an SCP. */
function isWithin(wider: Policy, policy: Policy, partition: string): boolean {
  const source = { type: 'none' } as const
  const policies = compile({ identity: [{ policy: wider, source }], scp: [[{ policy, source }]] })
  const answer = findGap({ principal: userIn(partition), policies, context: {} }, { steps: maxSteps })
  return answer.verdict === 'none'
}

/** Any caller with identity policies. Keys of the principal are not known, so they may hold anything. */
function userIn(partition: string): UserPrincipal {
  const account = '123456789012'
  return { type: 'user', account, arn: `arn:${partition}:iam::${account}:user/x`, id: 'AIDAEXAMPLEEXAMPLEXX' }
}

function partitionsIn({ text }: Policy): readonly string[] {
  return [...text.matchAll(/"arn:(aws[\w-]*):/g)].flatMap(([, name]) => name ?? [])
}

const everything = allowAll()

function allowAll(): Policy {
  const text = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
  const parsed = parsePolicy(text, 'identity')
  if (!parsed.ok) throw new Error(parsed.message)
  return parsed.policy
}
