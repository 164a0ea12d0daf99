import type { Statement } from '../document/policy.ts'
import type { Trace } from '../evaluate/story.ts'
import type { Edit } from './edit.ts'
import { hasVariable } from './pattern.ts'

/** Keys whose conditions are protections, and the names of these. Keys are in lower case; a tag's key follows `/`. */
const guardedKeys: ReadonlyMap<string, string> = new Map([
  ['aws:multifactorauthpresent', 'MFA condition'],
  ['aws:multifactorauthage', 'MFA condition'],
  ['sts:externalid', 'ExternalId condition'],
  ['aws:requesttag/', 'tag requirement'],
  ['aws:tagkeys', 'tag requirement'],
  ['aws:resourcetag/', 'tag restriction'],
  ['iam:resourcetag/', 'tag restriction'],
  ['aws:principaltag/', 'tag restriction'],
  ['aws:requestedregion', 'region restriction'],
  ['aws:sourceip', 'network restriction'],
  ['aws:vpcsourceip', 'network restriction'],
  ['aws:sourcevpc', 'network restriction'],
  ['aws:sourcevpce', 'network restriction'],
  ['aws:securetransport', 'TLS requirement'],
  ['aws:tokenissuetime', 'revocation of sessions'],
  ['aws:currenttime', 'time restriction'],
  ['aws:epochtime', 'time restriction'],
  ['aws:principalorgid', 'organization restriction'],
  ['aws:principalorgpaths', 'organization restriction'],
  ['aws:sourcearn', 'confused deputy protection'],
  ['aws:sourceaccount', 'confused deputy protection'],
  ['iam:permissionsboundary', 'boundary requirement'],
  ['iam:passedtoservice', 'service restriction'],
  ['sts:sourceidentity', 'source identity requirement'],
  ['sts:rolesessionname', 'session name requirement'],
])

/** Layers that only limit. */
const limits: ReadonlyMap<string, string> = new Map([
  ['scp', 'service control policy'],
  ['rcp', 'resource control policy'],
  ['endpoint', 'VPC endpoint policy'],
  ['boundary', 'permissions boundary'],
])

/**
 * Returns the protection that an edit weakens, such as an MFA condition, an SCP or a Deny. Returns undefined if it
 * weakens none. `decisionTrace` is the trace for which the edit was made.
 */
export function guardrailOf(edit: Edit, decisionTrace: Trace): string | undefined {
  const limit = limits.get(edit.layer)
  if (limit !== undefined) return limit
  if (edit.type !== 'addStatement' && edit.statement.effect === 'Deny') {
    const named = edit.statement.condition.map(({ key }) => guarded(key)).find((name) => name !== undefined)
    return named ?? 'explicit deny'
  }
  switch (edit.type) {
    case 'removeCondition':
      return guarded(edit.key) ?? `condition on ${edit.key}`
    case 'addConditionValue':
      return guarded(edit.key)
    case 'addStatement':
    case 'addAction':
    case 'addResource':
    case 'addPrincipal':
      return passedBy(edit, decisionTrace)
    default:
      return undefined
  }
}

/**
 * The protection of another Allow that matches the request except for it. A statement without the protection bypasses it,
 * whether it is new or made to match.
 */
function passedBy({ layer, level }: Edit, { layers }: Trace): string | undefined {
  for (const each of layers) {
    if (each.layer !== layer || each.level !== level) continue
    for (const { statements } of each.policies) {
      for (const { statement, failed } of statements) {
        if (statement.effect !== 'Allow' || failed === undefined || !('operator' in failed)) continue
        const name = comparesTags(statement, failed.key) ? 'tag match' : guarded(failed.key)
        if (name !== undefined) return name
      }
    }
  }
  return undefined
}

/** Whether a condition compares the request with a tag of the caller: `${aws:PrincipalTag/team}`. */
function comparesTags({ condition }: Statement, key: string): boolean {
  return condition.some((each) => each.key === key && each.values.some(({ value }) => hasVariable(value)))
}

function guarded(key: string): string | undefined {
  return guardedKeys.get(key.toLowerCase().replace(/\/.*/s, '/'))
}
