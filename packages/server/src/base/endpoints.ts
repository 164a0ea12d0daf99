/**
 * The environment variables that lead AWS clients to one server. The second is for clients that read no other where
 * they assume the role of a profile or of a token (behaviour SHL-70).
 */
export function endpointVariables(url: string): {
  readonly AWS_ENDPOINT_URL: string
  readonly AWS_ENDPOINT_URL_STS: string
} {
  return { AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_STS: url }
}

/** The services that have an endpoint variable of their own and are served here, as the variables name them. */
export const servedEndpoints = [
  'IAM',
  'STS',
  'CLOUDTRAIL',
  'ORGANIZATIONS',
  'EC2',
  'LAMBDA',
  'SIGNIN',
  'SSO',
  'SSO_OIDC',
  'SSO_ADMIN',
  'IDENTITYSTORE',
  'EKS',
  'EKS_AUTH',
  'COGNITO_IDENTITY',
  'ROLESANYWHERE',
  'ACCOUNT_ACCESS',
  'ACCOUNT_ACCESS_RUNTIME',
] as const
