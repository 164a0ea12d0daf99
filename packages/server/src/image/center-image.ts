import type { AccountId } from '../base/index.ts'
import type { Tag } from '../directory/index.ts'
import type { SourcePlace } from './place.ts'

interface Placed {
  readonly at: SourcePlace
}

/** An instance of IAM Identity Center. */
export interface CenterImage extends Placed {
  /** `ssoins-…` */
  readonly id?: string
  /** `d-…` */
  readonly storeId?: string
  readonly region?: string
  readonly createdAt?: number
  /** Session tags, and where each comes from. */
  readonly attributes?: readonly { readonly key: string; readonly sources: readonly string[] }[]
  /** Roles by the account access manager. */
  readonly entitlements?: readonly {
    readonly id?: string
    readonly createdAt?: number
    readonly type: 'USER' | 'GROUP'
    readonly principal: string
    readonly role: string
  }[]
}

/** A user of a directory, without its password. */
export interface CenterUserImage extends Placed {
  readonly id: string
  readonly name: string
  /** The other members of the API's user, in JSON. */
  readonly given: string
  readonly enabled?: boolean
}

export interface CenterGroupImage extends Placed {
  readonly id: string
  readonly name: string
  readonly description?: string
}

/** That a user is in a group; both by id. */
export interface CenterMembershipImage extends Placed {
  readonly id?: string
  readonly group: string
  readonly user: string
}

/** A policy that accounts have under this name. */
export interface PolicyReferenceImage {
  readonly name: string
  readonly path: string
}

export interface PermissionSetImage extends Placed {
  /** `ps-…` */
  readonly id: string
  /** Absent if only parts of it were read. */
  readonly name?: string
  readonly description?: string
  /** `PT1H` */
  readonly duration?: string
  readonly relayState?: string
  readonly createdAt?: number
  readonly inline?: string
  readonly managed?: readonly string[]
  readonly referred?: readonly PolicyReferenceImage[]
  readonly boundary?: { readonly arn: string } | { readonly reference: PolicyReferenceImage }
  readonly tags?: readonly Tag[]
}

/** A permission set that a user or a group has in an account. */
export interface CenterAssignmentImage extends Placed {
  readonly account: AccountId
  /** `ps-…` */
  readonly set: string
  readonly type: 'USER' | 'GROUP'
  readonly principal: string
}
