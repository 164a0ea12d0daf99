import { partitionHere } from './aws.ts'

/** The kinds of templates for a trust policy, by who may wear the role. */
export type TrustKind = 'account' | 'otherAccount' | 'service' | 'oidc' | 'saml' | 'custom'

/** An OpenID Connect issuer that many accounts trust, with the claims that keep strangers out. */
export interface KnownIssuer {
  readonly id: string
  readonly name: string
  readonly host: string
  /** Whether the account needs an identity provider for it; AWS knows the others by itself. */
  readonly needsProvider: boolean
  /** The claim that names the audience; `aud` for most. */
  readonly audienceKey: string
  readonly audience: string
  /** The form of a subject. */
  readonly subject: string
}

/** Sources: the IAM User Guide on web identity federation, and the documentation of each issuer. */
export const knownIssuers: readonly KnownIssuer[] = [
  issuer(
    'github',
    'GitHub Actions',
    'token.actions.githubusercontent.com',
    'sts.amazonaws.com',
    'repo:ORGANIZATION/REPOSITORY:ref:refs/heads/BRANCH',
  ),
  issuer(
    'gitlab',
    'GitLab',
    'gitlab.com',
    'https://gitlab.com',
    'project_path:GROUP/PROJECT:ref_type:branch:ref:BRANCH',
  ),
  issuer(
    'terraform',
    'HCP Terraform',
    'app.terraform.io',
    'aws.workload.identity',
    'organization:ORGANIZATION:project:PROJECT:workspace:WORKSPACE:run_phase:*',
  ),
  issuer('google', 'Google', 'accounts.google.com', '', '', { needsProvider: false }),
  issuer('cognito', 'Amazon Cognito', 'cognito-identity.amazonaws.com', '', '', { needsProvider: false }),
  issuer('amazon', 'Login with Amazon', 'www.amazon.com', '', '', {
    needsProvider: false,
    audienceKey: 'app_id',
  }),
  issuer('facebook', 'Facebook', 'graph.facebook.com', '', '', {
    needsProvider: false,
    audienceKey: 'app_id',
  }),
]

function issuer(
  id: string,
  name: string,
  host: string,
  audience: string,
  subject: string,
  { needsProvider = true, audienceKey = 'aud' } = {},
): KnownIssuer {
  return { id, name, host, needsProvider, audienceKey, audience, subject }
}

/** The fields that the templates are filled with. */
export interface TrustFields {
  readonly kind: TrustKind
  /** ARNs of users and roles of this account; empty for everybody whose own policies allow it. */
  readonly principals: readonly string[]
  readonly requireMfa: boolean
  readonly otherAccount: string
  readonly externalId: string
  readonly service: string
  /** The id of a known issuer, or `other`. */
  readonly issuer: string
  /** The host of another issuer. */
  readonly host: string
  readonly audience: string
  readonly subject: string
  readonly organization: string
  readonly repository: string
  readonly branch: string
  /** The ARN of a SAML provider. */
  readonly saml: string
}

export const emptyTrust: TrustFields = {
  kind: 'account',
  principals: [],
  requireMfa: false,
  otherAccount: '',
  externalId: '',
  service: '',
  issuer: 'github',
  host: '',
  audience: 'sts.amazonaws.com',
  subject: '',
  organization: '',
  repository: '',
  branch: '',
  saml: '',
}

type Condition = Readonly<Record<string, Readonly<Record<string, string>>>>

/** The trust policy that the template and its fields give; of kind `custom` it is what the person wrote. */
export function trustDocument(fields: TrustFields, account: string): string {
  switch (fields.kind) {
    case 'account':
      return statement(
        {
          AWS:
            fields.principals.length === 0
              ? `arn:${partitionHere()}:iam::${account}:root`
              : one(fields.principals),
        },
        'sts:AssumeRole',
        mfa(fields),
      )
    case 'otherAccount':
      return statement(
        { AWS: `arn:${partitionHere()}:iam::${fields.otherAccount.trim()}:root` },
        'sts:AssumeRole',
        {
          ...(fields.externalId === '' ? {} : { StringEquals: { 'sts:ExternalId': fields.externalId } }),
          ...mfa(fields),
        },
      )
    case 'service':
      return statement({ Service: fields.service }, 'sts:AssumeRole', {})
    case 'oidc':
      return oidc(fields, account)
    case 'saml':
      return statement({ Federated: fields.saml }, 'sts:AssumeRoleWithSAML', {
        StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' },
      })
    case 'custom':
      return statement({ AWS: `arn:${partitionHere()}:iam::${account}:root` }, 'sts:AssumeRole', {})
  }
}

function mfa({ requireMfa }: TrustFields): Condition {
  return requireMfa ? { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } : {}
}

/** The host of the issuer that is chosen. */
export function issuerHost({ issuer: id, host }: TrustFields): string {
  const known = knownIssuers.find((each) => each.id === id)
  return (
    known?.host ??
    host
      .trim()
      .replace(/^https:\/\//, '')
      .replace(/\/$/, '')
  )
}

/** The subject that GitHub's token must have: an organization at least, a repository and a branch if given. */
export function gitHubSubject({ organization, repository, branch }: TrustFields): string {
  if (repository === '') return `repo:${organization}/*`
  return `repo:${organization}/${repository}:${branch === '' ? '*' : `ref:refs/heads/${branch}`}`
}

function oidc(fields: TrustFields, account: string): string {
  const known = knownIssuers.find(({ id }) => id === fields.issuer)
  const host = issuerHost(fields)
  const federated =
    known?.needsProvider === false ? host : `arn:${partitionHere()}:iam::${account}:oidc-provider/${host}`
  const subject = fields.issuer === 'github' ? gitHubSubject(fields) : fields.subject
  return statement({ Federated: federated }, 'sts:AssumeRoleWithWebIdentity', {
    StringEquals: { [`${host}:${known?.audienceKey ?? 'aud'}`]: fields.audience },
    ...(subject === '' ? {} : { StringLike: { [`${host}:sub`]: subject } }),
  })
}

/** Whether everything that the template needs is given. */
export function isComplete(fields: TrustFields): boolean {
  switch (fields.kind) {
    case 'otherAccount':
      return /^\d{12}$/.test(fields.otherAccount.trim())
    case 'service':
      return fields.service !== ''
    case 'oidc':
      return (
        issuerHost(fields) !== '' &&
        fields.audience !== '' &&
        (fields.issuer !== 'github' || fields.organization !== '')
      )
    case 'saml':
      return fields.saml !== ''
    default:
      return true
  }
}

function statement(
  principal: Readonly<Record<string, string | readonly string[]>>,
  action: string,
  condition: Condition,
): string {
  const conditions = Object.keys(condition).length === 0 ? {} : { Condition: condition }
  return JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: principal, Action: action, ...conditions }],
    },
    null,
    2,
  )
}

function one(values: readonly string[]): string | readonly string[] {
  const [first = ''] = values
  return values.length === 1 ? first : values
}
