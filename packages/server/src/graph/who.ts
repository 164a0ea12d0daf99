import type { ResidualCondition } from '@omen-iam/policy'

/** Returns who could fulfil a condition that is left. */
export function whoFulfils({ key, values, operator, mustHold }: ResidualCondition): string {
  const name = key.toLowerCase()
  if (operator === 'Allow')
    return 'a principal of that account, if the policies of its account allow it the call: an identity policy, its boundary and SCPs'
  if (name.startsWith('aws:multifactorauth')) return 'a caller with an MFA device of the principal'
  if (name === 'sts:externalid') return 'a caller that knows the external id'
  if (name === 'aws:sourceip' || name.startsWith('aws:vpc') || name.startsWith('aws:sourcevpc'))
    return 'a caller in that network'
  if (name === 'aws:currenttime' || name === 'aws:epochtime' || name === 'aws:tokenissuetime')
    return 'a caller at that time'
  if (name === 'ssm:sessiondocumentaccesscheck') return 'a caller that may use the session document'
  if (name.includes('resourcetag/')) return 'a principal that tags the resource'
  if (name.startsWith('aws:principalorg') || name.startsWith('aws:resourceorg'))
    return 'principals of that organization'
  if (name.startsWith('aws:sourceorg') || name === 'aws:sourceaccount' || name === 'aws:sourcearn')
    return 'the service, for a resource that fits'
  if (name === 'aws:principalaccount') return 'principals of that account'
  if (name.startsWith('aws:principal') || name === 'aws:userid' || name === 'aws:username')
    return 'the principals that fit'
  const claim = /^(.+):([^:]+)$/.exec(key)
  if (claim !== null && (name.startsWith('saml:') || /^[^.:]+\.[^:]+:/.test(name)))
    return bearerOf(claim[1] ?? '', claim[2] ?? '', values, mustHold)
  return 'nobody that the files name'
}

/** The bearer of a token whose claim has one of some values. */
function bearerOf(issuer: string, claim: string, values: readonly string[], mustHold: boolean): string {
  if (!mustHold) return 'the bearer of a token that says otherwise'
  if (claim === 'sub') return values.map((value) => subjectOf(issuer, value)).join(', or ')
  if (issuer === 'cognito-identity.amazonaws.com' && claim === 'aud')
    return `an identity of the identity pool ${values.join(' or ')}`
  if (issuer === 'cognito-identity.amazonaws.com' && claim === 'amr')
    return values.some((value) => value === 'unauthenticated' || /[*?]/.test(value))
      ? 'anyone, without signing in'
      : 'an identity that has signed in'
  if (/^(?:aud|azp|oaud)$/.test(claim)) return `the bearer of a token for ${values.join(' or ')}`
  if (issuer.toLowerCase() === 'saml')
    return `a user of whom the SAML provider says that ${claim} is ${values.join(' or ')}`
  return `the bearer of a token of ${issuer} with that ${claim}`
}

function subjectOf(issuer: string, value: string): string {
  if (issuer === 'token.actions.githubusercontent.com') return workflowOf(value)
  if (issuer.toLowerCase() === 'saml')
    return value === '*' ? 'any user for whom the SAML provider asserts the role' : `the user ${value}`
  const [first = '', second = ''] = value.split(':')
  if (first === 'system' && second === 'serviceaccount') {
    const [, , namespace = '*', name = '*'] = value.split(':')
    return `a pod with ${isAny(name) ? 'any service account' : `the service account ${name}`} of ${
      isAny(namespace) ? 'any namespace' : `the namespace ${namespace}`
    }`
  }
  if (first === 'project_path') {
    const ref = /:ref:(.+)$/.exec(value)?.[1]
    return `a job of ${isAny(second) ? 'any project' : `the project ${second}`}${
      ref === undefined || isAny(ref) ? '' : ` on ${ref}`
    }`
  }
  if (first === 'organization' && value.includes(':workspace:')) {
    const workspace = /:workspace:([^:]+)/.exec(value)?.[1] ?? '*'
    return `a run of ${isAny(workspace) ? 'any workspace' : `the workspace ${workspace}`} of the organization ${second}`
  }
  return isAny(value) ? `the bearer of any token of ${issuer}` : `the bearer of a token for ${value}`
}

/** A subject of GitHub Actions: `repo:ORG/NAME:ref:refs/heads/main`, `…:environment:prod`, `…:pull_request`. */
function workflowOf(value: string): string {
  const [kind = '', repository = '', ...rest] = value.split(':')
  if (isAny(value) || (kind !== 'repo' && /[*?]/.test(kind)) || (kind === 'repo' && isAny(repository)))
    return 'a workflow of any repository'
  if (kind !== 'repo') return `a workflow whose subject is ${value}`
  const [owner = '', name = ''] = repository.split('/')
  const where =
    /[*?]/.test(owner) || name === ''
      ? `any repository that fits ${repository}`
      : isAny(name)
        ? `any repository of ${owner}`
        : `the repository ${repository}`
  return `a workflow of ${where}${placeOf(rest)}`
}

function placeOf([what = '*', ...rest]: readonly string[]): string {
  const value = rest.join(':')
  if (what === 'environment') return isAny(value) ? ' in any environment' : ` in the environment ${value}`
  if (what === 'pull_request') return ' for a pull request'
  const ref = /^refs\/(heads|tags)\/(.+)$/.exec(value)
  if (what === 'ref' && ref !== null) {
    const of = ref[1] === 'heads' ? 'branch' : 'tag'
    return isAny(ref[2] ?? '') ? ` on any ${of}` : ` on the ${of} ${ref[2]}`
  }
  return isAny(what) || (what === 'ref' && isAny(value))
    ? ', on any branch'
    : ` where it says ${[what, ...rest].join(':')}`
}

function isAny(value: string): boolean {
  return /^\*+$/.test(value)
}
