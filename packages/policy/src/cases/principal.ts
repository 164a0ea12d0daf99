import { splitArn } from '../match/arn.ts'
import type { Principal } from '../request/principal.ts'
import type { CaseRequest } from './case.ts'

/** The session of a role for a case that names the role. */
const someSession = 'session'

/**
 * Parses the principal of a case. The ARN of a session lacks its role's path, so the role is looked up by name among
 * `namedRoles`, the role ARNs in the case. Returns undefined if the text is not a principal.
 */
export function principalOf(
  written: CaseRequest['principal'],
  namedRoles: readonly string[],
): Principal | undefined {
  if (typeof written !== 'string') return { type: 'service', names: [written.service] }
  if (written === '*') return { type: 'anonymous' }
  const arn = splitArn(written)
  if (arn === undefined) return undefined
  const { partition, service, account, resource } = arn
  if (!/^\d{12}$/.test(account)) return undefined
  const [type = '', ...rest] = resource.split('/')
  const name = rest.at(-1)
  if (service === 'iam' && resource === 'root') return { type: 'root', arn: written, account }
  if (name === undefined || name === '') return undefined
  switch (`${service}:${type}`) {
    case 'iam:user':
      return { type: 'user', arn: written, account }
    case 'iam:role':
      return roleSession(
        `arn:${partition}:sts::${account}:assumed-role/${name}/${someSession}`,
        written,
        account,
      )
    case 'sts:assumed-role': {
      const [role = ''] = rest
      const prefix = `arn:${partition}:iam::${account}:role/`
      const roleArn = namedRoles.find((each) => each.startsWith(prefix) && each.endsWith(`/${role}`))
      return rest.length === 2 ? roleSession(written, roleArn ?? `${prefix}${role}`, account) : undefined
    }
    case 'sts:federated-user':
      return {
        type: 'federatedUser',
        arn: written,
        account,
        // A case cannot say whose session it is; no policy can name this user.
        parent: { type: 'user', arn: '', account },
      }
    case 'iam:saml-provider':
      return { type: 'saml', provider: written }
    case 'iam:oidc-provider':
      return { type: 'webIdentity', provider: written }
    default:
      return undefined
  }
}

function roleSession(sessionArn: string, roleArn: string, account: string): Principal {
  const serviceLinked =
    roleArn.includes(':role/aws-service-role/') || sessionArn.includes('/AWSServiceRoleFor')
  return { type: 'roleSession', sessionArn, roleArn, account, serviceLinked }
}
