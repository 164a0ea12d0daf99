/** The page of the console about the resource of an ARN; undefined if no page is about it. */
export function pageOfArn(arn: string): string | undefined {
  const [, service = '', rest = ''] = /^arn:[\w-]+:([\w-]+):[\w-]*:(?:\d{12}|aws)?:(.+)$/s.exec(arn) ?? []
  const [, kind = '', path = ''] = /^([\w-]+)[/:](.+)$/s.exec(rest) ?? []
  const name = encodeURIComponent(path.slice(path.lastIndexOf('/') + 1))
  switch (`${service} ${kind}`) {
    case 'iam role':
      return `/roles/${name}`
    case 'iam user':
      return `/users/${name}`
    case 'iam group':
      return `/groups/${name}`
    case 'iam policy':
      return `/policies/${encodeURIComponent(arn)}`
    case 'iam instance-profile':
      return '/profiles'
    case 'iam oidc-provider':
    case 'iam saml-provider':
      return '/providers'
    case 'iam mfa':
      return '/mfa'
    case 'sts assumed-role':
      return `/roles/${encodeURIComponent(path.split('/')[0] ?? '')}`
    case 'sts federated-user':
      return '/sessions'
    case 'cloudtrail trail':
      return `/trails/${encodeURIComponent(arn)}`
    case 'lambda function':
    case 'ec2 instance':
      return '/workloads'
    default:
      return service === 'organizations' ? '/organization' : undefined
  }
}
