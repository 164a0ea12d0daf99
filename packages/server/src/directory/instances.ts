import type { Tag } from './records.ts'
import { defineTable } from './table.ts'

/** A security group as an instance or interface names it. */
export interface GroupName {
  readonly id: string
  readonly name: string
}

/** The instance profile of an instance, and the time of its association. */
export interface ProfileAssociation {
  /** `iip-assoc-…`. */
  readonly id: string
  readonly profileId: string
  readonly profileArn: string
  readonly at: number
}

/** How an instance's metadata may be requested. */
export interface MetadataOptions {
  readonly tokens: 'optional' | 'required'
  readonly hopLimit: number
  readonly endpoint: 'enabled' | 'disabled'
  readonly ipv6: 'enabled' | 'disabled'
  readonly tags: 'enabled' | 'disabled'
}

/** A volume attached to an instance. */
export interface AttachedVolume {
  readonly device: string
  readonly volumeId: string
  readonly deleteOnTermination: boolean
}

/**
 * An EC2 instance: nothing runs, but it has a placement, an address and perhaps a role. EC2 stores it and the metadata
 * service reads it.
 */
export interface Instance {
  readonly id: string
  readonly region: string
  readonly reservationId: string
  /** Its index in the launch, from 0. */
  readonly launchIndex: number
  readonly imageId: string
  readonly type: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly platform?: 'windows'
  /** States settle at once; intermediate states appear only in the answer that begins them (behaviour EC2-30). */
  readonly state: 'running' | 'stopped' | 'terminated'
  readonly changedAt: number
  /** The time of its last start. */
  readonly launchedAt: number
  readonly createdAt: number
  readonly zone: string
  readonly zoneId: string
  readonly tenancy: string
  readonly vpcId: string
  readonly subnetId: string
  readonly privateIp: string
  readonly publicIp?: string
  readonly mac: string
  readonly groups: readonly GroupName[]
  /** Ids, the primary one first. */
  readonly interfaceIds: readonly string[]
  readonly rootDevice: string
  readonly volumes: readonly AttachedVolume[]
  readonly keyName?: string
  /** The key pair's public half in OpenSSH's form. */
  readonly publicKey?: string
  /** Base64, as given. */
  readonly userData?: string
  readonly profile?: ProfileAssociation
  readonly metadata: MetadataOptions
  readonly ebsOptimized: boolean
  readonly monitoring: boolean
  readonly disableApiTermination: boolean
  readonly disableApiStop: boolean
  readonly shutdownBehavior: 'stop' | 'terminate'
  readonly sourceDestCheck: boolean
  readonly spot: boolean
  readonly clientToken?: string
  /** Distinguishes a repeated client token with the same parameters from one with others. */
  readonly requestHash: string
  readonly tags: readonly Tag[]
}

export const instances = defineTable<Instance, 'association' | 'clientToken'>({
  kind: 'ec2/instance',
  key: (r) => r.id,
  indexes: {
    association: (r) => r.profile?.id,
    clientToken: (r) =>
      r.clientToken === undefined || r.launchIndex > 0 ? undefined : `${r.region}\n${r.clientToken}`,
  },
})
