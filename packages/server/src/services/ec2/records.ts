import { defineTable, type GroupName, type Tag } from '../../directory/index.ts'
import type { Ec2 } from '../../model/index.ts'

/** The common members of EC2 resources. Instants are milliseconds since the epoch. */
export interface Ec2Record {
  readonly id: string
  readonly region: string
  readonly createdAt: number
  readonly tags: readonly Tag[]
}

/** Marks that a region's default network was created in the account; what was deleted of it stays deleted. */
export interface RegionNetwork {
  readonly region: string
}

export interface Vpc extends Ec2Record {
  readonly cidr: string
  readonly isDefault: boolean
  readonly tenancy: string
  readonly dhcpOptionsId: string
  readonly cidrAssociationId: string
  /** Its changed attributes. */
  readonly attributes?: VpcAttributes
}

export interface VpcAttributes {
  readonly enableDnsSupport?: boolean
  readonly enableDnsHostnames?: boolean
  readonly enableNetworkAddressUsageMetrics?: boolean
}

export interface Subnet extends Ec2Record {
  readonly vpcId: string
  readonly cidr: string
  readonly zone: string
  readonly zoneId: string
  readonly isDefault: boolean
  readonly mapPublicIp: boolean
}

export interface SecurityGroup extends Ec2Record {
  readonly vpcId: string
  readonly name: string
  readonly description: string
}

/** A rule: one protocol, port range and peer. */
export interface SecurityGroupRule extends Ec2Record {
  readonly groupId: string
  readonly egress: boolean
  /** A name or number; `-1` is all. */
  readonly protocol: string
  readonly fromPort: number
  readonly toPort: number
  readonly peer: RulePeer
  readonly description?: string
}

export type RulePeer =
  | { readonly kind: 'ipv4' | 'ipv6'; readonly cidr: string }
  | { readonly kind: 'prefixList'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string; readonly owner: string }

export interface NetworkInterface extends Ec2Record {
  readonly vpcId: string
  readonly subnetId: string
  readonly zone: string
  readonly zoneId: string
  readonly mac: string
  readonly privateIp: string
  readonly publicIp?: string
  readonly description: string
  readonly groups: readonly GroupName[]
  readonly attachment?: {
    readonly id: string
    readonly instanceId: string
    readonly deviceIndex: number
    readonly deleteOnTermination: boolean
    readonly at: number
  }
}

export interface Volume extends Ec2Record {
  readonly zone: string
  readonly zoneId: string
  readonly size: number
  readonly type: string
  readonly iops?: number
  readonly throughput?: number
  readonly encrypted: boolean
  readonly snapshotId?: string
  readonly attachment?: {
    readonly instanceId: string
    readonly device: string
    readonly deleteOnTermination: boolean
    readonly at: number
  }
}

/** An image of the account's own. Deregistered ones are kept, so that their ids never mean another account's. */
export interface OwnImage extends Ec2Record {
  readonly name: string
  readonly description?: string
  readonly architecture: 'x86_64' | 'arm64'
  readonly platform?: 'windows'
  readonly rootDevice: string
  readonly rootSize: number
  readonly snapshotId: string
  readonly sourceInstanceId?: string
  readonly deregistered: boolean
}

export interface KeyPair extends Ec2Record {
  readonly name: string
  readonly type: 'rsa' | 'ed25519'
  readonly fingerprint: string
  /** In OpenSSH's form. */
  readonly publicKey: string
}

export interface LaunchTemplate extends Ec2Record {
  readonly name: string
  readonly createdBy: string
  readonly defaultVersion: number
  readonly latestVersion: number
}

/** One version; its id is the template's with its number. */
export interface LaunchTemplateVersion {
  readonly id: string
  readonly templateId: string
  readonly number: number
  readonly description?: string
  readonly createdAt: number
  readonly createdBy: string
  /** As given: what it names is looked up when it is used. */
  readonly data: Ec2.RequestLaunchTemplateData
}

const byId = (record: { readonly id: string }) => record.id

export const regionNetworks = defineTable<RegionNetwork>({ kind: 'ec2/network', key: (r) => r.region })
export const vpcs = defineTable<Vpc>({ kind: 'ec2/vpc', key: byId })
export const subnets = defineTable<Subnet>({ kind: 'ec2/subnet', key: byId })
export const securityGroups = defineTable<SecurityGroup, 'name'>({
  kind: 'ec2/security-group',
  key: byId,
  indexes: { name: (r) => `${r.vpcId}\n${r.name}` },
})
export const securityGroupRules = defineTable<SecurityGroupRule>({
  kind: 'ec2/security-group-rule',
  key: byId,
})
export const networkInterfaces = defineTable<NetworkInterface>({ kind: 'ec2/network-interface', key: byId })
export const volumes = defineTable<Volume>({ kind: 'ec2/volume', key: byId })
export const images = defineTable<OwnImage, 'name'>({
  kind: 'ec2/image',
  key: byId,
  indexes: { name: (r) => (r.deregistered ? undefined : `${r.region}\n${r.name}`) },
})
export const keyPairs = defineTable<KeyPair, 'name'>({
  kind: 'ec2/key-pair',
  key: byId,
  indexes: { name: (r) => `${r.region}\n${r.name}` },
})
export const launchTemplates = defineTable<LaunchTemplate, 'name'>({
  kind: 'ec2/launch-template',
  key: byId,
  indexes: { name: (r) => `${r.region}\n${r.name}` },
})
export const launchTemplateVersions = defineTable<LaunchTemplateVersion>({
  kind: 'ec2/launch-template-version',
  key: byId,
})
