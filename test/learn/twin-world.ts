import { trace } from '@omen-iam/policy'
import type { Judged } from '../../packages/server/src/authorization/index.ts'
import type { Document, World } from '../spec/case.ts'

type Lists = Record<string, Document[]>

/** A decision of the server as the naive twin reads it; undefined if its caller is none of the twin's. */
export function worldOf({ request, policies }: Judged): World | undefined {
  const { principal, action, resource, resourceAccount } = request
  const name =
    'sessionArn' in principal ? principal.sessionArn : 'arn' in principal ? principal.arn : undefined
  if (name === undefined) return undefined
  const context = Object.fromEntries(request.context.entries())
  const lists: Lists = {}
  const levels: Record<'scp' | 'rcp', Document[][]> = { scp: [], rcp: [] }
  for (const { layer, policies: of } of trace(request, policies).layers) {
    const documents = of.map(({ policy }) => JSON.parse(withArns(policy.text, request)) as Document)
    if (layer === 'scp' || layer === 'rcp') levels[layer].push(documents)
    else lists[layer] = documents
  }
  const [own] = lists.resource ?? []
  return {
    request: {
      principal: name,
      action,
      resource,
      ...(resourceAccount === undefined ? {} : { resourceAccount }),
      context,
    },
    policies: {
      ...(lists.identity && { identity: lists.identity }),
      ...(lists.boundary && { boundary: lists.boundary }),
      ...(lists.session && { session: lists.session }),
      ...(own && { resource: own }),
      ...(policies.scp && { scp: levels.scp }),
      ...(policies.rcp && { rcp: levels.rcp }),
    },
  }
}

/** Stored documents name users and roles by ids of their own, which the twin does not know. */
function withArns(text: string, { principal }: Judged['request']): string {
  if (principal.type === 'user' && principal.id !== undefined)
    return text.replaceAll(`"${principal.id}"`, `"${principal.arn}"`)
  if (principal.type === 'roleSession' && principal.roleId !== undefined)
    return text.replaceAll(`"${principal.roleId}"`, `"${principal.roleArn}"`)
  return text
}
