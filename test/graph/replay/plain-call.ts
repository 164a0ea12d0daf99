import type { Request } from '@omen-iam/policy'
import type { Step } from '../../../packages/server/src/graph/index.ts'
import { everything } from './loot.ts'
import { afterLast, nameOf, pathOf, tagInput, tagsIn } from './request-parts.ts'

/** What a call is made of. */
interface Call {
  readonly step: Step
  readonly request: Request
  /** The name of the principal, the group or the policy that the request is about. */
  readonly name: string
  /** The ARN of what the graph has under another one. */
  readonly arnOf: (arn: string) => string
}

/** The input of a call that gives no credentials, and names no caller; undefined for other calls. */
export function plainInput(call: Call): Readonly<Record<string, string>> | undefined {
  const { request, name } = call
  const [, verb = '', kind = '', of = ''] =
    /^iam:(Attach|Create|Delete|Detach|Put|Tag|Untag)(User|Role|Group)(\w*)$/.exec(request.action) ?? []
  const owner = { [`${kind}Name`]: name }
  switch (`${verb} ${of}`) {
    case 'Put Policy':
      return { ...owner, PolicyName: 'walk', PolicyDocument: everything }
    case 'Attach Policy':
    case 'Detach Policy':
      return { ...owner, PolicyArn: textAt(request, 'iam:PolicyARN') ?? '' }
    case 'Delete Policy':
      return { ...owner, PolicyName: afterLast(plainResult(call.step), 'is without inline ') }
    case 'Delete PermissionsBoundary':
      return owner
    case 'Put PermissionsBoundary':
      return { ...owner, ...boundaryOf(request) }
    case 'Tag ':
      return { ...owner, ...tagInput(tagsIn(request)) }
    case 'Untag ':
      return { ...owner, ...keyInput(request) }
    case 'Create ':
      // a role also needs a trust policy
      return kind === 'Role' ? undefined : { ...owner, ...newInput(request) }
    default:
      return otherInput(call)
  }
}

/** What a new user, role or group is made with besides its name. */
export function newInput(request: Request): Readonly<Record<string, string>> {
  const type = request.action.slice('iam:Create'.length).toLowerCase()
  return { Path: pathOf(request.resource, type), ...boundaryOf(request), ...tagInput(tagsIn(request)) }
}

function otherInput({ step, request, name, arnOf }: Call): Readonly<Record<string, string>> | undefined {
  const { action, resource } = request
  const result = plainResult(step)
  switch (action) {
    case 'iam:CreatePolicy':
      return { PolicyName: name, Path: pathOf(resource, 'policy'), PolicyDocument: everything }
    case 'iam:CreatePolicyVersion':
      return { PolicyArn: resource, PolicyDocument: everything, SetAsDefault: 'true' }
    case 'iam:SetDefaultPolicyVersion':
      return { PolicyArn: resource, VersionId: afterLast(result, 'has the version ') }
    case 'iam:AddUserToGroup':
    case 'iam:RemoveUserFromGroup': {
      const member = / is (?:not )?in /.test(result) ? result.split(/ is (?:not )?in /)[0]! : step.to
      return { GroupName: name, UserName: nameOf(arnOf(member)) }
    }
    case 'iam:DeleteLoginProfile':
      return { UserName: name }
    default:
      return undefined
  }
}

/** The fact that a step results in, without the number of the state of the accounts. */
export function plainResult({ result }: Step): string {
  return result.split('\n')[0]!
}

/** A text among the condition keys of a request. */
export function textAt({ context }: Request, key: string): string | undefined {
  const value = context.get(key.toLowerCase())
  return typeof value === 'string' ? value : undefined
}

function boundaryOf(request: Request): Readonly<Record<string, string>> {
  const boundary = textAt(request, 'iam:PermissionsBoundary')
  return boundary === undefined ? {} : { PermissionsBoundary: boundary }
}

function keyInput({ context }: Request): Readonly<Record<string, string>> {
  const keys = context.get('aws:tagkeys')
  const all = Array.isArray(keys) ? keys : [keys]
  return Object.fromEntries(all.map((key, index) => [`TagKeys.member.${index + 1}`, String(key)]))
}
