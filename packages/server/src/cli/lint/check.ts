import { type Finding, type PolicyKind, parsePolicy, type Span, validate } from '@omen-iam/policy'
import { catalogueFindings, signInFindings } from '../../authorization/index.ts'
import { unreadDocuments } from '../../intake/index.ts'
import {
  parseSource,
  readPolicySources,
  unknownPart,
  type WrittenPolicy,
  wholePolicy,
} from '../../sources/index.ts'
import type { LintFile } from './files.ts'
import type { PlacedFinding } from './placed.ts'
import { resourceFindings } from './resources.ts'

export type { PlacedFinding } from './placed.ts'

/** The content of one file; `policies` is 0 if it contains none. */
export interface Linted {
  readonly policies: number
  readonly findings: readonly PlacedFinding[]
  /** Resources with a policy that the file does not contain. */
  readonly unread: readonly string[]
  /** Why a file of a folder could not be parsed. */
  readonly problem?: string
}

/** Checks all policies of a file. `parameters` are values of a template's parameters. */
export function lintFile(
  file: LintFile,
  kind: PolicyKind | undefined,
  parameters: Readonly<Record<string, string>> = {},
): Linted {
  const options = { file: file.name, parameters, ...(kind === undefined ? {} : { kind }) }
  const read = readPolicySources(file.text, options)
  switch (read.form) {
    case 'other':
      // a file with a given kind is a policy
      return !file.isFound && kind !== undefined ? checked([wholePolicy(file.text, options)]) : nothing
    case 'unreadable': {
      if (file.isFound && !/\bStatement"?'?\s*:/.test(file.text)) return { ...nothing, problem: read.message }
      if (/^\s*\{/.test(file.text) || file.name.endsWith('.json'))
        return checked([wholePolicy(file.text, options)])
      const { message, span } = read
      const finding = { class: 'error', code: 'YAML_SYNTAX_ERROR', message, path: [], span } as const
      return {
        policies: 1,
        findings: [{ ...finding, file: file.name, kind: kind ?? 'identity' }],
        unread: [],
      }
    }
    default:
      // only AWS can change its managed policies
      return {
        ...withResources(checked(read.policies.filter(({ isAwsManaged }) => !isAwsManaged)), file, options),
        unread: read.form === 'terraform' ? unreadIn(file) : (read.unread ?? []),
      }
  }
}

/** Adds the findings about resources that are no policies, in the order of the file. */
function withResources(
  linted: Linted,
  { text }: LintFile,
  options: Parameters<typeof resourceFindings>[1],
): Linted {
  const further = resourceFindings(text, options)
  if (further.length === 0) return linted
  const findings = [...linted.findings, ...further].toSorted(
    (a, b) => a.span.start.offset - b.span.start.offset,
  )
  return { ...linted, findings }
}

const nothing: Linted = { policies: 0, findings: [], unread: [] }

/** Policies of a plan that are known only after apply (behaviour TPL-32). */
function unreadIn({ name, text }: LintFile): readonly string[] {
  const root = parseSource(text, name)
  if (root.type === 'problem') return []
  return unreadDocuments(root).map(({ type, address }) => `${type} ${address}`)
}

function checked(sources: readonly WrittenPolicy[]): Linted {
  return { policies: sources.length, findings: sources.flatMap(findingsOf), unread: [] }
}

function findingsOf(source: WrittenPolicy): readonly PlacedFinding[] {
  const { file, kind, owner, property, text } = source
  const parsed = parsePolicy(text, kind, { lenient: true })
  const ofCatalogue = parsed.ok ? [...catalogueFindings(parsed.policy), ...signInFindings(parsed.policy)] : []
  const statements = parsed.ok ? parsed.policy.statements : []
  const findings = [...validate(text, kind), ...ofCatalogue].filter(
    (finding) => !isAboutUnknown(finding, source),
  )
  return once(findings)
    .toSorted((a, b) => a.span.start.offset - b.span.start.offset)
    .map((finding) => {
      const [element, index] = finding.path
      const sid = element === 'Statement' && typeof index === 'number' ? statements[index]?.sid : undefined
      return {
        ...finding,
        span: source.place(finding.span),
        file,
        kind,
        ...(owner === undefined ? {} : { owner: `${owner.type} ${owner.id}` }),
        ...(property === '' ? {} : { property }),
        ...(sid === undefined || sid === '' ? {} : { sid }),
      }
    })
}

/** Findings about values that the file does not contain: they would be about a placeholder. */
function isAboutUnknown({ span, message }: Finding, { unknown }: WrittenPolicy): boolean {
  if (unknown.length === 0) return false
  if (message.includes(unknownPart)) return true
  const { start, end } = span
  return unknown.some((each) => each.start <= start.offset && end.offset <= each.end)
}

/**
 * One mistake gives one finding: the most severe of those about the same value, if an error makes the others moot.
 */
function once(findings: readonly Finding[]): readonly Finding[] {
  const places = (span: Span) => `${span.start.offset} ${span.end.offset}`
  const wrong = new Map<string, Finding>()
  for (const finding of findings) {
    const place = places(finding.span)
    if (finding.class === 'error' && !wrong.has(place)) wrong.set(place, finding)
  }
  const wrongResources = new Set(
    findings.flatMap(({ class: type, path }) =>
      type === 'error' && path[2] === 'Resource' ? [path[1]] : [],
    ),
  )
  return findings.filter((finding) => {
    // no action applies to a resource that is written wrongly
    if (finding.code === 'ACTION_WITHOUT_MATCHING_RESOURCE' && wrongResources.has(finding.path[1]))
      return false
    const first = wrong.get(places(finding.span))
    return first === undefined || first === finding || isOfWhole(finding)
  })
}

/** Findings about a whole document or statement have the same place and nothing else in common. */
function isOfWhole({ path }: Finding): boolean {
  return path.length < 3
}
