import { listOf, objectOf, textOf } from './file-value.ts'
import { WorldProblem } from './problem.ts'

/** Roles that are given to people or machines that are no principals of IAM. */
export interface Lent {
  /** `center/USER`, `center/group/NAME`, `pod/CLUSTER/NAMESPACE/ACCOUNT`, `pool/ID`, `guest/ID`, `certificate/PROFILE`. */
  readonly to: string
  /** ARNs of the roles that it has by itself. */
  readonly roles: readonly string[]
  /** Names of the groups that it belongs to, of which it has the roles too. */
  readonly groups: readonly string[]
  /** The tags of its sessions, as far as they are known. */
  readonly tags: Readonly<Record<string, string>>
  /** `aws:SourceArn` of the service that assumes the role for it. */
  readonly source: string | undefined
  /** The limit of its sessions that is not asked about, in words: what they may do is then undecided. */
  readonly limit: string | undefined
}

/** The forms of a holder's name. */
const holders = /^(?:center\/(?:group\/)?.|pod\/[^/]+\/[^/]+\/[^/]+$|(?:pool|guest|certificate)\/.)/

/** Reads the list `lent` of an inventory. @throws WorldProblem if the value is not such a list */
export function readLent(value: unknown): readonly Lent[] | undefined {
  if (value === undefined) return undefined
  return listOf(value, 'lent').map((each): Lent => {
    const { to, roles = [], groups = [], tags = {}, source, limit } = objectOf(each, 'An entry of lent')
    if (typeof to !== 'string' || !holders.test(to))
      throw new WorldProblem(
        `lent has no holder of a role in ${JSON.stringify(to)}: center/alice, center/group/dev, pod/CLUSTER/NAMESPACE/ACCOUNT, pool/ID, guest/ID, certificate/PROFILE`,
      )
    return {
      to,
      roles: textsOf(roles, to),
      groups: textsOf(groups, to),
      tags: Object.fromEntries(Object.entries(Object(tags)).map(([key, text]) => [key, String(text)])),
      source: textOf(source),
      limit: textOf(limit),
    }
  })
}

function textsOf(value: unknown, to: string): readonly string[] {
  const all = listOf(value, `A list of lent for ${to}`)
  if (all.some((each) => typeof each !== 'string'))
    throw new WorldProblem(`lent has no list of texts in ${to}.`)
  return all.map(String)
}
