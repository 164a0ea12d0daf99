import type { Finding } from '../document/finding.ts'
import { parsePolicy } from '../document/parse.ts'
import type { PolicyKind } from '../document/policy.ts'

export function validate(text: string, kind: PolicyKind): readonly Finding[] {
  return parsePolicy(text, kind, { lenient: true }).findings
}
