import type { Call } from '../../../authorization/index.ts'
import type { MetadataOptions } from '../../../directory/index.ts'
import type { Ec2 } from '../../../model/index.ts'
import { findImage, type Image } from '../image/image.ts'
import { type LaunchInterface, launchInterfaces } from '../network/launch-interface.ts'
import { type KeyPair, keyPairs, type LaunchTemplate } from '../records.ts'
import { type TagsByKind, tagsByKind } from '../tag.ts'
import { findTemplate, findVersion, type TemplateData, type TemplateName } from '../template.ts'
import { type LaunchVolume, launchVolumes } from './launch-volume.ts'

/** A complete launch: the request merged over its template, with what it names looked up. */
export interface Launch {
  /** The request's members over the template's. */
  readonly given: TemplateData
  /**
   * The request's members alone: what it names itself does not count as the template's (ec2:IsLaunchTemplateResource).
   */
  readonly own: Ec2.RunInstancesRequest
  readonly templateName: (TemplateName & { readonly Version?: string | undefined }) | undefined
  readonly template: LaunchTemplate | undefined
  readonly image: Image | undefined
  readonly type: string
  readonly keyPair: KeyPair | undefined
  readonly zone: string | undefined
  readonly interfaces: readonly LaunchInterface[]
  readonly volumes: readonly LaunchVolume[]
  readonly metadata: MetadataOptions
  readonly tags: TagsByKind
}

/** AWS's default instance type (behaviour EC2-21). */
const defaultType = 'm1.small'

/**
 * Reads a launch and never refuses: what is missing is undefined, so that permission is asked before an answer reveals
 * what exists.
 */
export function readLaunch(input: Ec2.RunInstancesRequest, call: Call): Launch {
  const templateName = input.LaunchTemplate
  const template = findTemplate(templateName, call)
  const version = template && findVersion(template, templateName?.Version, call)
  const given = overlay(version?.data, input)
  const image = given.ImageId === undefined ? undefined : findImage(given.ImageId, call)
  const interfaces = launchInterfaces(given, call)
  return {
    given,
    own: input,
    templateName,
    template,
    image,
    type: given.InstanceType ?? defaultType,
    keyPair:
      given.KeyName === undefined
        ? undefined
        : call.account.table(keyPairs).findBy('name', `${call.region}\n${given.KeyName}`),
    zone: interfaces[0]?.subnet?.zone ?? given.Placement?.AvailabilityZone,
    interfaces,
    volumes: launchVolumes(given.BlockDeviceMappings, image),
    metadata: metadataOptions(given.MetadataOptions, image),
    tags: mergedTags(version?.data, input),
  }
}

/** Each member of the request replaces the template's. */
function overlay(data: TemplateData | undefined, input: Ec2.RunInstancesRequest): TemplateData {
  const inputData: TemplateData = {
    ImageId: input.ImageId,
    InstanceType: input.InstanceType,
    KeyName: input.KeyName,
    IamInstanceProfile: input.IamInstanceProfile,
    BlockDeviceMappings: input.BlockDeviceMappings,
    NetworkInterfaces: input.NetworkInterfaces?.map((each) => ({
      ...each,
      SubnetId: each.SubnetId ?? input.SubnetId,
    })),
    SecurityGroupIds: input.SecurityGroupIds,
    SecurityGroups: input.SecurityGroups,
    MetadataOptions: input.MetadataOptions && { ...data?.MetadataOptions, ...input.MetadataOptions },
    Placement: input.Placement && { ...data?.Placement, ...input.Placement },
    Monitoring: input.Monitoring,
    EbsOptimized: input.EbsOptimized,
    UserData: input.UserData,
    DisableApiTermination: input.DisableApiTermination,
    DisableApiStop: input.DisableApiStop,
    InstanceInitiatedShutdownBehavior: input.InstanceInitiatedShutdownBehavior,
    InstanceMarketOptions: input.InstanceMarketOptions,
  }
  const merged: Record<string, unknown> = { ...data }
  for (const [name, value] of Object.entries(inputData)) if (value !== undefined) merged[name] = value
  // an instance-level subnet belongs to the primary interface
  if (input.SubnetId !== undefined && input.NetworkInterfaces === undefined)
    merged.NetworkInterfaces = primaryInSubnet(data, input)
  return merged as TemplateData // members of TemplateData over members of TemplateData
}

function primaryInSubnet(data: TemplateData | undefined, input: Ec2.RunInstancesRequest) {
  const [primary, ...others] = data?.NetworkInterfaces ?? []
  return [
    { DeviceIndex: 0, ...primary, SubnetId: input.SubnetId, PrivateIpAddress: input.PrivateIpAddress },
    ...others,
  ]
}

function metadataOptions(given: TemplateData['MetadataOptions'], image: Image | undefined): MetadataOptions {
  const modern = image?.imdsV2 === true
  return {
    tokens: given?.HttpTokens ?? (modern ? 'required' : 'optional'),
    hopLimit: given?.HttpPutResponseHopLimit ?? (modern ? 2 : 1),
    endpoint: given?.HttpEndpoint ?? 'enabled',
    ipv6: given?.HttpProtocolIpv6 ?? 'disabled',
    tags: given?.InstanceMetadataTags ?? 'disabled',
  }
}

/** Tags of the request and of the template are merged; the request's take precedence (behaviour EC2-57). */
function mergedTags(data: TemplateData | undefined, input: Ec2.RunInstancesRequest): TagsByKind {
  const merged = new Map(tagsByKind(data?.TagSpecifications))
  for (const [kind, tags] of tagsByKind(input.TagSpecifications)) {
    const keys = new Set(tags.map((tag) => tag.Key))
    merged.set(kind, [...(merged.get(kind) ?? []).filter((tag) => !keys.has(tag.Key)), ...tags])
  }
  return merged
}
