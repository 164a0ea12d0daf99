import type { RawModel } from '../models/botocore.ts'
import { plain } from './mapping.ts'
import type { RawOperation } from './raw.ts'

const suffixes = ['', 'name', 'id', 'identifier', 'arn', 'key', 'names', 'ids', 'identifiers', 'arns', 's']

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
  const any = (candidates: readonly string[]): string | undefined => {
    const found = candidates.find((candidate) => members.has(candidate))
    return found === undefined ? undefined : members.get(found)
  }
  return {
    arnBeside: (member) => {
      const stem = plain(member).replace(/(?:name|identifier|id)$/, '')
      const arn = members.get(`${stem}arn`)
      return arn === member || arn?.endsWith('[]') ? undefined : arn
    },
    find: (variable, type, last) => {
      const own = plain(variable)
      const stem = own.replace(/(?:name|identifier|id|arn)$/, '')
      const kind = plain(type)
      return any([
        own,
        ...(stem === '' ? [] : suffixes.map((suffix) => stem + suffix)),
        ...(last ? suffixes.map((suffix) => kind + suffix) : []),
        // `DeletePipeline(name)`: what the operation is named after needs no longer name.
        ...(last && (noun.includes(kind) || (stem !== '' && noun.includes(stem)))
          ? ['name', 'id', 'identifier', 'arn', 'names', 'ids', 'arns', 'resourcename', 'resourceid']
          : []),
        ...(last ? ['resourcearn', 'resourcearns', 'resourceidentifier', 'arn'] : []),
      ])
    },
  }
}
