import type { Statement } from '@omen-iam/policy'
import { followingCalls } from '../request/together.ts'

/** What a document says of calls that another principal may make instead, in lower case. */
export interface Doubts {
  readonly allowed: ReadonlySet<string>
  /** Those that are allowed under no condition. */
  readonly free: ReadonlySet<string>
  readonly denied: ReadonlySet<string>
}

/** Keys of how a call is made: who meets no condition on them meets none as another principal. */
const ambient =
  /^aws:(?:MultiFactorAuth\w+|Source(?:Ip|Vpc\w*)|VpcSourceIp|RequestedRegion|SecureTransport|CurrentTime|EpochTime|ViaAWSService)$/i

/** What statements say of calls that another principal may make instead. */
export function doubtsOf(
  allows: readonly Statement[],
  denies: readonly Statement[],
  actionsOf: (statement: Statement) => readonly string[],
): Doubts {
  const followingIn = (statements: readonly Statement[]): ReadonlySet<string> =>
    new Set(statements.flatMap(actionsOf).filter((action) => followingCalls.has(action)))
  const isPlain = ({ condition }: Statement): boolean => condition.length === 0
  const isOwn = ({ condition }: Statement): boolean =>
    condition.length === 0 || condition.some(({ key }) => !ambient.test(key))
  return {
    allowed: followingIn(allows),
    free: followingIn(allows.filter(isPlain)),
    denied: followingIn(denies.filter(isOwn)),
  }
}

/** The calls that documents allow, but not in every case: a Deny is about them, or each Allow has a condition. */
export function doubtedIn(documents: readonly Doubts[]): ReadonlySet<string> {
  const doubted = new Set<string>()
  for (const { allowed } of documents)
    for (const action of allowed) {
      const isFree = documents.some(({ free }) => free.has(action))
      if (!isFree || documents.some(({ denied }) => denied.has(action))) doubted.add(action)
    }
  return doubted
}
