import type { Principal } from './principal.ts'

/** Which layers have a say over a kind of principal. */
export interface Binds {
  /** Identity policies, boundary. */
  readonly identity: boolean
  readonly session: boolean
  readonly scp: boolean
  readonly rcp: boolean
  readonly endpoint: boolean
}

const IAM: Binds = { identity: true, session: true, scp: true, rcp: true, endpoint: true }
/** Neither identity policies nor a boundary can be attached to the root user; a session of it (AssumeRoot) is limited. [POL-020] */
const ROOT: Binds = { identity: false, session: true, scp: true, rcp: true, endpoint: true }
/** SCPs and RCPs spare service-linked roles. [POL-013, POL-016] */
const SERVICE_LINKED: Binds = { identity: true, session: true, scp: false, rcp: false, endpoint: true }
/** About whom belongs to no account only the resource's side decides. [POL-028, POL-066] */
const OUTSIDER: Binds = { identity: false, session: false, scp: false, rcp: true, endpoint: true }
/** And a service that acts by itself comes through no endpoint. [POL-032] */
const SERVICE: Binds = { ...OUTSIDER, endpoint: false }

export function bindsOf(principal: Principal): Binds {
  switch (principal.type) {
    case 'user':
    case 'federatedUser':
      return IAM
    case 'roleSession':
      return principal.serviceLinked === true ? SERVICE_LINKED : IAM
    case 'root':
      return ROOT
    case 'service':
      return SERVICE
    case 'webIdentity':
    case 'saml':
    case 'anonymous':
      return OUTSIDER
  }
}

/** The root user and its federated sessions need no identity policy: everything is theirs. [POL-001] */
export function hasFullAccess(principal: Principal): boolean {
  return principal.type === 'root' || (principal.type === 'federatedUser' && principal.parent.type === 'root')
}
