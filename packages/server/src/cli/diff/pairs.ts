import { type Policy, type PolicyKind, parsePolicy, type Span } from '@omen-iam/policy'
import { readPolicySources, type WrittenPolicy, wholePolicy } from '../../sources/index.ts'
import { badSyntax } from '../failure.ts'
import type { PolicyFile } from '../policy-file.ts'

/** A policy of one of the two files, with the way back to the file. */
export interface Side {
  readonly policy: Policy
  readonly file: string
  place(span: Span): Span
}

/** One policy in both files. */
export interface Pair {
  /** `AWS::IAM::Role Deployer Policies[0].PolicyDocument`; empty if the files are policies. */
  readonly name: string
  readonly before: Side
  readonly after: Side
}

/**
 * The policies of two files, side by side: the one policy of each, or those of two templates or plans by the names of
 * their resources. A policy that only one file has is compared with one that allows nothing: the other may be empty, or
 * contain no policy (behaviour LNT-61). @throws CommandFailure if a file cannot be read
 */
export function policyPairs(
  first: PolicyFile,
  second: PolicyFile,
  kind: PolicyKind | undefined,
): readonly Pair[] {
  const before = policiesOf(first, kind)
  const after = policiesOf(second, kind)
  const [one] = before
  const [other] = after
  if (one !== undefined && other !== undefined && before.length === 1 && after.length === 1) {
    // one of them may be in a template, and the other the same policy alone
    const shared = kind ?? (other.isKindGuessed ? one.kind : other.kind)
    return [{ name: '', before: sideOf(one, shared), after: sideOf(other, shared) }]
  }
  const names = new Set([...before, ...after].map(nameOf))
  return [...names].map((name) => {
    const old = before.find((each) => nameOf(each) === name)
    const now = after.find((each) => nameOf(each) === name)
    const shared = kind ?? (now ?? old)?.kind ?? 'identity'
    return {
      name,
      before: old === undefined ? nothing(first.name, shared) : sideOf(old, shared),
      after: now === undefined ? nothing(second.name, shared) : sideOf(now, shared),
    }
  })
}

function nameOf({ owner, property }: WrittenPolicy): string {
  return [owner?.type, owner?.id, property].filter((each) => each !== undefined && each !== '').join(' ')
}

function policiesOf(file: PolicyFile, kind: PolicyKind | undefined): readonly WrittenPolicy[] {
  const options = { file: file.name, ...(kind === undefined ? {} : { kind }) }
  if (file.text.trim() === '') return []
  const read = readPolicySources(file.text, options)
  if ('policies' in read) return read.policies.filter(({ isAwsManaged }) => !isAwsManaged)
  if (read.form === 'other') return []
  if (/^\s*\{/.test(file.text)) return [wholePolicy(file.text, options)]
  const { line, column } = read.span.start
  throw badSyntax(`${file.name}:${line}:${column}: ${read.message}`)
}

function sideOf(written: WrittenPolicy, kind: PolicyKind): Side {
  const parsed = parsePolicy(written.text, kind)
  if (parsed.ok) return { policy: parsed.policy, file: written.file, place: (span) => written.place(span) }
  const [first] = parsed.findings
  const start = first === undefined ? undefined : written.place(first.span).start
  const where = start === undefined ? '' : `:${start.line}:${start.column}`
  throw badSyntax(`${written.file}${where}: ${first?.message ?? parsed.message}`)
}

function nothing(file: string, kind: PolicyKind): Side {
  return { policy: { kind, version: '2012-10-17', statements: [], text: '' }, file, place: (span) => span }
}
