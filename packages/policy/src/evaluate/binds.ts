import type { Principal } from './principal.ts'

/** The layers that apply to a kind of principal. */
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
/** SCPs and RCPs do not apply to service-linked roles. [POL-013, POL-016] */
const SERVICE_LINKED: Binds = { identity: true, session: true, scp: false, rcp: false, endpoint: true }
/** For callers without an account only the resource's side decides. [POL-028, POL-066] */
const OUTSIDER: Binds = { identity: false, session: false, scp: false, rcp: true, endpoint: true }
/** A service that acts on its own uses no endpoint. [POL-032] */
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

/** The root user and its federated sessions need no identity policy: they may do everything. [POL-001] */
export function hasFullAccess(principal: Principal): boolean {
  return principal.type === 'root' || (principal.type === 'federatedUser' && principal.parent.type === 'root')
}
