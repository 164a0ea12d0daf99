import type { Finding } from '../document/finding.ts'
import type { Policy, PolicyKind } from '../document/policy.ts'
import { readDocument } from '../parse/parse.ts'
import type { Report } from '../parse/report.ts'
import { checkConditionBlocks } from './condition-blocks.ts'
import { checkConditions } from './conditions.ts'
import { checkDocument } from './document.ts'
import { checkExposures } from './exposures.ts'
import { checkKeyTypes } from './key-types.ts'
import { checkPrincipals } from './principals.ts'
import { checkRedundancy } from './redundancy.ts'
import { checkResourceControl } from './resource-control.ts'
import { checkResources } from './resources.ts'
import { checkSensitiveActions } from './sensitive.ts'
import { checkServices } from './services.ts'
import { checkTrust } from './trust.ts'
import { checkVariables } from './variables.ts'
import { checkWildcards } from './wildcards.ts'
import { inAnalyzersWords } from './words.ts'

const checks: readonly ((policy: Policy, report: Report) => void)[] = [
  checkDocument,
  checkPrincipals,
  checkServices,
  checkTrust,
  checkResourceControl,
  checkResources,
  checkSensitiveActions,
  checkVariables,
  checkConditions,
  checkKeyTypes,
  checkWildcards,
  checkExposures,
  checkRedundancy,
]

/**
 * Returns what AWS would refuse and what Access Analyzer would report, in the order of the text. Checks that need the
 * actions and keys of every service are not made here.
 */
export function validate(text: string, kind: PolicyKind): readonly Finding[] {
  const { policy, report } = readDocument(text, kind)
  if (policy !== undefined) {
    for (const check of checks) check(policy, report)
    checkConditionBlocks(text, report)
  }
  const findings = report.findings.map((finding) => inAnalyzersWords(finding, kind, text))
  return once(findings).toSorted((a, b) => a.span.start.offset - b.span.start.offset)
}

/** Removes duplicates. Refusals come first, so a later remark on the same value adds nothing. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  const remarked = new Set(findings.filter(({ code }) => code !== refusedValue).map(placeOf))
  return findings.filter((finding) => {
    // Access Analyzer's finding on a value is more specific than IAM's refusal to store it.
    if (finding.code === refusedValue && remarked.has(placeOf(finding))) return false
    const place = `${finding.code} ${placeOf(finding)}`
    if (seen.has(place)) return false
    seen.add(place)
    return true
  })
}

const refusedValue = 'INVALID_CONDITION_VALUE'

function placeOf({ span }: Finding): string {
  return `${span.start.offset} ${span.end.offset}`
}
