import type { Trace } from '../evaluate/story.ts'
import type { Decision } from '../request/decision.ts'
import type { Principal } from '../request/principal.ts'
import type { Request } from '../request/request.ts'
import { assumedIn } from './assumptions.ts'
import type { ExplainOptions, Explanation } from './explanation.ts'
import { sentence } from './sentence.ts'
import { storyLines } from './story-lines.ts'

/** AWS's sentence for a decision and the longer story; with a trace the story goes down to single conditions. */
export function explain(
  decisionTrace: Decision | Trace,
  request: Request,
  options: ExplainOptions = {},
): Explanation {
  const decision = 'layers' in decisionTrace ? decisionTrace.decision : decisionTrace
  const caller = options.caller ?? callerOf(request.principal)
  const traced = 'layers' in decisionTrace ? decisionTrace : undefined
  const assumed = traced === undefined ? [] : assumedIn(traced)
  return {
    decision,
    sentence: decision.outcome === 'allowed' ? '' : sentence(decision, request, caller, options),
    story: storyLines(decision, traced, request, caller, assumed),
    assumed,
  }
}

/** How AWS writes the caller: a role session by its own ARN, not by the role's. */
function callerOf(principal: Principal): string {
  switch (principal.type) {
    case 'root':
    case 'user':
    case 'federatedUser':
      return principal.arn
    case 'roleSession':
      return principal.sessionArn
    case 'service':
      return principal.names[0] ?? 'service'
    case 'webIdentity':
    case 'saml':
      return principal.provider
    case 'anonymous':
      return 'anonymous'
  }
}
