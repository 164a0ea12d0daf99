import { createHash } from 'node:crypto'
import { badSyntax } from '../failure.ts'

/** Whose tokens a local issuer can imitate. */
export const shapeNames = ['github', 'kubernetes', 'plain'] as const
export type ShapeName = (typeof shapeNames)[number]

export type Claims = Readonly<Record<string, unknown>>

/** The tokens of one kind of issuer. */
interface Shape {
  /** The issuer's own name, unless another is given. */
  readonly issuer: string
  readonly subject: string
  readonly lifetimeSeconds: number
  /** The claims beside those of every token. @throws CommandFailure if the subject has another form */
  claims(subject: string): Claims
  /** Kubernetes writes a list even of one audience. */
  readonly listsAudiences?: boolean
}

/** One row a kind of issuer (behaviours SHL-20 to SHL-22). */
export const shapes: Readonly<Record<ShapeName, Shape>> = {
  github: {
    issuer: 'https://token.actions.githubusercontent.com',
    subject: 'repo:octo-org/octo-repo:ref:refs/heads/main',
    lifetimeSeconds: 300,
    claims: githubClaims,
  },
  kubernetes: {
    issuer: 'https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF0123456789ABCDEF',
    subject: 'system:serviceaccount:default:default',
    lifetimeSeconds: 86_400,
    claims: kubernetesClaims,
    listsAudiences: true,
  },
  plain: {
    issuer: 'https://idp.example.com',
    subject: 'somebody',
    lifetimeSeconds: 3_600,
    claims: () => ({}),
  },
}

function githubClaims(subject: string): Claims {
  const match = /^repo:([^/:]+)\/([^/:]+):(.+)$/.exec(subject)
  if (match === null)
    throw badSyntax('a subject of GitHub reads repo:OWNER/REPOSITORY:ref:refs/heads/BRANCH, or such')
  const [, owner = '', name = '', rest = ''] = match
  const repository = `${owner}/${name}`
  const pullRequest = rest === 'pull_request'
  const ref = rest.startsWith('ref:') ? rest.slice(4) : pullRequest ? 'refs/pull/1/merge' : 'refs/heads/main'
  const sha = createHash('sha1')
    .update(repository + ref)
    .digest('hex')
  return {
    ...(rest.startsWith('environment:') ? { environment: rest.slice(12) } : {}),
    ref,
    sha,
    repository,
    repository_owner: owner,
    actor_id: number(owner),
    repository_visibility: 'private',
    repository_id: number(repository),
    repository_owner_id: number(`${owner}/`),
    run_id: number(sha),
    run_number: '1',
    run_attempt: '1',
    runner_environment: 'github-hosted',
    actor: owner,
    workflow: 'ci',
    head_ref: pullRequest ? 'change' : '',
    base_ref: pullRequest ? 'main' : '',
    event_name: pullRequest ? 'pull_request' : 'push',
    ref_protected: 'false',
    ref_type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
    workflow_ref: `${repository}/.github/workflows/ci.yml@${ref}`,
    workflow_sha: sha,
    job_workflow_ref: `${repository}/.github/workflows/ci.yml@${ref}`,
    job_workflow_sha: sha,
  }
}

function kubernetesClaims(subject: string): Claims {
  const match = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(subject)
  if (match === null) throw badSyntax('a subject of Kubernetes reads system:serviceaccount:NAMESPACE:NAME')
  const [, namespace = '', name = ''] = match
  return {
    'kubernetes.io': {
      namespace,
      node: { name: 'node-0', uid: uid('node-0') },
      pod: { name: `${name}-0`, uid: uid(`pod ${subject}`) },
      serviceaccount: { name, uid: uid(subject) },
    },
  }
}

/** The same digits for the same name, as an id would be. */
function number(name: string): string {
  return String(createHash('sha256').update(name).digest().readUIntBE(0, 4))
}

/** The same UUID for the same name. */
function uid(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
