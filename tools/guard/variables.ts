import type { RawModel } from '../models/botocore.ts'
import { plain } from './mapping.ts'
import type { RawOperation } from './raw.ts'

const suffixes = ['', 'name', 'id', 'identifier', 'arn', 'key', 'names', 'ids', 'identifiers', 'arns', 's']

/** Operations that may bring a new name for what they are about. */
const changes = /^(?:Update|Modify|Rename)/

/** Finds the member of an operation's input that a variable of an ARN pattern stands for. */
export interface MemberFinder {
  /** `Name`, or `Names[]` for a list of texts. */
  readonly find: (variable: string, type: string, last: boolean) => string | undefined
  /** The member that may hold the ARN of what another member names. */
  readonly arnBeside: (member: string) => string | undefined
}

/** The texts that an operation's input holds, by names without case and punctuation. */
export function memberFinder(
  { shapes }: RawModel,
  name: string,
  operation: RawOperation,
  ignored: readonly string[] = [],
): MemberFinder {
  const input = operation.input && shapes[operation.input.shape]
  const members = new Map<string, string>()
  for (const [member, { shape }] of Object.entries(input?.members ?? {})) {
    if (ignored.includes(member)) continue
    const target = shapes[shape]!
    if (target.type === 'string') members.set(plain(member), member)
    if (target.type === 'list' && shapes[target.member!.shape]!.type === 'string') {
      members.set(plain(member), `${member}[]`)
    }
  }
  const noun = plain(name)
  const required = new Set((input?.required ?? []).map(plain))
  // What an update must name is what it is about; what it may bring is what that becomes.
  const any = (candidates: readonly string[]): string | undefined => {
    const there = candidates.filter((candidate) => members.has(candidate))
    const found = there.find((candidate) => required.has(candidate)) ?? there[0]
    return found === undefined ? undefined : members.get(found)
  }
  const generic = ['name', 'id', 'identifier', 'arn', 'names', 'ids', 'arns', 'resourcename', 'resourceid']
  const own = changes.test(name) ? [...generic.slice(1), 'name'] : generic
  return {
    arnBeside: (member) => {
      const stem = plain(member).replace(/(?:name|identifier|id)$/, '')
      const arn = members.get(`${stem}arn`)
      return arn === member || arn?.endsWith('[]') ? undefined : arn
    },
    find: (variable, type, last) => {
      const exact = plain(variable)
      const stem = exact.replace(/(?:name|identifier|id|arn)$/, '')
      const kind = plain(type)
      const isNamed = noun.includes(kind) || (stem !== '' && noun.includes(stem))
      return (
        any([exact]) ??
        any(stem === '' ? [] : suffixes.map((suffix) => stem + suffix)) ??
        any(last ? suffixes.map((suffix) => kind + suffix) : []) ??
        // `DeletePipeline(name)`: what the operation is named after needs no longer name.
        any(last && isNamed ? own : []) ??
        any(last ? ['resourcearn', 'resourcearns', 'resourceidentifier', 'arn'] : [])
      )
    },
  }
}
