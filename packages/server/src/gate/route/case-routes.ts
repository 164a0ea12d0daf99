import { type Case, type PolicySource, runCase } from '@omen-iam/policy'
import { callerArn, type DecisionRecord, type Dependencies, type Judged } from '../../authorization/index.ts'
import { hiddenOf } from '../view/decision-view.ts'
import { type Reader, type Sight, sightOf } from '../view/reader.ts'
import { type AdminRoute, Refusal } from './admin-route.ts'
import { getDecision, originsOf, readsDecisions } from './reason.ts'

/** Decisions in one answer. */
const most = 50

/**
 * `POST /_omen/api/cases`: decisions as cases that `omen test` runs, each with the policies that decided. Expired
 * decisions, and policies that the caller must not see, are left out and counted in `unknown`.
 */
export function caseRoutes(deps: Dependencies): readonly AdminRoute[] {
  return [
    {
      method: 'POST',
      path: /^\/_omen\/api\/cases$/,
      by: readsDecisions,
      async answer(_groups, { decisions }, _signer, _query, within, { may }) {
        if (!Array.isArray(decisions) || decisions.length > most)
          throw new Refusal(400, `decisions must be a list of at most ${most} ids`)
        const cases: Case[] = []
        let unknown = 0
        for (const id of decisions.map(String)) {
          const record = await found(id, within, deps)
          const made =
            record === undefined
              ? []
              : casesOf(record, await sightOf(record.judged, record.call, within, may, originsOf(record)))
          cases.push(...made)
          if (made.length === 0) unknown++
        }
        return { cases, unknown }
      },
    },
  ]
}

async function found(id: string, within: Reader, deps: Dependencies): Promise<DecisionRecord | undefined> {
  try {
    return await getDecision(id, within, deps)
  } catch (error) {
    if (error instanceof Refusal) return undefined
    throw error
  }
}

/** A case for each question of a call; none for a question that a case cannot repeat with the same answer. */
function casesOf(record: DecisionRecord, sight: Sight): readonly Case[] {
  const { call, judged } = record
  return judged.flatMap((one) => {
    const isSecret = sight.secrets(one, call)
    const isWhole =
      hiddenOf([one], call, sight).size === 0 &&
      ![...one.request.context.entries()].some(([key]) => isSecret(key))
    const made = isWhole ? caseOf(one, record) : undefined
    return made !== undefined && runCase(made).status === 'passed' ? [made] : []
  })
}

function caseOf(judged: Judged, { call }: DecisionRecord): Case | undefined {
  const { request, policies, decision } = judged
  const arn = callerArn(call)
  const { caller } = call
  const principal = caller.kind === 'service' ? { service: caller.name } : arn
  if (principal === undefined) return undefined
  const { action, resource, resourceAccount, context } = request
  const { identity, boundary, session, resource: own, scp, rcp } = policies
  const [resourcePolicy] = own?.policies ?? []
  return {
    name: `${shortName(arn ?? '')} ${decision.outcome === 'allowed' ? 'can' : 'cannot'} ${action} on ${resource}`,
    request: {
      principal,
      action,
      resource,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
      context: Object.fromEntries(context.entries()),
    },
    policies: {
      ...(identity === undefined ? {} : { identity: identity.policies.map(documentOf) }),
      ...(boundary === undefined ? {} : { boundary: boundary.policies.map(documentOf) }),
      ...(session === undefined ? {} : { session: session.policies.map(documentOf) }),
      ...(resourcePolicy === undefined ? {} : { resource: documentOf(resourcePolicy) }),
      ...(scp === undefined ? {} : { scp: scp.map(({ policies: level }) => level.map(documentOf)) }),
      ...(rcp === undefined ? {} : { rcp: rcp.map(({ policies: level }) => level.map(documentOf)) }),
    },
    expect: decision.outcome,
  }
}

function documentOf({ policy }: PolicySource): unknown {
  return JSON.parse(policy.text) // it has been read as a policy
}

function shortName(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1)
}
