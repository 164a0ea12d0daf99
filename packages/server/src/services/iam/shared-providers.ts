import type { Policy } from '@omen-iam/policy'

/**
 * Identity providers that many organizations share, and the claim of their tokens that distinguishes the
 * organizations. Source: IAM User Guide, "Identity-provider controls for shared OIDC providers".
 */
const tenancyClaims: ReadonlyMap<string, string> = new Map([
  ['agent.buildkite.com', 'sub'],
  ['api.pulumi.com/oidc', 'aud'],
  ['app.terraform.io', 'sub'],
  ['gitlab.com', 'sub'],
  ['oidc-configuration.audit-log.githubusercontent.com', 'sub'],
  ['oidc.codefresh.io', 'sub'],
  ['oidc.vercel.com', 'aud'],
  ['proidc.upbound.io', 'sub'],
  ['sandboxes.cloud', 'aud'],
  ['scalr.io', 'sub'],
  ['studio.datachain.ai/api', 'sub'],
  ['token.actions.githubusercontent.com', 'sub'],
  ['tokens.cloud.shisho.dev', 'sub'],
  ['vstoken.actions.githubusercontent.com', 'sub'],
])

/**
 * Returns the condition key that a trust policy must use because it trusts a shared provider, and lacks (behaviour
 * IAM-98).
 */
export function missingTenancyKey({ statements }: Policy): string | undefined {
  for (const statement of statements) {
    if (statement.effect !== 'Allow') continue
    const conditionKeys = new Set(statement.condition.map(({ key }) => key.toLowerCase()))
    for (const { type, value } of statement.principal?.entries ?? []) {
      const url =
        type === 'Federated' ? /^arn:[^:]*:iam::[^:]*:oidc-provider\/(.+)$/.exec(value)?.[1] : undefined
      const claim = url === undefined ? undefined : tenancyClaims.get(url)
      if (claim !== undefined && !conditionKeys.has(`${url}:${claim}`)) return `${url}:${claim}`
    }
  }
  return undefined
}
