import type { Principal } from '../request/principal.ts'

/** The layers that apply to a kind of principal. */
export interface ApplicableLayers {
  /** Identity policies, boundary. */
  readonly identity: boolean
  readonly session: boolean
  readonly scp: boolean
  readonly rcp: boolean
  readonly endpoint: boolean
}

const iam: ApplicableLayers = { identity: true, session: true, scp: true, rcp: true, endpoint: true }
/** Neither identity policies nor a boundary can be attached to the root user; a session of it (AssumeRoot) is limited (behaviour POL-020). */
const root: ApplicableLayers = { identity: false, session: true, scp: true, rcp: true, endpoint: true }
/** SCPs and RCPs do not apply to service-linked roles (behaviours POL-013 and POL-016). */
const serviceLinked: ApplicableLayers = {
  identity: true,
  session: true,
  scp: false,
  rcp: false,
  endpoint: true,
}
/** For callers without an account only the resource's side decides (behaviours POL-028 and POL-066). */
const outsider: ApplicableLayers = { identity: false, session: false, scp: false, rcp: true, endpoint: true }
/** A service that acts on its own uses no endpoint (behaviour POL-032). */
const service: ApplicableLayers = { ...outsider, endpoint: false }

/** Returns the layers that apply to a principal. */
export function applicableLayers(principal: Principal): ApplicableLayers {
  switch (principal.type) {
    case 'user':
    case 'federatedUser':
      return iam
    case 'roleSession':
      return principal.serviceLinked === true ? serviceLinked : iam
    case 'root':
      return root
    case 'service':
      return service
    case 'webIdentity':
    case 'saml':
    case 'anonymous':
      return outsider
  }
}

/** The root user and its federated sessions need no identity policy: they may do everything (behaviour POL-001). */
export function hasFullAccess(principal: Principal): boolean {
  return principal.type === 'root' || (principal.type === 'federatedUser' && principal.parent.type === 'root')
}
