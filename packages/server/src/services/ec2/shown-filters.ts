/**
 * The filters of each Describe operation, and what of the answer they compare: the member of the same name (`vpc-id`:
 * VpcId, `route.state`: the State of each of its Routes), or the one given behind `=`. Behind `:` is a value that all
 * have, or none. `shownFields` reads it.
 */
export const filters = {
  DescribeAvailabilityZones: `group-long-name=RegionName group-name message=Messages.Message network-border-group
    opt-in-status parent-zone-id parent-zone-name region-name state zone-id zone-name zone-type`,
  DescribeIamInstanceProfileAssociations: 'instance-id state',
  DescribeImages: `architecture block-device-mapping.delete-on-termination=BlockDeviceMappings.Ebs.DeleteOnTermination
    block-device-mapping.device-name block-device-mapping.encrypted=BlockDeviceMappings.Ebs.Encrypted
    block-device-mapping.snapshot-id=BlockDeviceMappings.Ebs.SnapshotId
    block-device-mapping.volume-size=BlockDeviceMappings.Ebs.VolumeSize
    block-device-mapping.volume-type=BlockDeviceMappings.Ebs.VolumeType boot-mode creation-date description
    ena-support hypervisor image-allowed image-id image-type is-public=Public kernel-id
    manifest-location=ImageLocation name owner-alias=ImageOwnerAlias owner-id platform
    product-code=ProductCodes.ProductCodeId product-code.type=ProductCodes.ProductCodeType
    public-ssm-parameter-name: ramdisk-id root-device-name root-device-type source-image-id
    source-image-region source-instance-id sriov-net-support state state-reason-code=StateReason.Code
    state-reason-message=StateReason.Message virtualization-type`,
  DescribeInstanceCreditSpecifications: 'instance-id',
  DescribeInstances: `affinity=Placement.Affinity architecture availability-zone=Placement.AvailabilityZone
    availability-zone-id=Placement.AvailabilityZoneId
    block-device-mapping.delete-on-termination=BlockDeviceMappings.Ebs.DeleteOnTermination
    block-device-mapping.device-name block-device-mapping.status=BlockDeviceMappings.Ebs.Status
    block-device-mapping.volume-id=BlockDeviceMappings.Ebs.VolumeId boot-mode capacity-reservation-id
    capacity-reservation-specification.capacity-reservation-preference
    capacity-reservation-specification.capacity-reservation-target.capacity-reservation-id
    capacity-reservation-specification.capacity-reservation-target.capacity-reservation-resource-group-arn
    client-token current-instance-boot-mode dns-name=PublicDnsName ena-support enclave-options.enabled
    hibernation-options.configured host-id=Placement.HostId hypervisor iam-instance-profile.arn
    iam-instance-profile.id image-id instance-id instance-lifecycle instance-state-code=State.Code
    instance-state-name=State.Name instance-type instance.group-id=SecurityGroups.GroupId
    instance.group-name=SecurityGroups.GroupName ip-address=PublicIpAddress ipv6-address kernel-id key-name
    launch-index=AmiLaunchIndex launch-time maintenance-options.auto-recovery metadata-options.http-endpoint
    metadata-options.http-protocol-ipv4=MetadataOptions.HttpEndpoint metadata-options.http-protocol-ipv6
    metadata-options.http-put-response-hop-limit metadata-options.http-tokens
    metadata-options.instance-metadata-tags metadata-options.state monitoring-state=Monitoring.State
    network-interface.addresses.association.allocation-id: network-interface.addresses.association.association-id:
    network-interface.addresses.association.carrier-ip=NetworkInterfaces.PrivateIpAddresses.Association.CarrierIp
    network-interface.addresses.association.ip-owner-id=NetworkInterfaces.PrivateIpAddresses.Association.IpOwnerId
    network-interface.addresses.association.public-dns-name=NetworkInterfaces.PrivateIpAddresses.Association.PublicDnsName
    network-interface.addresses.association.public-ip=NetworkInterfaces.PrivateIpAddresses.Association.PublicIp
    network-interface.addresses.primary=NetworkInterfaces.PrivateIpAddresses.Primary
    network-interface.addresses.private-dns-name=NetworkInterfaces.PrivateIpAddresses.PrivateDnsName
    network-interface.addresses.private-ip-address=NetworkInterfaces.PrivateIpAddresses.PrivateIpAddress
    network-interface.association.allocation-id: network-interface.association.association-id:
    network-interface.association.carrier-ip network-interface.association.ip-owner-id
    network-interface.association.public-dns-name network-interface.association.public-ip
    network-interface.attachment.attach-time network-interface.attachment.attachment-id
    network-interface.attachment.delete-on-termination network-interface.attachment.device-index
    network-interface.attachment.instance-id=InstanceId network-interface.attachment.instance-owner-id=OwnerId
    network-interface.attachment.network-card-index network-interface.attachment.status
    network-interface.availability-zone=Placement.AvailabilityZone network-interface.description
    network-interface.group-id=NetworkInterfaces.Groups.GroupId
    network-interface.group-name=NetworkInterfaces.Groups.GroupName network-interface.ipv6-address:
    network-interface.ipv6-addresses.ipv6-address network-interface.mac-address
    network-interface.network-interface-id network-interface.outpost-arn: network-interface.owner-id
    network-interface.private-dns-name network-interface.private-ip-address network-interface.requester-id:
    network-interface.requester-managed:false network-interface.source-dest-check network-interface.status
    network-interface.subnet-id network-interface.tag-key: network-interface.tag-value: network-interface.vpc-id
    network-performance-options.bandwidth-weighting operator.managed operator.principal outpost-arn owner-id
    placement-group-name: placement-partition-number=Placement.PartitionNumber platform platform-details
    private-dns-name private-dns-name-options.enable-resource-name-dns-a-record
    private-dns-name-options.enable-resource-name-dns-aaaa-record=PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord
    private-dns-name-options.hostname-type private-ip-address product-code=ProductCodes.ProductCodeId
    product-code.type=ProductCodes.ProductCodeType ramdisk-id reason=StateTransitionReason requester-id reservation-id
    root-device-name root-device-type source-dest-check spot-instance-request-id state-reason-code=StateReason.Code
    state-reason-message=StateReason.Message subnet-id tenancy=Placement.Tenancy tpm-support usage-operation
    virtualization-type vpc-id`,
  DescribeInstanceStatus: `application-status.status: attached-ebs-status.status availability-zone availability-zone-id
    event.code event.description event.instance-event-id event.not-after event.not-before
    event.not-before-deadline instance-state-code=InstanceState.Code instance-state-name=InstanceState.Name
    instance-status.reachability=InstanceStatus.Details.Status instance-status.status operator.managed:false
    operator.principal: system-status.reachability=SystemStatus.Details.Status system-status.status`,
  DescribeInstanceTypeOfferings: 'instance-type location',
  DescribeInstanceTypes: `bare-metal burstable-performance-supported current-generation free-tier-eligible instance-type
    memory-info.size-in-mib=MemoryInfo.SizeInMiB processor-info.supported-architecture
    supported-root-device-type supported-usage-class=SupportedUsageClasses
    vcpu-info.default-vcpus=VCpuInfo.DefaultVCpus`,
  DescribeKeyPairs: 'fingerprint=KeyFingerprint key-name key-pair-id',
  DescribeLaunchTemplates: 'create-time launch-template-name',
  DescribeLaunchTemplateVersions: `create-time ebs-optimized=LaunchTemplateData.EbsOptimized
    host-resource-group-arn=LaunchTemplateData.Placement.HostResourceGroupArn
    http-endpoint=LaunchTemplateData.MetadataOptions.HttpEndpoint http-protocol-ipv4:
    http-tokens=LaunchTemplateData.MetadataOptions.HttpTokens image-id=LaunchTemplateData.ImageId
    instance-type=LaunchTemplateData.InstanceType kernel-id=LaunchTemplateData.KernelId
    license-configuration-arn=LaunchTemplateData.LicenseSpecifications.LicenseConfigurationArn
    network-card-index=LaunchTemplateData.NetworkInterfaces.NetworkCardIndex
    ram-disk-id=LaunchTemplateData.RamDiskId`,
  DescribeNetworkAcls: `association.association-id=Associations.NetworkAclAssociationId association.network-acl-id
    association.subnet-id default=IsDefault entry.cidr=Entries.CidrBlock entry.egress=Entries.Egress
    entry.protocol=Entries.Protocol entry.rule-action=Entries.RuleAction entry.rule-number=Entries.RuleNumber
    network-acl-id owner-id vpc-id`,
  DescribeNetworkInterfaces: `addresses.association.owner-id=PrivateIpAddresses.Association.IpOwnerId
    addresses.association.public-ip=PrivateIpAddresses.Association.PublicIp
    addresses.primary=PrivateIpAddresses.Primary
    addresses.private-ip-address=PrivateIpAddresses.PrivateIpAddress association.allocation-id
    association.association-id association.ip-owner-id association.public-dns-name association.public-ip
    attachment.attach-time attachment.attachment-id attachment.device-index attachment.instance-id
    attachment.status availability-zone availability-zone-id description group-id=Groups.GroupId
    group-name=Groups.GroupName interface-type ipv6-addresses.ipv6-address mac-address network-interface-id
    operator.managed operator.principal owner-id private-dns-name private-ip-address requester-id
    requester-managed source-dest-check status subnet-id vpc-id`,
  DescribeRegions: 'endpoint opt-in-status region-name',
  DescribeRouteTables: `association.gateway-id association.main association.route-table-association-id association.route-table-id
    association.subnet-id owner-id route-table-id route.destination-cidr-block route.gateway-id
    route.nat-gateway-id route.origin route.state vpc-id`,
  DescribeSecurityGroupRules: 'group-id security-group-rule-id',
  DescribeSecurityGroups: `description group-id group-name owner-id vpc-id ip-permission.cidr=IpPermissions.IpRanges.CidrIp
    ip-permission.from-port=IpPermissions.FromPort
    ip-permission.group-id=IpPermissions.UserIdGroupPairs.GroupId
    ip-permission.ipv6-cidr=IpPermissions.Ipv6Ranges.CidrIpv6
    ip-permission.prefix-list-id=IpPermissions.PrefixListIds.PrefixListId
    ip-permission.protocol=IpPermissions.IpProtocol ip-permission.to-port=IpPermissions.ToPort
    ip-permission.user-id=IpPermissions.UserIdGroupPairs.UserId
    egress.ip-permission.cidr=IpPermissionsEgress.IpRanges.CidrIp
    egress.ip-permission.from-port=IpPermissionsEgress.FromPort
    egress.ip-permission.group-id=IpPermissionsEgress.UserIdGroupPairs.GroupId
    egress.ip-permission.ipv6-cidr=IpPermissionsEgress.Ipv6Ranges.CidrIpv6
    egress.ip-permission.prefix-list-id=IpPermissionsEgress.PrefixListIds.PrefixListId
    egress.ip-permission.protocol=IpPermissionsEgress.IpProtocol
    egress.ip-permission.to-port=IpPermissionsEgress.ToPort
    egress.ip-permission.user-id=IpPermissionsEgress.UserIdGroupPairs.UserId`,
  DescribeSubnets: `availability-zone availabilityZone availability-zone-id availabilityZoneId available-ip-address-count
    cidr-block cidrBlock cidr=CidrBlock customer-owned-ipv4-pool default-for-az defaultForAz enable-dns64
    enable-lni-at-device-index ipv6-cidr-block-association.ipv6-cidr-block
    ipv6-cidr-block-association.association-id
    ipv6-cidr-block-association.state=Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State ipv6-native
    map-customer-owned-ip-on-launch map-public-ip-on-launch outpost-arn owner-id
    private-dns-name-options-on-launch.enable-resource-name-dns-a-record
    private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record=PrivateDnsNameOptionsOnLaunch.EnableResourceNameDnsAAAARecord
    private-dns-name-options-on-launch.hostname-type state subnet-arn subnet-id vpc-id`,
  DescribeVolumes: `attachment.attach-time attachment.delete-on-termination attachment.device attachment.instance-id
    attachment.status=Attachments.State availability-zone availability-zone-id create-time encrypted
    fast-restored:false multi-attach-enabled operator.managed operator.principal size snapshot-id status=State
    volume-id volume-type`,
  DescribeVpcs: `cidr=CidrBlock cidr-block-association.cidr-block cidr-block-association.association-id
    cidr-block-association.state=CidrBlockAssociationSet.CidrBlockState.State dhcp-options-id
    ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.ipv6-pool
    ipv6-cidr-block-association.association-id
    ipv6-cidr-block-association.state=Ipv6CidrBlockAssociationSet.Ipv6CidrBlockState.State is-default
    isDefault owner-id state vpc-id`,
} as const
