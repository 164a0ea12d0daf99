// Derived by tools/models.ts from the Amazon Elastic Compute Cloud model, version 2016-11-15. Not to be edited.

export interface AcceleratorCount {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface AcceleratorCountRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export type AcceleratorManufacturer = 'amazon-web-services' | 'amd' | 'nvidia' | 'xilinx' | 'habana'

export type AcceleratorName = 'a100' | 'inferentia' | 'k520' | 'k80' | 'm60' | 'radeon-pro-v520' | 't4' | 'vu9p' | 'v100' | 'a10g' | 'h100' | 't4g' | 'l40s' | 'l4' | 'gaudi-hl-205' | 'inferentia2' | 'trainium' | 'trainium2' | 'u30'

export interface AcceleratorTotalMemoryMiB {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface AcceleratorTotalMemoryMiBRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export type AcceleratorType = 'gpu' | 'fpga' | 'inference' | 'media'

export interface AccountAttribute {
  readonly AttributeName?: string | undefined
  readonly AttributeValues?: readonly AccountAttributeValue[] | undefined
}

export type AccountAttributeName = 'supported-platforms' | 'default-vpc'

export interface AccountAttributeValue {
  readonly AttributeValue?: string | undefined
}

export interface Address {
  readonly AllocationId?: string | undefined
  readonly AssociationId?: string | undefined
  readonly Domain?: DomainType | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly NetworkInterfaceOwnerId?: string | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly PublicIpv4Pool?: string | undefined
  readonly NetworkBorderGroup?: string | undefined
  readonly CustomerOwnedIp?: string | undefined
  readonly CustomerOwnedIpv4Pool?: string | undefined
  readonly CarrierIp?: string | undefined
  readonly SubnetId?: string | undefined
  readonly ServiceManaged?: ServiceManaged | undefined
  readonly InstanceId?: string | undefined
  readonly PublicIp?: string | undefined
}

export type AmdSevSnpSpecification = 'enabled' | 'disabled'

export interface ApplicationStatusSummary {
  readonly Status?: SummaryStatus | undefined
  readonly ImpairedSince?: number | undefined
}

export type ArchitectureType = 'i386' | 'x86_64' | 'arm64' | 'x86_64_mac' | 'arm64_mac'

export type ArchitectureValues = 'i386' | 'x86_64' | 'arm64' | 'x86_64_mac' | 'arm64_mac'

export interface AssociateIamInstanceProfileRequest {
  readonly IamInstanceProfile: IamInstanceProfileSpecification
  readonly InstanceId: string
  readonly DryRun?: boolean | undefined
}

export interface AssociateIamInstanceProfileResult {
  readonly IamInstanceProfileAssociation?: IamInstanceProfileAssociation | undefined
}

export interface AttachmentEnaSrdSpecification {
  readonly EnaSrdEnabled?: boolean | undefined
  readonly EnaSrdUdpSpecification?: AttachmentEnaSrdUdpSpecification | undefined
}

export interface AttachmentEnaSrdUdpSpecification {
  readonly EnaSrdUdpEnabled?: boolean | undefined
}

export type AttachmentLimitType = 'shared' | 'dedicated'

export type AttachmentStatus = 'attaching' | 'attached' | 'detaching' | 'detached'

export interface AttributeBooleanValue {
  readonly Value?: boolean | undefined
}

export interface AttributeValue {
  readonly Value?: string | undefined
}

export interface AuthorizeSecurityGroupEgressRequest {
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly DryRun?: boolean | undefined
  readonly GroupId: string
  readonly SourceSecurityGroupName?: string | undefined
  readonly SourceSecurityGroupOwnerId?: string | undefined
  readonly IpProtocol?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly CidrIp?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
}

export interface AuthorizeSecurityGroupEgressResult {
  readonly Return?: boolean | undefined
  readonly SecurityGroupRules?: readonly SecurityGroupRule[] | undefined
}

export interface AuthorizeSecurityGroupIngressRequest {
  readonly CidrIp?: string | undefined
  readonly FromPort?: number | undefined
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
  readonly IpProtocol?: string | undefined
  readonly SourceSecurityGroupName?: string | undefined
  readonly SourceSecurityGroupOwnerId?: string | undefined
  readonly ToPort?: number | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly DryRun?: boolean | undefined
}

export interface AuthorizeSecurityGroupIngressResult {
  readonly Return?: boolean | undefined
  readonly SecurityGroupRules?: readonly SecurityGroupRule[] | undefined
}

export interface AvailabilityZone {
  readonly OptInStatus?: AvailabilityZoneOptInStatus | undefined
  readonly Messages?: readonly AvailabilityZoneMessage[] | undefined
  readonly RegionName?: string | undefined
  readonly ZoneName?: string | undefined
  readonly ZoneId?: string | undefined
  readonly GroupName?: string | undefined
  readonly NetworkBorderGroup?: string | undefined
  readonly ZoneType?: string | undefined
  readonly ParentZoneName?: string | undefined
  readonly ParentZoneId?: string | undefined
  readonly GroupLongName?: string | undefined
  readonly Geography?: readonly AvailabilityZoneGeography[] | undefined
  readonly SubGeography?: readonly AvailabilityZoneSubGeography[] | undefined
  readonly State?: AvailabilityZoneState | undefined
}

export interface AvailabilityZoneGeography {
  readonly Name?: string | undefined
}

export interface AvailabilityZoneMessage {
  readonly Message?: string | undefined
}

export type AvailabilityZoneOptInStatus = 'opt-in-not-required' | 'opted-in' | 'not-opted-in'

export type AvailabilityZoneState = 'available' | 'information' | 'impaired' | 'unavailable' | 'constrained'

export interface AvailabilityZoneSubGeography {
  readonly Name?: string | undefined
}

export type BandwidthWeightingType = 'default' | 'vpc-1' | 'ebs-1'

export type BareMetal = 'included' | 'required' | 'excluded'

export interface BaselineEbsBandwidthMbps {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface BaselineEbsBandwidthMbpsRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface BaselinePerformanceFactors {
  readonly Cpu?: CpuPerformanceFactor | undefined
}

export interface BaselinePerformanceFactorsRequest {
  readonly Cpu?: CpuPerformanceFactorRequest | undefined
}

export interface BlobAttributeValue {
  readonly Value?: Uint8Array | undefined
}

export interface BlockDeviceMapping {
  readonly Ebs?: EbsBlockDevice | undefined
  readonly NoDevice?: string | undefined
  readonly DeviceName?: string | undefined
  readonly VirtualName?: string | undefined
}

export type BlockPublicAccessMode = 'off' | 'block-bidirectional' | 'block-ingress'

export interface BlockPublicAccessStates {
  readonly InternetGatewayBlockMode?: BlockPublicAccessMode | undefined
}

export type BootModeOverrideValues = 'uefi'

export type BootModeType = 'legacy-bios' | 'uefi'

export type BootModeValues = 'legacy-bios' | 'uefi' | 'uefi-preferred'

export type BurstablePerformance = 'included' | 'required' | 'excluded'

export type CapacityReservationPreference = 'capacity-reservations-only' | 'open' | 'none'

export interface CapacityReservationSpecification {
  readonly CapacityReservationPreference?: CapacityReservationPreference | undefined
  readonly CapacityReservationTarget?: CapacityReservationTarget | undefined
}

export interface CapacityReservationSpecificationResponse {
  readonly CapacityReservationPreference?: CapacityReservationPreference | undefined
  readonly CapacityReservationTarget?: CapacityReservationTargetResponse | undefined
}

export interface CapacityReservationTarget {
  readonly CapacityReservationId?: string | undefined
  readonly CapacityReservationResourceGroupArn?: string | undefined
}

export interface CapacityReservationTargetResponse {
  readonly CapacityReservationId?: string | undefined
  readonly CapacityReservationResourceGroupArn?: string | undefined
}

export interface ConnectionTrackingConfiguration {
  readonly TcpEstablishedTimeout?: number | undefined
  readonly UdpStreamTimeout?: number | undefined
  readonly UdpTimeout?: number | undefined
}

export interface ConnectionTrackingSpecification {
  readonly TcpEstablishedTimeout?: number | undefined
  readonly UdpTimeout?: number | undefined
  readonly UdpStreamTimeout?: number | undefined
}

export interface ConnectionTrackingSpecificationRequest {
  readonly TcpEstablishedTimeout?: number | undefined
  readonly UdpStreamTimeout?: number | undefined
  readonly UdpTimeout?: number | undefined
}

export interface ConnectionTrackingSpecificationResponse {
  readonly TcpEstablishedTimeout?: number | undefined
  readonly UdpStreamTimeout?: number | undefined
  readonly UdpTimeout?: number | undefined
}

export type CpuManufacturer = 'intel' | 'amd' | 'amazon-web-services' | 'apple'

export interface CpuOptions {
  readonly CoreCount?: number | undefined
  readonly ThreadsPerCore?: number | undefined
  readonly AmdSevSnp?: AmdSevSnpSpecification | undefined
  readonly NestedVirtualization?: NestedVirtualizationSpecification | undefined
}

export interface CpuOptionsRequest {
  readonly CoreCount?: number | undefined
  readonly ThreadsPerCore?: number | undefined
  readonly AmdSevSnp?: AmdSevSnpSpecification | undefined
  readonly NestedVirtualization?: NestedVirtualizationSpecification | undefined
}

export interface CpuPerformanceFactor {
  readonly References?: readonly PerformanceFactorReference[] | undefined
}

export interface CpuPerformanceFactorRequest {
  readonly References?: readonly PerformanceFactorReferenceRequest[] | undefined
}

export interface CreateDefaultVpcRequest {
  readonly DryRun?: boolean | undefined
}

export interface CreateDefaultVpcResult {
  readonly Vpc?: Vpc | undefined
}

export interface CreateImageRequest {
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly SnapshotLocation?: SnapshotLocationEnum | undefined
  readonly DryRun?: boolean | undefined
  readonly InstanceId: string
  readonly Name: string
  readonly Description?: string | undefined
  readonly NoReboot?: boolean | undefined
  readonly BlockDeviceMappings?: readonly BlockDeviceMapping[] | undefined
  readonly BootModeOverride?: BootModeOverrideValues | undefined
}

export interface CreateImageResult {
  readonly ImageId?: string | undefined
}

export interface CreateKeyPairRequest {
  readonly KeyName: string
  readonly KeyType?: KeyType | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly KeyFormat?: KeyFormat | undefined
  readonly DryRun?: boolean | undefined
}

export interface CreateLaunchTemplateRequest {
  readonly DryRun?: boolean | undefined
  readonly ClientToken?: string | undefined
  readonly LaunchTemplateName: string
  readonly VersionDescription?: string | undefined
  readonly LaunchTemplateData: RequestLaunchTemplateData
  readonly Operator?: OperatorRequest | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
}

export interface CreateLaunchTemplateResult {
  readonly LaunchTemplate?: LaunchTemplate | undefined
  readonly Warning?: ValidationWarning | undefined
}

export interface CreateLaunchTemplateVersionRequest {
  readonly DryRun?: boolean | undefined
  readonly ClientToken?: string | undefined
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly SourceVersion?: string | undefined
  readonly VersionDescription?: string | undefined
  readonly LaunchTemplateData: RequestLaunchTemplateData
  readonly ResolveAlias?: boolean | undefined
}

export interface CreateLaunchTemplateVersionResult {
  readonly LaunchTemplateVersion?: LaunchTemplateVersion | undefined
  readonly Warning?: ValidationWarning | undefined
}

export interface CreateSecurityGroupRequest {
  readonly Description: string
  readonly GroupName: string
  readonly VpcId?: string | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly DryRun?: boolean | undefined
}

export interface CreateSecurityGroupResult {
  readonly GroupId?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly SecurityGroupArn?: string | undefined
}

export interface CreateSubnetRequest {
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly AvailabilityZone?: string | undefined
  readonly AvailabilityZoneId?: string | undefined
  readonly CidrBlock?: string | undefined
  readonly Ipv6CidrBlock?: string | undefined
  readonly OutpostArn?: string | undefined
  readonly VpcId: string
  readonly Ipv6Native?: boolean | undefined
  readonly Ipv4IpamPoolId?: string | undefined
  readonly Ipv4NetmaskLength?: number | undefined
  readonly Ipv6IpamPoolId?: string | undefined
  readonly Ipv6NetmaskLength?: number | undefined
  readonly DryRun?: boolean | undefined
}

export interface CreateSubnetResult {
  readonly Subnet?: Subnet | undefined
}

export interface CreateTagsRequest {
  readonly DryRun?: boolean | undefined
  readonly Resources: readonly string[]
  readonly Tags: readonly Tag[]
}

export interface CreateVpcRequest {
  readonly CidrBlock?: string | undefined
  readonly Ipv6Pool?: string | undefined
  readonly Ipv6CidrBlock?: string | undefined
  readonly Ipv4IpamPoolId?: string | undefined
  readonly Ipv4NetmaskLength?: number | undefined
  readonly Ipv6IpamPoolId?: string | undefined
  readonly Ipv6NetmaskLength?: number | undefined
  readonly Ipv6CidrBlockNetworkBorderGroup?: string | undefined
  readonly VpcEncryptionControl?: VpcEncryptionControlConfiguration | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly DryRun?: boolean | undefined
  readonly InstanceTenancy?: Tenancy | undefined
  readonly AmazonProvidedIpv6CidrBlock?: boolean | undefined
}

export interface CreateVpcResult {
  readonly Vpc?: Vpc | undefined
}

export interface CreditSpecification {
  readonly CpuCredits?: string | undefined
}

export interface CreditSpecificationRequest {
  readonly CpuCredits: string
}

export interface DefaultConnectionTrackingConfiguration {
  readonly DefaultTcpEstablishedTimeout?: number | undefined
  readonly DefaultUdpTimeout?: number | undefined
  readonly DefaultUdpStreamTimeout?: number | undefined
}

export interface DeleteKeyPairRequest {
  readonly KeyName?: string | undefined
  readonly KeyPairId?: string | undefined
  readonly DryRun?: boolean | undefined
}

export interface DeleteKeyPairResult {
  readonly Return?: boolean | undefined
  readonly KeyPairId?: string | undefined
}

export interface DeleteLaunchTemplateRequest {
  readonly DryRun?: boolean | undefined
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
}

export interface DeleteLaunchTemplateResult {
  readonly LaunchTemplate?: LaunchTemplate | undefined
}

export interface DeleteLaunchTemplateVersionsRequest {
  readonly DryRun?: boolean | undefined
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly Versions: readonly string[]
}

export interface DeleteLaunchTemplateVersionsResponseErrorItem {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly VersionNumber?: number | undefined
  readonly ResponseError?: ResponseError | undefined
}

export interface DeleteLaunchTemplateVersionsResponseSuccessItem {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly VersionNumber?: number | undefined
}

export interface DeleteLaunchTemplateVersionsResult {
  readonly SuccessfullyDeletedLaunchTemplateVersions?: readonly DeleteLaunchTemplateVersionsResponseSuccessItem[] | undefined
  readonly UnsuccessfullyDeletedLaunchTemplateVersions?: readonly DeleteLaunchTemplateVersionsResponseErrorItem[] | undefined
}

export interface DeleteSecurityGroupRequest {
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
  readonly DryRun?: boolean | undefined
}

export interface DeleteSecurityGroupResult {
  readonly Return?: boolean | undefined
  readonly GroupId?: string | undefined
}

export interface DeleteSnapshotReturnCode {
  readonly SnapshotId?: string | undefined
  readonly ReturnCode?: SnapshotReturnCodes | undefined
}

export interface DeleteSubnetRequest {
  readonly SubnetId: string
  readonly DryRun?: boolean | undefined
}

export interface DeleteTagsRequest {
  readonly DryRun?: boolean | undefined
  readonly Resources: readonly string[]
  readonly Tags?: readonly Tag[] | undefined
}

export interface DeleteVpcRequest {
  readonly VpcId: string
  readonly DryRun?: boolean | undefined
}

export interface DeregisterImageRequest {
  readonly ImageId: string
  readonly DeleteAssociatedSnapshots?: boolean | undefined
  readonly DryRun?: boolean | undefined
}

export interface DeregisterImageResult {
  readonly Return?: boolean | undefined
  readonly DeleteSnapshotResults?: readonly DeleteSnapshotReturnCode[] | undefined
}

export interface DescribeAccountAttributesRequest {
  readonly DryRun?: boolean | undefined
  readonly AttributeNames?: readonly AccountAttributeName[] | undefined
}

export interface DescribeAccountAttributesResult {
  readonly AccountAttributes?: readonly AccountAttribute[] | undefined
}

export interface DescribeAddressesRequest {
  readonly PublicIps?: readonly string[] | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly AllocationIds?: readonly string[] | undefined
}

export interface DescribeAddressesResult {
  readonly Addresses?: readonly Address[] | undefined
}

export interface DescribeAvailabilityZonesRequest {
  readonly ZoneNames?: readonly string[] | undefined
  readonly ZoneIds?: readonly string[] | undefined
  readonly AllAvailabilityZones?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeAvailabilityZonesResult {
  readonly AvailabilityZones?: readonly AvailabilityZone[] | undefined
}

export interface DescribeIamInstanceProfileAssociationsRequest {
  readonly AssociationIds?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly DryRun?: boolean | undefined
}

export interface DescribeIamInstanceProfileAssociationsResult {
  readonly IamInstanceProfileAssociations?: readonly IamInstanceProfileAssociation[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeImagesRequest {
  readonly ExecutableUsers?: readonly string[] | undefined
  readonly ImageIds?: readonly string[] | undefined
  readonly Owners?: readonly string[] | undefined
  readonly IncludeDeprecated?: boolean | undefined
  readonly IncludeDisabled?: boolean | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeImagesResult {
  readonly NextToken?: string | undefined
  readonly Images?: readonly Image[] | undefined
}

export interface DescribeInstanceAttributeRequest {
  readonly DryRun?: boolean | undefined
  readonly InstanceId: string
  readonly Attribute: InstanceAttributeName
}

export interface DescribeInstanceCreditSpecificationsRequest {
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly InstanceIds?: readonly string[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeInstanceCreditSpecificationsResult {
  readonly InstanceCreditSpecifications?: readonly InstanceCreditSpecification[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeInstanceStatusRequest {
  readonly InstanceIds?: readonly string[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly IncludeManagedResources?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly IncludeAllInstances?: boolean | undefined
}

export interface DescribeInstanceStatusResult {
  readonly InstanceStatuses?: readonly InstanceStatus[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeInstanceTypeOfferingsRequest {
  readonly DryRun?: boolean | undefined
  readonly LocationType?: LocationType | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeInstanceTypeOfferingsResult {
  readonly InstanceTypeOfferings?: readonly InstanceTypeOffering[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeInstanceTypesRequest {
  readonly DryRun?: boolean | undefined
  readonly InstanceTypes?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
  readonly IncludeUnsupportedInRegion?: boolean | undefined
}

export interface DescribeInstanceTypesResult {
  readonly InstanceTypes?: readonly InstanceTypeInfo[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeInstancesRequest {
  readonly InstanceIds?: readonly string[] | undefined
  readonly IncludeManagedResources?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

export interface DescribeInstancesResult {
  readonly NextToken?: string | undefined
  readonly Reservations?: readonly Reservation[] | undefined
}

export interface DescribeKeyPairsRequest {
  readonly KeyNames?: readonly string[] | undefined
  readonly KeyPairIds?: readonly string[] | undefined
  readonly IncludePublicKey?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeKeyPairsResult {
  readonly KeyPairs?: readonly KeyPairInfo[] | undefined
}

export interface DescribeLaunchTemplateVersionsRequest {
  readonly DryRun?: boolean | undefined
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly Versions?: readonly string[] | undefined
  readonly MinVersion?: string | undefined
  readonly MaxVersion?: string | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly ResolveAlias?: boolean | undefined
  readonly IncludeManagedResources?: boolean | undefined
}

export interface DescribeLaunchTemplateVersionsResult {
  readonly LaunchTemplateVersions?: readonly LaunchTemplateVersion[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeLaunchTemplatesRequest {
  readonly DryRun?: boolean | undefined
  readonly LaunchTemplateIds?: readonly string[] | undefined
  readonly LaunchTemplateNames?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly IncludeManagedResources?: boolean | undefined
}

export interface DescribeLaunchTemplatesResult {
  readonly LaunchTemplates?: readonly LaunchTemplate[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeNetworkAclsRequest {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly DryRun?: boolean | undefined
  readonly NetworkAclIds?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeNetworkAclsResult {
  readonly NetworkAcls?: readonly NetworkAcl[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeNetworkInterfacesRequest {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly IncludeManagedResources?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly NetworkInterfaceIds?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeNetworkInterfacesResult {
  readonly NetworkInterfaces?: readonly NetworkInterface[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeRegionsRequest {
  readonly RegionNames?: readonly string[] | undefined
  readonly AllRegions?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeRegionsResult {
  readonly Regions?: readonly Region[] | undefined
}

export interface DescribeRouteTablesRequest {
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly DryRun?: boolean | undefined
  readonly RouteTableIds?: readonly string[] | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeRouteTablesResult {
  readonly RouteTables?: readonly RouteTable[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeSecurityGroupRulesRequest {
  readonly Filters?: readonly Filter[] | undefined
  readonly SecurityGroupRuleIds?: readonly string[] | undefined
  readonly DryRun?: boolean | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

export interface DescribeSecurityGroupRulesResult {
  readonly SecurityGroupRules?: readonly SecurityGroupRule[] | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeSecurityGroupsRequest {
  readonly GroupIds?: readonly string[] | undefined
  readonly GroupNames?: readonly string[] | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
}

export interface DescribeSecurityGroupsResult {
  readonly NextToken?: string | undefined
  readonly SecurityGroups?: readonly SecurityGroup[] | undefined
}

export interface DescribeSubnetsRequest {
  readonly Filters?: readonly Filter[] | undefined
  readonly SubnetIds?: readonly string[] | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly DryRun?: boolean | undefined
}

export interface DescribeSubnetsResult {
  readonly NextToken?: string | undefined
  readonly Subnets?: readonly Subnet[] | undefined
}

export interface DescribeTagsRequest {
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly MaxResults?: number | undefined
  readonly NextToken?: string | undefined
}

export interface DescribeTagsResult {
  readonly NextToken?: string | undefined
  readonly Tags?: readonly TagDescription[] | undefined
}

export interface DescribeVolumesRequest {
  readonly VolumeIds?: readonly string[] | undefined
  readonly IncludeManagedResources?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Filters?: readonly Filter[] | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
}

export interface DescribeVolumesResult {
  readonly NextToken?: string | undefined
  readonly Volumes?: readonly Volume[] | undefined
}

export interface DescribeVpcAttributeRequest {
  readonly Attribute: VpcAttributeName
  readonly VpcId: string
  readonly DryRun?: boolean | undefined
}

export interface DescribeVpcAttributeResult {
  readonly EnableDnsHostnames?: AttributeBooleanValue | undefined
  readonly EnableDnsSupport?: AttributeBooleanValue | undefined
  readonly EnableNetworkAddressUsageMetrics?: AttributeBooleanValue | undefined
  readonly VpcId?: string | undefined
}

export interface DescribeVpcsRequest {
  readonly Filters?: readonly Filter[] | undefined
  readonly VpcIds?: readonly string[] | undefined
  readonly NextToken?: string | undefined
  readonly MaxResults?: number | undefined
  readonly DryRun?: boolean | undefined
}

export interface DescribeVpcsResult {
  readonly NextToken?: string | undefined
  readonly Vpcs?: readonly Vpc[] | undefined
}

export type DeviceType = 'ebs' | 'instance-store'

export interface DisassociateIamInstanceProfileRequest {
  readonly AssociationId: string
  readonly DryRun?: boolean | undefined
}

export interface DisassociateIamInstanceProfileResult {
  readonly IamInstanceProfileAssociation?: IamInstanceProfileAssociation | undefined
}

export interface DiskInfo {
  readonly SizeInGB?: number | undefined
  readonly Count?: number | undefined
  readonly Type?: DiskType | undefined
}

export type DiskType = 'hdd' | 'ssd'

export type DomainType = 'vpc' | 'standard'

export interface EbsBlockDevice {
  readonly DeleteOnTermination?: boolean | undefined
  readonly Iops?: number | undefined
  readonly SnapshotId?: string | undefined
  readonly VolumeSize?: number | undefined
  readonly VolumeType?: VolumeType | undefined
  readonly KmsKeyId?: string | undefined
  readonly Throughput?: number | undefined
  readonly OutpostArn?: string | undefined
  readonly AvailabilityZone?: string | undefined
  readonly Encrypted?: boolean | undefined
  readonly VolumeInitializationRate?: number | undefined
  readonly AvailabilityZoneId?: string | undefined
  readonly EbsCardIndex?: number | undefined
}

export interface EbsCardInfo {
  readonly EbsCardIndex?: number | undefined
  readonly BaselineBandwidthInMbps?: number | undefined
  readonly BaselineThroughputInMBps?: number | undefined
  readonly BaselineIops?: number | undefined
  readonly MaximumBandwidthInMbps?: number | undefined
  readonly MaximumThroughputInMBps?: number | undefined
  readonly MaximumIops?: number | undefined
}

export type EbsEncryptionSupport = 'unsupported' | 'supported'

export interface EbsInfo {
  readonly EbsOptimizedSupport?: EbsOptimizedSupport | undefined
  readonly EncryptionSupport?: EbsEncryptionSupport | undefined
  readonly EbsOptimizedInfo?: EbsOptimizedInfo | undefined
  readonly NvmeSupport?: EbsNvmeSupport | undefined
  readonly MaximumEbsAttachments?: number | undefined
  readonly AttachmentLimitType?: AttachmentLimitType | undefined
  readonly MaximumEbsCards?: number | undefined
  readonly EbsCards?: readonly EbsCardInfo[] | undefined
}

export interface EbsInstanceBlockDevice {
  readonly AttachTime?: number | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly Status?: AttachmentStatus | undefined
  readonly VolumeId?: string | undefined
  readonly AssociatedResource?: string | undefined
  readonly VolumeOwnerId?: string | undefined
  readonly Operator?: OperatorResponse | undefined
  readonly EbsCardIndex?: number | undefined
}

export interface EbsInstanceBlockDeviceSpecification {
  readonly VolumeId?: string | undefined
  readonly DeleteOnTermination?: boolean | undefined
}

export type EbsNvmeSupport = 'unsupported' | 'supported' | 'required'

export interface EbsOptimizedInfo {
  readonly BaselineBandwidthInMbps?: number | undefined
  readonly BaselineThroughputInMBps?: number | undefined
  readonly BaselineIops?: number | undefined
  readonly MaximumBandwidthInMbps?: number | undefined
  readonly MaximumThroughputInMBps?: number | undefined
  readonly MaximumIops?: number | undefined
}

export type EbsOptimizedSupport = 'unsupported' | 'supported' | 'default'

export interface EbsStatusDetails {
  readonly ImpairedSince?: number | undefined
  readonly Name?: StatusName | undefined
  readonly Status?: StatusType | undefined
}

export interface EbsStatusSummary {
  readonly Details?: readonly EbsStatusDetails[] | undefined
  readonly Status?: SummaryStatus | undefined
}

export interface EfaInfo {
  readonly MaximumEfaInterfaces?: number | undefined
}

export interface ElasticGpuAssociation {
  readonly ElasticGpuId?: string | undefined
  readonly ElasticGpuAssociationId?: string | undefined
  readonly ElasticGpuAssociationState?: string | undefined
  readonly ElasticGpuAssociationTime?: string | undefined
}

export interface ElasticGpuSpecification {
  readonly Type: string
}

export interface ElasticGpuSpecificationResponse {
  readonly Type?: string | undefined
}

export interface ElasticInferenceAccelerator {
  readonly Type: string
  readonly Count?: number | undefined
}

export interface ElasticInferenceAcceleratorAssociation {
  readonly ElasticInferenceAcceleratorArn?: string | undefined
  readonly ElasticInferenceAcceleratorAssociationId?: string | undefined
  readonly ElasticInferenceAcceleratorAssociationState?: string | undefined
  readonly ElasticInferenceAcceleratorAssociationTime?: number | undefined
}

export interface EnaSrdSpecificationRequest {
  readonly EnaSrdEnabled?: boolean | undefined
  readonly EnaSrdUdpSpecification?: EnaSrdUdpSpecificationRequest | undefined
}

export interface EnaSrdUdpSpecificationRequest {
  readonly EnaSrdUdpEnabled?: boolean | undefined
}

export type EnaSupport = 'unsupported' | 'supported' | 'required'

export interface EnclaveOptions {
  readonly Enabled?: boolean | undefined
}

export interface EnclaveOptionsRequest {
  readonly Enabled?: boolean | undefined
}

export type EphemeralNvmeSupport = 'unsupported' | 'supported' | 'required'

export type EventCode = 'instance-reboot' | 'system-reboot' | 'system-maintenance' | 'instance-retirement' | 'instance-stop'

export interface Filter {
  readonly Name?: string | undefined
  readonly Values?: readonly string[] | undefined
}

export type FlexibleEnaQueuesSupport = 'unsupported' | 'supported'

export interface FpgaDeviceInfo {
  readonly Name?: string | undefined
  readonly Manufacturer?: string | undefined
  readonly Count?: number | undefined
  readonly MemoryInfo?: FpgaDeviceMemoryInfo | undefined
}

export interface FpgaDeviceMemoryInfo {
  readonly SizeInMiB?: number | undefined
}

export interface FpgaInfo {
  readonly Fpgas?: readonly FpgaDeviceInfo[] | undefined
  readonly TotalFpgaMemoryInMiB?: number | undefined
}

export interface GetLaunchTemplateDataRequest {
  readonly DryRun?: boolean | undefined
  readonly InstanceId: string
}

export interface GetLaunchTemplateDataResult {
  readonly LaunchTemplateData?: ResponseLaunchTemplateData | undefined
}

export interface GpuDeviceInfo {
  readonly Name?: string | undefined
  readonly Manufacturer?: string | undefined
  readonly Count?: number | undefined
  readonly LogicalGpuCount?: number | undefined
  readonly GpuPartitionSize?: number | undefined
  readonly Workloads?: readonly string[] | undefined
  readonly MemoryInfo?: GpuDeviceMemoryInfo | undefined
}

export interface GpuDeviceMemoryInfo {
  readonly SizeInMiB?: number | undefined
}

export interface GpuInfo {
  readonly Gpus?: readonly GpuDeviceInfo[] | undefined
  readonly TotalGpuMemoryInMiB?: number | undefined
}

export interface GroupIdentifier {
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
}

export interface HibernationOptions {
  readonly Configured?: boolean | undefined
}

export interface HibernationOptionsRequest {
  readonly Configured?: boolean | undefined
}

export type HostnameType = 'ip-name' | 'resource-name'

export type HttpTokensState = 'optional' | 'required'

export type HypervisorType = 'ovm' | 'xen'

export interface IamInstanceProfile {
  readonly Arn?: string | undefined
  readonly Id?: string | undefined
}

export interface IamInstanceProfileAssociation {
  readonly AssociationId?: string | undefined
  readonly InstanceId?: string | undefined
  readonly IamInstanceProfile?: IamInstanceProfile | undefined
  readonly State?: IamInstanceProfileAssociationState | undefined
  readonly Timestamp?: number | undefined
}

export type IamInstanceProfileAssociationState = 'associating' | 'associated' | 'disassociating' | 'disassociated'

export interface IamInstanceProfileSpecification {
  readonly Arn?: string | undefined
  readonly Name?: string | undefined
}

export interface IcmpTypeCode {
  readonly Code?: number | undefined
  readonly Type?: number | undefined
}

export interface Image {
  readonly PlatformDetails?: string | undefined
  readonly UsageOperation?: string | undefined
  readonly BlockDeviceMappings?: readonly BlockDeviceMapping[] | undefined
  readonly Description?: string | undefined
  readonly EnaSupport?: boolean | undefined
  readonly Hypervisor?: HypervisorType | undefined
  readonly ImageOwnerAlias?: string | undefined
  readonly Name?: string | undefined
  readonly RootDeviceName?: string | undefined
  readonly RootDeviceType?: DeviceType | undefined
  readonly SriovNetSupport?: string | undefined
  readonly StateReason?: StateReason | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly VirtualizationType?: VirtualizationType | undefined
  readonly BootMode?: BootModeValues | undefined
  readonly TpmSupport?: TpmSupportValues | undefined
  readonly DeprecationTime?: string | undefined
  readonly ImdsSupport?: ImdsSupportValues | undefined
  readonly SourceInstanceId?: string | undefined
  readonly DeregistrationProtection?: string | undefined
  readonly LastLaunchedTime?: string | undefined
  readonly ImageAllowed?: boolean | undefined
  readonly SourceImageId?: string | undefined
  readonly SourceImageRegion?: string | undefined
  readonly FreeTierEligible?: boolean | undefined
  readonly ImageId?: string | undefined
  readonly ImageLocation?: string | undefined
  readonly State?: ImageState | undefined
  readonly OwnerId?: string | undefined
  readonly CreationDate?: string | undefined
  readonly Public?: boolean | undefined
  readonly ProductCodes?: readonly ProductCode[] | undefined
  readonly Architecture?: ArchitectureValues | undefined
  readonly ImageType?: ImageTypeValues | undefined
  readonly KernelId?: string | undefined
  readonly RamdiskId?: string | undefined
  readonly Platform?: PlatformValues | undefined
  readonly PublicSsmParameterName?: string | undefined
  readonly ImageWatermarks?: readonly ImageWatermark[] | undefined
  readonly ScanResults?: ScanResults | undefined
  readonly InstanceTypeSpecification?: InstanceTypeSpecification | undefined
}

export type ImageState = 'pending' | 'available' | 'invalid' | 'deregistered' | 'transient' | 'failed' | 'error' | 'disabled'

export type ImageTypeValues = 'machine' | 'kernel' | 'ramdisk'

export interface ImageWatermark {
  readonly WatermarkKey?: string | undefined
  readonly SourceImageRegion?: string | undefined
  readonly SourceImageId?: string | undefined
  readonly SourceImageCreationTime?: number | undefined
  readonly WatermarkCreationTime?: number | undefined
}

export type ImdsSupportValues = 'v2.0'

export interface ImportKeyPairRequest {
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly DryRun?: boolean | undefined
  readonly KeyName: string
  readonly PublicKeyMaterial: Uint8Array
}

export interface ImportKeyPairResult {
  readonly KeyFingerprint?: string | undefined
  readonly KeyName?: string | undefined
  readonly KeyPairId?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface InferenceAcceleratorInfo {
  readonly Accelerators?: readonly InferenceDeviceInfo[] | undefined
  readonly TotalInferenceMemoryInMiB?: number | undefined
}

export interface InferenceDeviceInfo {
  readonly Count?: number | undefined
  readonly Name?: string | undefined
  readonly Manufacturer?: string | undefined
  readonly MemoryInfo?: InferenceDeviceMemoryInfo | undefined
}

export interface InferenceDeviceMemoryInfo {
  readonly SizeInMiB?: number | undefined
}

export interface Instance {
  readonly Architecture?: ArchitectureValues | undefined
  readonly BlockDeviceMappings?: readonly InstanceBlockDeviceMapping[] | undefined
  readonly ClientToken?: string | undefined
  readonly EbsOptimized?: boolean | undefined
  readonly EnaSupport?: boolean | undefined
  readonly Hypervisor?: HypervisorType | undefined
  readonly IamInstanceProfile?: IamInstanceProfile | undefined
  readonly InstanceLifecycle?: InstanceLifecycleType | undefined
  readonly ElasticGpuAssociations?: readonly ElasticGpuAssociation[] | undefined
  readonly ElasticInferenceAcceleratorAssociations?: readonly ElasticInferenceAcceleratorAssociation[] | undefined
  readonly NetworkInterfaces?: readonly InstanceNetworkInterface[] | undefined
  readonly OutpostArn?: string | undefined
  readonly RootDeviceName?: string | undefined
  readonly RootDeviceType?: DeviceType | undefined
  readonly SecurityGroups?: readonly GroupIdentifier[] | undefined
  readonly SourceDestCheck?: boolean | undefined
  readonly SpotInstanceRequestId?: string | undefined
  readonly SriovNetSupport?: string | undefined
  readonly StateReason?: StateReason | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly VirtualizationType?: VirtualizationType | undefined
  readonly CpuOptions?: CpuOptions | undefined
  readonly CapacityBlockId?: string | undefined
  readonly CapacityReservationId?: string | undefined
  readonly CapacityReservationSpecification?: CapacityReservationSpecificationResponse | undefined
  readonly HibernationOptions?: HibernationOptions | undefined
  readonly Licenses?: readonly LicenseConfiguration[] | undefined
  readonly MetadataOptions?: InstanceMetadataOptionsResponse | undefined
  readonly EnclaveOptions?: EnclaveOptions | undefined
  readonly BootMode?: BootModeValues | undefined
  readonly PlatformDetails?: string | undefined
  readonly UsageOperation?: string | undefined
  readonly UsageOperationUpdateTime?: number | undefined
  readonly PrivateDnsNameOptions?: PrivateDnsNameOptionsResponse | undefined
  readonly Ipv6Address?: string | undefined
  readonly TpmSupport?: string | undefined
  readonly MaintenanceOptions?: InstanceMaintenanceOptions | undefined
  readonly CurrentInstanceBootMode?: InstanceBootModeValues | undefined
  readonly NetworkPerformanceOptions?: InstanceNetworkPerformanceOptions | undefined
  readonly Operator?: OperatorResponse | undefined
  readonly SecondaryInterfaces?: readonly InstanceSecondaryInterface[] | undefined
  readonly InstanceId?: string | undefined
  readonly ImageId?: string | undefined
  readonly State?: InstanceState | undefined
  readonly PrivateDnsName?: string | undefined
  readonly PublicDnsName?: string | undefined
  readonly StateTransitionReason?: string | undefined
  readonly KeyName?: string | undefined
  readonly AmiLaunchIndex?: number | undefined
  readonly ProductCodes?: readonly ProductCode[] | undefined
  readonly InstanceType?: string | undefined
  readonly LaunchTime?: number | undefined
  readonly Placement?: Placement | undefined
  readonly KernelId?: string | undefined
  readonly RamdiskId?: string | undefined
  readonly Platform?: PlatformValues | undefined
  readonly Monitoring?: Monitoring | undefined
  readonly SubnetId?: string | undefined
  readonly VpcId?: string | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly PublicIpAddress?: string | undefined
}

export interface InstanceAttachmentEnaSrdSpecification {
  readonly EnaSrdEnabled?: boolean | undefined
  readonly EnaSrdUdpSpecification?: InstanceAttachmentEnaSrdUdpSpecification | undefined
}

export interface InstanceAttachmentEnaSrdUdpSpecification {
  readonly EnaSrdUdpEnabled?: boolean | undefined
}

export interface InstanceAttribute {
  readonly BlockDeviceMappings?: readonly InstanceBlockDeviceMapping[] | undefined
  readonly DisableApiTermination?: AttributeBooleanValue | undefined
  readonly EnaSupport?: AttributeBooleanValue | undefined
  readonly EnclaveOptions?: EnclaveOptions | undefined
  readonly EbsOptimized?: AttributeBooleanValue | undefined
  readonly InstanceId?: string | undefined
  readonly InstanceInitiatedShutdownBehavior?: AttributeValue | undefined
  readonly InstanceType?: AttributeValue | undefined
  readonly KernelId?: AttributeValue | undefined
  readonly ProductCodes?: readonly ProductCode[] | undefined
  readonly RamdiskId?: AttributeValue | undefined
  readonly RootDeviceName?: AttributeValue | undefined
  readonly SourceDestCheck?: AttributeBooleanValue | undefined
  readonly SriovNetSupport?: AttributeValue | undefined
  readonly UserData?: AttributeValue | undefined
  readonly DisableApiStop?: AttributeBooleanValue | undefined
  readonly Groups?: readonly GroupIdentifier[] | undefined
}

export type InstanceAttributeName = 'instanceType' | 'kernel' | 'ramdisk' | 'userData' | 'disableApiTermination' | 'instanceInitiatedShutdownBehavior' | 'rootDeviceName' | 'blockDeviceMapping' | 'productCodes' | 'sourceDestCheck' | 'groupSet' | 'ebsOptimized' | 'sriovNetSupport' | 'enaSupport' | 'enclaveOptions' | 'disableApiStop'

export type InstanceAutoRecoveryState = 'disabled' | 'default'

export type InstanceBandwidthWeighting = 'default' | 'vpc-1' | 'ebs-1'

export interface InstanceBlockDeviceMapping {
  readonly DeviceName?: string | undefined
  readonly Ebs?: EbsInstanceBlockDevice | undefined
}

export interface InstanceBlockDeviceMappingSpecification {
  readonly DeviceName?: string | undefined
  readonly Ebs?: EbsInstanceBlockDeviceSpecification | undefined
  readonly VirtualName?: string | undefined
  readonly NoDevice?: string | undefined
}

export type InstanceBootModeValues = 'legacy-bios' | 'uefi'

export interface InstanceCreditSpecification {
  readonly InstanceId?: string | undefined
  readonly CpuCredits?: string | undefined
}

export type InstanceGeneration = 'current' | 'previous'

export type InstanceInterruptionBehavior = 'hibernate' | 'stop' | 'terminate'

export interface InstanceIpv4Prefix {
  readonly Ipv4Prefix?: string | undefined
}

export interface InstanceIpv6Address {
  readonly Ipv6Address?: string | undefined
  readonly IsPrimaryIpv6?: boolean | undefined
}

export interface InstanceIpv6AddressRequest {
  readonly Ipv6Address?: string | undefined
}

export interface InstanceIpv6Prefix {
  readonly Ipv6Prefix?: string | undefined
}

export type InstanceLifecycleType = 'spot' | 'scheduled' | 'capacity-block' | 'interruptible-capacity-reservation'

export interface InstanceMaintenanceOptions {
  readonly AutoRecovery?: InstanceAutoRecoveryState | undefined
  readonly RebootMigration?: InstanceRebootMigrationState | undefined
}

export interface InstanceMaintenanceOptionsRequest {
  readonly AutoRecovery?: InstanceAutoRecoveryState | undefined
}

export interface InstanceMarketOptionsRequest {
  readonly MarketType?: MarketType | undefined
  readonly SpotOptions?: SpotMarketOptions | undefined
}

export type InstanceMetadataEndpointState = 'disabled' | 'enabled'

export interface InstanceMetadataOptionsRequest {
  readonly HttpTokens?: HttpTokensState | undefined
  readonly HttpPutResponseHopLimit?: number | undefined
  readonly HttpEndpoint?: InstanceMetadataEndpointState | undefined
  readonly HttpProtocolIpv6?: InstanceMetadataProtocolState | undefined
  readonly InstanceMetadataTags?: InstanceMetadataTagsState | undefined
}

export interface InstanceMetadataOptionsResponse {
  readonly State?: InstanceMetadataOptionsState | undefined
  readonly HttpTokens?: HttpTokensState | undefined
  readonly HttpPutResponseHopLimit?: number | undefined
  readonly HttpEndpoint?: InstanceMetadataEndpointState | undefined
  readonly HttpProtocolIpv6?: InstanceMetadataProtocolState | undefined
  readonly InstanceMetadataTags?: InstanceMetadataTagsState | undefined
}

export type InstanceMetadataOptionsState = 'pending' | 'applied'

export type InstanceMetadataProtocolState = 'disabled' | 'enabled'

export type InstanceMetadataTagsState = 'disabled' | 'enabled'

export interface InstanceNetworkInterface {
  readonly Association?: InstanceNetworkInterfaceAssociation | undefined
  readonly Attachment?: InstanceNetworkInterfaceAttachment | undefined
  readonly Description?: string | undefined
  readonly Groups?: readonly GroupIdentifier[] | undefined
  readonly Ipv6Addresses?: readonly InstanceIpv6Address[] | undefined
  readonly MacAddress?: string | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly OwnerId?: string | undefined
  readonly PrivateDnsName?: string | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly PrivateIpAddresses?: readonly InstancePrivateIpAddress[] | undefined
  readonly SourceDestCheck?: boolean | undefined
  readonly Status?: NetworkInterfaceStatus | undefined
  readonly SubnetId?: string | undefined
  readonly VpcId?: string | undefined
  readonly InterfaceType?: string | undefined
  readonly Ipv4Prefixes?: readonly InstanceIpv4Prefix[] | undefined
  readonly Ipv6Prefixes?: readonly InstanceIpv6Prefix[] | undefined
  readonly ConnectionTrackingConfiguration?: ConnectionTrackingSpecificationResponse | undefined
  readonly Operator?: OperatorResponse | undefined
}

export interface InstanceNetworkInterfaceAssociation {
  readonly CarrierIp?: string | undefined
  readonly CustomerOwnedIp?: string | undefined
  readonly IpOwnerId?: string | undefined
  readonly PublicDnsName?: string | undefined
  readonly PublicIp?: string | undefined
}

export interface InstanceNetworkInterfaceAttachment {
  readonly AttachTime?: number | undefined
  readonly AttachmentId?: string | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly DeviceIndex?: number | undefined
  readonly Status?: AttachmentStatus | undefined
  readonly NetworkCardIndex?: number | undefined
  readonly EnaSrdSpecification?: InstanceAttachmentEnaSrdSpecification | undefined
  readonly EnaQueueCount?: number | undefined
}

export interface InstanceNetworkInterfaceSpecification {
  readonly AssociatePublicIpAddress?: boolean | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly Description?: string | undefined
  readonly DeviceIndex?: number | undefined
  readonly Groups?: readonly string[] | undefined
  readonly Ipv6AddressCount?: number | undefined
  readonly Ipv6Addresses?: readonly InstanceIpv6Address[] | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly PrivateIpAddresses?: readonly PrivateIpAddressSpecification[] | undefined
  readonly SecondaryPrivateIpAddressCount?: number | undefined
  readonly SubnetId?: string | undefined
  readonly AssociateCarrierIpAddress?: boolean | undefined
  readonly InterfaceType?: string | undefined
  readonly NetworkCardIndex?: number | undefined
  readonly Ipv4Prefixes?: readonly Ipv4PrefixSpecificationRequest[] | undefined
  readonly Ipv4PrefixCount?: number | undefined
  readonly Ipv6Prefixes?: readonly Ipv6PrefixSpecificationRequest[] | undefined
  readonly Ipv6PrefixCount?: number | undefined
  readonly PrimaryIpv6?: boolean | undefined
  readonly EnaSrdSpecification?: EnaSrdSpecificationRequest | undefined
  readonly ConnectionTrackingSpecification?: ConnectionTrackingSpecificationRequest | undefined
  readonly EnaQueueCount?: number | undefined
}

export interface InstanceNetworkPerformanceOptions {
  readonly BandwidthWeighting?: InstanceBandwidthWeighting | undefined
}

export interface InstanceNetworkPerformanceOptionsRequest {
  readonly BandwidthWeighting?: InstanceBandwidthWeighting | undefined
}

export interface InstancePrivateIpAddress {
  readonly Association?: InstanceNetworkInterfaceAssociation | undefined
  readonly Primary?: boolean | undefined
  readonly PrivateDnsName?: string | undefined
  readonly PrivateIpAddress?: string | undefined
}

export type InstanceRebootMigrationState = 'disabled' | 'default'

export interface InstanceRequirements {
  readonly VCpuCount?: VCpuCountRange | undefined
  readonly MemoryMiB?: MemoryMiB | undefined
  readonly CpuManufacturers?: readonly CpuManufacturer[] | undefined
  readonly MemoryGiBPerVCpu?: MemoryGiBPerVCpu | undefined
  readonly ExcludedInstanceTypes?: readonly string[] | undefined
  readonly InstanceGenerations?: readonly InstanceGeneration[] | undefined
  readonly SpotMaxPricePercentageOverLowestPrice?: number | undefined
  readonly OnDemandMaxPricePercentageOverLowestPrice?: number | undefined
  readonly BareMetal?: BareMetal | undefined
  readonly BurstablePerformance?: BurstablePerformance | undefined
  readonly RequireHibernateSupport?: boolean | undefined
  readonly NetworkInterfaceCount?: NetworkInterfaceCount | undefined
  readonly LocalStorage?: LocalStorage | undefined
  readonly LocalStorageTypes?: readonly LocalStorageType[] | undefined
  readonly TotalLocalStorageGB?: TotalLocalStorageGB | undefined
  readonly BaselineEbsBandwidthMbps?: BaselineEbsBandwidthMbps | undefined
  readonly AcceleratorTypes?: readonly AcceleratorType[] | undefined
  readonly AcceleratorCount?: AcceleratorCount | undefined
  readonly AcceleratorManufacturers?: readonly AcceleratorManufacturer[] | undefined
  readonly AcceleratorNames?: readonly AcceleratorName[] | undefined
  readonly AcceleratorTotalMemoryMiB?: AcceleratorTotalMemoryMiB | undefined
  readonly NetworkBandwidthGbps?: NetworkBandwidthGbps | undefined
  readonly AllowedInstanceTypes?: readonly string[] | undefined
  readonly MaxSpotPriceAsPercentageOfOptimalOnDemandPrice?: number | undefined
  readonly BaselinePerformanceFactors?: BaselinePerformanceFactors | undefined
  readonly RequireEncryptionInTransit?: boolean | undefined
}

export interface InstanceRequirementsRequest {
  readonly VCpuCount: VCpuCountRangeRequest
  readonly MemoryMiB: MemoryMiBRequest
  readonly CpuManufacturers?: readonly CpuManufacturer[] | undefined
  readonly MemoryGiBPerVCpu?: MemoryGiBPerVCpuRequest | undefined
  readonly ExcludedInstanceTypes?: readonly string[] | undefined
  readonly InstanceGenerations?: readonly InstanceGeneration[] | undefined
  readonly SpotMaxPricePercentageOverLowestPrice?: number | undefined
  readonly OnDemandMaxPricePercentageOverLowestPrice?: number | undefined
  readonly BareMetal?: BareMetal | undefined
  readonly BurstablePerformance?: BurstablePerformance | undefined
  readonly RequireHibernateSupport?: boolean | undefined
  readonly NetworkInterfaceCount?: NetworkInterfaceCountRequest | undefined
  readonly LocalStorage?: LocalStorage | undefined
  readonly LocalStorageTypes?: readonly LocalStorageType[] | undefined
  readonly TotalLocalStorageGB?: TotalLocalStorageGBRequest | undefined
  readonly BaselineEbsBandwidthMbps?: BaselineEbsBandwidthMbpsRequest | undefined
  readonly AcceleratorTypes?: readonly AcceleratorType[] | undefined
  readonly AcceleratorCount?: AcceleratorCountRequest | undefined
  readonly AcceleratorManufacturers?: readonly AcceleratorManufacturer[] | undefined
  readonly AcceleratorNames?: readonly AcceleratorName[] | undefined
  readonly AcceleratorTotalMemoryMiB?: AcceleratorTotalMemoryMiBRequest | undefined
  readonly NetworkBandwidthGbps?: NetworkBandwidthGbpsRequest | undefined
  readonly AllowedInstanceTypes?: readonly string[] | undefined
  readonly MaxSpotPriceAsPercentageOfOptimalOnDemandPrice?: number | undefined
  readonly BaselinePerformanceFactors?: BaselinePerformanceFactorsRequest | undefined
  readonly RequireEncryptionInTransit?: boolean | undefined
}

export interface InstanceSecondaryInterface {
  readonly Attachment?: InstanceSecondaryInterfaceAttachment | undefined
  readonly MacAddress?: string | undefined
  readonly SecondaryInterfaceId?: string | undefined
  readonly OwnerId?: string | undefined
  readonly PrivateIpAddresses?: readonly InstanceSecondaryInterfacePrivateIpAddress[] | undefined
  readonly SourceDestCheck?: boolean | undefined
  readonly Status?: SecondaryInterfaceStatus | undefined
  readonly SecondarySubnetId?: string | undefined
  readonly SecondaryNetworkId?: string | undefined
  readonly InterfaceType?: SecondaryInterfaceType | undefined
}

export interface InstanceSecondaryInterfaceAttachment {
  readonly AttachTime?: number | undefined
  readonly AttachmentId?: string | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly DeviceIndex?: number | undefined
  readonly Status?: AttachmentStatus | undefined
  readonly NetworkCardIndex?: number | undefined
}

export interface InstanceSecondaryInterfacePrivateIpAddress {
  readonly PrivateIpAddress?: string | undefined
}

export interface InstanceSecondaryInterfacePrivateIpAddressRequest {
  readonly PrivateIpAddress: string
}

export interface InstanceSecondaryInterfaceSpecificationRequest {
  readonly DeleteOnTermination?: boolean | undefined
  readonly DeviceIndex?: number | undefined
  readonly PrivateIpAddresses?: readonly InstanceSecondaryInterfacePrivateIpAddressRequest[] | undefined
  readonly PrivateIpAddressCount?: number | undefined
  readonly SecondarySubnetId?: string | undefined
  readonly InterfaceType?: SecondaryInterfaceType | undefined
  readonly NetworkCardIndex?: number | undefined
}

export interface InstanceState {
  readonly Code?: number | undefined
  readonly Name?: InstanceStateName | undefined
}

export interface InstanceStateChange {
  readonly InstanceId?: string | undefined
  readonly CurrentState?: InstanceState | undefined
  readonly PreviousState?: InstanceState | undefined
}

export type InstanceStateName = 'pending' | 'running' | 'shutting-down' | 'terminated' | 'stopping' | 'stopped'

export interface InstanceStatus {
  readonly AvailabilityZone?: string | undefined
  readonly AvailabilityZoneId?: string | undefined
  readonly OutpostArn?: string | undefined
  readonly Operator?: OperatorResponse | undefined
  readonly Events?: readonly InstanceStatusEvent[] | undefined
  readonly InstanceId?: string | undefined
  readonly InstanceState?: InstanceState | undefined
  readonly InstanceStatus?: InstanceStatusSummary | undefined
  readonly SystemStatus?: InstanceStatusSummary | undefined
  readonly AttachedEbsStatus?: EbsStatusSummary | undefined
  readonly ApplicationStatus?: ApplicationStatusSummary | undefined
  readonly PerformanceStatus?: PerformanceStatusSummary | undefined
}

export interface InstanceStatusDetails {
  readonly ImpairedSince?: number | undefined
  readonly Name?: StatusName | undefined
  readonly Status?: StatusType | undefined
}

export interface InstanceStatusEvent {
  readonly InstanceEventId?: string | undefined
  readonly Code?: EventCode | undefined
  readonly Description?: string | undefined
  readonly NotAfter?: number | undefined
  readonly NotBefore?: number | undefined
  readonly NotBeforeDeadline?: number | undefined
}

export interface InstanceStatusSummary {
  readonly Details?: readonly InstanceStatusDetails[] | undefined
  readonly Status?: SummaryStatus | undefined
}

export type InstanceStorageEncryptionSupport = 'unsupported' | 'required'

export interface InstanceStorageInfo {
  readonly TotalSizeInGB?: number | undefined
  readonly Disks?: readonly DiskInfo[] | undefined
  readonly NvmeSupport?: EphemeralNvmeSupport | undefined
  readonly EncryptionSupport?: InstanceStorageEncryptionSupport | undefined
}

export type InstanceTypeHypervisor = 'nitro' | 'xen'

export interface InstanceTypeInfo {
  readonly InstanceType?: string | undefined
  readonly CurrentGeneration?: boolean | undefined
  readonly FreeTierEligible?: boolean | undefined
  readonly SupportedUsageClasses?: readonly UsageClassType[] | undefined
  readonly SupportedRootDeviceTypes?: readonly RootDeviceType[] | undefined
  readonly SupportedVirtualizationTypes?: readonly VirtualizationType[] | undefined
  readonly BareMetal?: boolean | undefined
  readonly Hypervisor?: InstanceTypeHypervisor | undefined
  readonly ProcessorInfo?: ProcessorInfo | undefined
  readonly VCpuInfo?: VCpuInfo | undefined
  readonly MemoryInfo?: MemoryInfo | undefined
  readonly InstanceStorageSupported?: boolean | undefined
  readonly InstanceStorageInfo?: InstanceStorageInfo | undefined
  readonly EbsInfo?: EbsInfo | undefined
  readonly NetworkInfo?: NetworkInfo | undefined
  readonly GpuInfo?: GpuInfo | undefined
  readonly FpgaInfo?: FpgaInfo | undefined
  readonly PlacementGroupInfo?: PlacementGroupInfo | undefined
  readonly InferenceAcceleratorInfo?: InferenceAcceleratorInfo | undefined
  readonly HibernationSupported?: boolean | undefined
  readonly BurstablePerformanceSupported?: boolean | undefined
  readonly DedicatedHostsSupported?: boolean | undefined
  readonly AutoRecoverySupported?: boolean | undefined
  readonly SupportedBootModes?: readonly BootModeType[] | undefined
  readonly NitroEnclavesSupport?: NitroEnclavesSupport | undefined
  readonly NitroTpmSupport?: NitroTpmSupport | undefined
  readonly NitroTpmInfo?: NitroTpmInfo | undefined
  readonly MediaAcceleratorInfo?: MediaAcceleratorInfo | undefined
  readonly NeuronInfo?: NeuronInfo | undefined
  readonly PhcSupport?: PhcSupport | undefined
  readonly RebootMigrationSupport?: RebootMigrationSupport | undefined
  readonly SupportedInRegion?: boolean | undefined
}

export interface InstanceTypeItem {
  readonly InstanceType?: string | undefined
}

export interface InstanceTypeOffering {
  readonly InstanceType?: string | undefined
  readonly LocationType?: LocationType | undefined
  readonly Location?: string | undefined
}

export interface InstanceTypeSpecification {
  readonly SupportedInstanceTypes?: readonly InstanceTypeItem[] | undefined
  readonly UnsupportedInstanceTypes?: readonly InstanceTypeItem[] | undefined
}

export interface IpPermission {
  readonly IpProtocol?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly UserIdGroupPairs?: readonly UserIdGroupPair[] | undefined
  readonly IpRanges?: readonly IpRange[] | undefined
  readonly Ipv6Ranges?: readonly Ipv6Range[] | undefined
  readonly PrefixListIds?: readonly PrefixListId[] | undefined
}

export interface IpRange {
  readonly Description?: string | undefined
  readonly CidrIp?: string | undefined
}

export type IpSource = 'amazon' | 'byoip' | 'none'

export interface Ipv4PrefixSpecification {
  readonly Ipv4Prefix?: string | undefined
}

export interface Ipv4PrefixSpecificationRequest {
  readonly Ipv4Prefix?: string | undefined
}

export interface Ipv4PrefixSpecificationResponse {
  readonly Ipv4Prefix?: string | undefined
}

export type Ipv6AddressAttribute = 'public' | 'private'

export interface Ipv6PrefixSpecification {
  readonly Ipv6Prefix?: string | undefined
}

export interface Ipv6PrefixSpecificationRequest {
  readonly Ipv6Prefix?: string | undefined
}

export interface Ipv6PrefixSpecificationResponse {
  readonly Ipv6Prefix?: string | undefined
}

export interface Ipv6Range {
  readonly Description?: string | undefined
  readonly CidrIpv6?: string | undefined
}

export type KeyFormat = 'pem' | 'ppk'

export interface KeyPair {
  readonly KeyPairId?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly KeyName?: string | undefined
  readonly KeyFingerprint?: string | undefined
  readonly KeyMaterial?: string | undefined
}

export interface KeyPairInfo {
  readonly KeyPairId?: string | undefined
  readonly KeyType?: KeyType | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly PublicKey?: string | undefined
  readonly CreateTime?: number | undefined
  readonly KeyName?: string | undefined
  readonly KeyFingerprint?: string | undefined
}

export type KeyType = 'rsa' | 'ed25519'

export interface LaunchTemplate {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly CreateTime?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly DefaultVersionNumber?: number | undefined
  readonly LatestVersionNumber?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly Operator?: OperatorResponse | undefined
}

export type LaunchTemplateAutoRecoveryState = 'default' | 'disabled'

export interface LaunchTemplateBlockDeviceMapping {
  readonly DeviceName?: string | undefined
  readonly VirtualName?: string | undefined
  readonly Ebs?: LaunchTemplateEbsBlockDevice | undefined
  readonly NoDevice?: string | undefined
}

export interface LaunchTemplateBlockDeviceMappingRequest {
  readonly DeviceName?: string | undefined
  readonly VirtualName?: string | undefined
  readonly Ebs?: LaunchTemplateEbsBlockDeviceRequest | undefined
  readonly NoDevice?: string | undefined
}

export interface LaunchTemplateCapacityReservationSpecificationRequest {
  readonly CapacityReservationPreference?: CapacityReservationPreference | undefined
  readonly CapacityReservationTarget?: CapacityReservationTarget | undefined
}

export interface LaunchTemplateCapacityReservationSpecificationResponse {
  readonly CapacityReservationPreference?: CapacityReservationPreference | undefined
  readonly CapacityReservationTarget?: CapacityReservationTargetResponse | undefined
}

export interface LaunchTemplateCpuOptions {
  readonly CoreCount?: number | undefined
  readonly ThreadsPerCore?: number | undefined
  readonly AmdSevSnp?: AmdSevSnpSpecification | undefined
  readonly NestedVirtualization?: NestedVirtualizationSpecification | undefined
}

export interface LaunchTemplateCpuOptionsRequest {
  readonly CoreCount?: number | undefined
  readonly ThreadsPerCore?: number | undefined
  readonly AmdSevSnp?: AmdSevSnpSpecification | undefined
  readonly NestedVirtualization?: NestedVirtualizationSpecification | undefined
}

export interface LaunchTemplateEbsBlockDevice {
  readonly Encrypted?: boolean | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly Iops?: number | undefined
  readonly KmsKeyId?: string | undefined
  readonly SnapshotId?: string | undefined
  readonly VolumeSize?: number | undefined
  readonly VolumeType?: VolumeType | undefined
  readonly Throughput?: number | undefined
  readonly VolumeInitializationRate?: number | undefined
  readonly EbsCardIndex?: number | undefined
}

export interface LaunchTemplateEbsBlockDeviceRequest {
  readonly Encrypted?: boolean | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly Iops?: number | undefined
  readonly KmsKeyId?: string | undefined
  readonly SnapshotId?: string | undefined
  readonly VolumeSize?: number | undefined
  readonly VolumeType?: VolumeType | undefined
  readonly Throughput?: number | undefined
  readonly VolumeInitializationRate?: number | undefined
  readonly EbsCardIndex?: number | undefined
}

export interface LaunchTemplateElasticInferenceAccelerator {
  readonly Type: string
  readonly Count?: number | undefined
}

export interface LaunchTemplateElasticInferenceAcceleratorResponse {
  readonly Type?: string | undefined
  readonly Count?: number | undefined
}

export interface LaunchTemplateEnaSrdSpecification {
  readonly EnaSrdEnabled?: boolean | undefined
  readonly EnaSrdUdpSpecification?: LaunchTemplateEnaSrdUdpSpecification | undefined
}

export interface LaunchTemplateEnaSrdUdpSpecification {
  readonly EnaSrdUdpEnabled?: boolean | undefined
}

export interface LaunchTemplateEnclaveOptions {
  readonly Enabled?: boolean | undefined
}

export interface LaunchTemplateEnclaveOptionsRequest {
  readonly Enabled?: boolean | undefined
}

export type LaunchTemplateErrorCode = 'launchTemplateIdDoesNotExist' | 'launchTemplateIdMalformed' | 'launchTemplateNameDoesNotExist' | 'launchTemplateNameMalformed' | 'launchTemplateVersionDoesNotExist' | 'unexpectedError'

export interface LaunchTemplateHibernationOptions {
  readonly Configured?: boolean | undefined
}

export interface LaunchTemplateHibernationOptionsRequest {
  readonly Configured?: boolean | undefined
}

export type LaunchTemplateHttpTokensState = 'optional' | 'required'

export interface LaunchTemplateIamInstanceProfileSpecification {
  readonly Arn?: string | undefined
  readonly Name?: string | undefined
}

export interface LaunchTemplateIamInstanceProfileSpecificationRequest {
  readonly Arn?: string | undefined
  readonly Name?: string | undefined
}

export interface LaunchTemplateInstanceMaintenanceOptions {
  readonly AutoRecovery?: LaunchTemplateAutoRecoveryState | undefined
}

export interface LaunchTemplateInstanceMaintenanceOptionsRequest {
  readonly AutoRecovery?: LaunchTemplateAutoRecoveryState | undefined
}

export interface LaunchTemplateInstanceMarketOptions {
  readonly MarketType?: MarketType | undefined
  readonly SpotOptions?: LaunchTemplateSpotMarketOptions | undefined
}

export interface LaunchTemplateInstanceMarketOptionsRequest {
  readonly MarketType?: MarketType | undefined
  readonly SpotOptions?: LaunchTemplateSpotMarketOptionsRequest | undefined
}

export type LaunchTemplateInstanceMetadataEndpointState = 'disabled' | 'enabled'

export interface LaunchTemplateInstanceMetadataOptions {
  readonly State?: LaunchTemplateInstanceMetadataOptionsState | undefined
  readonly HttpTokens?: LaunchTemplateHttpTokensState | undefined
  readonly HttpPutResponseHopLimit?: number | undefined
  readonly HttpEndpoint?: LaunchTemplateInstanceMetadataEndpointState | undefined
  readonly HttpProtocolIpv6?: LaunchTemplateInstanceMetadataProtocolIpv6 | undefined
  readonly InstanceMetadataTags?: LaunchTemplateInstanceMetadataTagsState | undefined
}

export interface LaunchTemplateInstanceMetadataOptionsRequest {
  readonly HttpTokens?: LaunchTemplateHttpTokensState | undefined
  readonly HttpPutResponseHopLimit?: number | undefined
  readonly HttpEndpoint?: LaunchTemplateInstanceMetadataEndpointState | undefined
  readonly HttpProtocolIpv6?: LaunchTemplateInstanceMetadataProtocolIpv6 | undefined
  readonly InstanceMetadataTags?: LaunchTemplateInstanceMetadataTagsState | undefined
}

export type LaunchTemplateInstanceMetadataOptionsState = 'pending' | 'applied'

export type LaunchTemplateInstanceMetadataProtocolIpv6 = 'disabled' | 'enabled'

export type LaunchTemplateInstanceMetadataTagsState = 'disabled' | 'enabled'

export interface LaunchTemplateInstanceNetworkInterfaceSpecification {
  readonly AssociateCarrierIpAddress?: boolean | undefined
  readonly AssociatePublicIpAddress?: boolean | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly Description?: string | undefined
  readonly DeviceIndex?: number | undefined
  readonly Groups?: readonly string[] | undefined
  readonly InterfaceType?: string | undefined
  readonly Ipv6AddressCount?: number | undefined
  readonly Ipv6Addresses?: readonly InstanceIpv6Address[] | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly PrivateIpAddresses?: readonly PrivateIpAddressSpecification[] | undefined
  readonly SecondaryPrivateIpAddressCount?: number | undefined
  readonly SubnetId?: string | undefined
  readonly NetworkCardIndex?: number | undefined
  readonly Ipv4Prefixes?: readonly Ipv4PrefixSpecificationResponse[] | undefined
  readonly Ipv4PrefixCount?: number | undefined
  readonly Ipv6Prefixes?: readonly Ipv6PrefixSpecificationResponse[] | undefined
  readonly Ipv6PrefixCount?: number | undefined
  readonly PrimaryIpv6?: boolean | undefined
  readonly EnaSrdSpecification?: LaunchTemplateEnaSrdSpecification | undefined
  readonly ConnectionTrackingSpecification?: ConnectionTrackingSpecification | undefined
  readonly EnaQueueCount?: number | undefined
}

export interface LaunchTemplateInstanceNetworkInterfaceSpecificationRequest {
  readonly AssociateCarrierIpAddress?: boolean | undefined
  readonly AssociatePublicIpAddress?: boolean | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly Description?: string | undefined
  readonly DeviceIndex?: number | undefined
  readonly Groups?: readonly string[] | undefined
  readonly InterfaceType?: string | undefined
  readonly Ipv6AddressCount?: number | undefined
  readonly Ipv6Addresses?: readonly InstanceIpv6AddressRequest[] | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly PrivateIpAddresses?: readonly PrivateIpAddressSpecification[] | undefined
  readonly SecondaryPrivateIpAddressCount?: number | undefined
  readonly SubnetId?: string | undefined
  readonly NetworkCardIndex?: number | undefined
  readonly Ipv4Prefixes?: readonly Ipv4PrefixSpecificationRequest[] | undefined
  readonly Ipv4PrefixCount?: number | undefined
  readonly Ipv6Prefixes?: readonly Ipv6PrefixSpecificationRequest[] | undefined
  readonly Ipv6PrefixCount?: number | undefined
  readonly PrimaryIpv6?: boolean | undefined
  readonly EnaSrdSpecification?: EnaSrdSpecificationRequest | undefined
  readonly ConnectionTrackingSpecification?: ConnectionTrackingSpecificationRequest | undefined
  readonly EnaQueueCount?: number | undefined
}

export interface LaunchTemplateInstanceSecondaryInterfaceSpecification {
  readonly DeleteOnTermination?: boolean | undefined
  readonly DeviceIndex?: number | undefined
  readonly PrivateIpAddresses?: readonly SecondaryInterfacePrivateIpAddressSpecification[] | undefined
  readonly PrivateIpAddressCount?: number | undefined
  readonly SecondarySubnetId?: string | undefined
  readonly InterfaceType?: SecondaryInterfaceType | undefined
  readonly NetworkCardIndex?: number | undefined
}

export interface LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest {
  readonly DeleteOnTermination?: boolean | undefined
  readonly DeviceIndex?: number | undefined
  readonly PrivateIpAddresses?: readonly SecondaryInterfacePrivateIpAddressSpecificationRequest[] | undefined
  readonly PrivateIpAddressCount?: number | undefined
  readonly SecondarySubnetId?: string | undefined
  readonly InterfaceType?: SecondaryInterfaceType | undefined
  readonly NetworkCardIndex?: number | undefined
}

export interface LaunchTemplateLicenseConfiguration {
  readonly LicenseConfigurationArn?: string | undefined
}

export interface LaunchTemplateLicenseConfigurationRequest {
  readonly LicenseConfigurationArn?: string | undefined
}

export interface LaunchTemplateNetworkPerformanceOptions {
  readonly BandwidthWeighting?: InstanceBandwidthWeighting | undefined
}

export interface LaunchTemplateNetworkPerformanceOptionsRequest {
  readonly BandwidthWeighting?: InstanceBandwidthWeighting | undefined
}

export interface LaunchTemplatePlacement {
  readonly AvailabilityZone?: string | undefined
  readonly AvailabilityZoneId?: string | undefined
  readonly Affinity?: string | undefined
  readonly GroupName?: string | undefined
  readonly HostId?: string | undefined
  readonly Tenancy?: Tenancy | undefined
  readonly SpreadDomain?: string | undefined
  readonly HostResourceGroupArn?: string | undefined
  readonly PartitionNumber?: number | undefined
  readonly GroupId?: string | undefined
}

export interface LaunchTemplatePlacementRequest {
  readonly AvailabilityZone?: string | undefined
  readonly AvailabilityZoneId?: string | undefined
  readonly Affinity?: string | undefined
  readonly GroupName?: string | undefined
  readonly HostId?: string | undefined
  readonly Tenancy?: Tenancy | undefined
  readonly SpreadDomain?: string | undefined
  readonly HostResourceGroupArn?: string | undefined
  readonly PartitionNumber?: number | undefined
  readonly GroupId?: string | undefined
}

export interface LaunchTemplatePrivateDnsNameOptions {
  readonly HostnameType?: HostnameType | undefined
  readonly EnableResourceNameDnsARecord?: boolean | undefined
  readonly EnableResourceNameDnsAAAARecord?: boolean | undefined
}

export interface LaunchTemplatePrivateDnsNameOptionsRequest {
  readonly HostnameType?: HostnameType | undefined
  readonly EnableResourceNameDnsARecord?: boolean | undefined
  readonly EnableResourceNameDnsAAAARecord?: boolean | undefined
}

export interface LaunchTemplateSpecification {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly Version?: string | undefined
}

export interface LaunchTemplateSpotMarketOptions {
  readonly MaxPrice?: string | undefined
  readonly SpotInstanceType?: SpotInstanceType | undefined
  readonly BlockDurationMinutes?: number | undefined
  readonly ValidUntil?: number | undefined
  readonly InstanceInterruptionBehavior?: InstanceInterruptionBehavior | undefined
}

export interface LaunchTemplateSpotMarketOptionsRequest {
  readonly MaxPrice?: string | undefined
  readonly SpotInstanceType?: SpotInstanceType | undefined
  readonly BlockDurationMinutes?: number | undefined
  readonly ValidUntil?: number | undefined
  readonly InstanceInterruptionBehavior?: InstanceInterruptionBehavior | undefined
}

export interface LaunchTemplateTagSpecification {
  readonly ResourceType?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface LaunchTemplateTagSpecificationRequest {
  readonly ResourceType?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface LaunchTemplateVersion {
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly VersionNumber?: number | undefined
  readonly VersionDescription?: string | undefined
  readonly CreateTime?: number | undefined
  readonly CreatedBy?: string | undefined
  readonly DefaultVersion?: boolean | undefined
  readonly LaunchTemplateData?: ResponseLaunchTemplateData | undefined
  readonly Operator?: OperatorResponse | undefined
}

export interface LaunchTemplatesMonitoring {
  readonly Enabled?: boolean | undefined
  readonly MetricCategoryIds?: readonly string[] | undefined
}

export interface LaunchTemplatesMonitoringRequest {
  readonly Enabled?: boolean | undefined
  readonly MetricCategoryIds?: readonly string[] | undefined
}

export interface LicenseConfiguration {
  readonly LicenseConfigurationArn?: string | undefined
}

export interface LicenseConfigurationRequest {
  readonly LicenseConfigurationArn?: string | undefined
}

export type LocalStorage = 'included' | 'required' | 'excluded'

export type LocalStorageType = 'hdd' | 'ssd'

export type LocationType = 'region' | 'availability-zone' | 'availability-zone-id' | 'outpost'

export type MarketType = 'spot' | 'capacity-block' | 'interruptible-capacity-reservation'

export interface MediaAcceleratorInfo {
  readonly Accelerators?: readonly MediaDeviceInfo[] | undefined
  readonly TotalMediaMemoryInMiB?: number | undefined
}

export interface MediaDeviceInfo {
  readonly Count?: number | undefined
  readonly Name?: string | undefined
  readonly Manufacturer?: string | undefined
  readonly MemoryInfo?: MediaDeviceMemoryInfo | undefined
}

export interface MediaDeviceMemoryInfo {
  readonly SizeInMiB?: number | undefined
}

export interface MemoryGiBPerVCpu {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface MemoryGiBPerVCpuRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface MemoryInfo {
  readonly SizeInMiB?: number | undefined
}

export interface MemoryMiB {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface MemoryMiBRequest {
  readonly Min: number
  readonly Max?: number | undefined
}

export interface ModifyInstanceAttributeRequest {
  readonly SourceDestCheck?: AttributeBooleanValue | undefined
  readonly DisableApiStop?: AttributeBooleanValue | undefined
  readonly DryRun?: boolean | undefined
  readonly InstanceId: string
  readonly Attribute?: InstanceAttributeName | undefined
  readonly Value?: string | undefined
  readonly BlockDeviceMappings?: readonly InstanceBlockDeviceMappingSpecification[] | undefined
  readonly DisableApiTermination?: AttributeBooleanValue | undefined
  readonly InstanceType?: AttributeValue | undefined
  readonly Kernel?: AttributeValue | undefined
  readonly Ramdisk?: AttributeValue | undefined
  readonly UserData?: BlobAttributeValue | undefined
  readonly InstanceInitiatedShutdownBehavior?: AttributeValue | undefined
  readonly Groups?: readonly string[] | undefined
  readonly EbsOptimized?: AttributeBooleanValue | undefined
  readonly SriovNetSupport?: AttributeValue | undefined
  readonly EnaSupport?: AttributeBooleanValue | undefined
  readonly EnclaveOptions?: EnclaveOptionsRequest | undefined
}

export interface ModifyInstanceMetadataOptionsRequest {
  readonly InstanceId: string
  readonly HttpTokens?: HttpTokensState | undefined
  readonly HttpPutResponseHopLimit?: number | undefined
  readonly HttpEndpoint?: InstanceMetadataEndpointState | undefined
  readonly DryRun?: boolean | undefined
  readonly HttpProtocolIpv6?: InstanceMetadataProtocolState | undefined
  readonly InstanceMetadataTags?: InstanceMetadataTagsState | undefined
}

export interface ModifyInstanceMetadataOptionsResult {
  readonly InstanceId?: string | undefined
  readonly InstanceMetadataOptions?: InstanceMetadataOptionsResponse | undefined
}

export interface ModifyLaunchTemplateRequest {
  readonly DryRun?: boolean | undefined
  readonly ClientToken?: string | undefined
  readonly LaunchTemplateId?: string | undefined
  readonly LaunchTemplateName?: string | undefined
  readonly DefaultVersion?: string | undefined
}

export interface ModifyLaunchTemplateResult {
  readonly LaunchTemplate?: LaunchTemplate | undefined
}

export interface ModifySubnetAttributeRequest {
  readonly AssignIpv6AddressOnCreation?: AttributeBooleanValue | undefined
  readonly MapPublicIpOnLaunch?: AttributeBooleanValue | undefined
  readonly SubnetId: string
  readonly MapCustomerOwnedIpOnLaunch?: AttributeBooleanValue | undefined
  readonly CustomerOwnedIpv4Pool?: string | undefined
  readonly EnableDns64?: AttributeBooleanValue | undefined
  readonly PrivateDnsHostnameTypeOnLaunch?: HostnameType | undefined
  readonly EnableResourceNameDnsARecordOnLaunch?: AttributeBooleanValue | undefined
  readonly EnableResourceNameDnsAAAARecordOnLaunch?: AttributeBooleanValue | undefined
  readonly EnableLniAtDeviceIndex?: number | undefined
  readonly DisableLniAtDeviceIndex?: AttributeBooleanValue | undefined
}

export interface ModifyVpcAttributeRequest {
  readonly EnableDnsHostnames?: AttributeBooleanValue | undefined
  readonly EnableDnsSupport?: AttributeBooleanValue | undefined
  readonly VpcId: string
  readonly EnableNetworkAddressUsageMetrics?: AttributeBooleanValue | undefined
}

export interface Monitoring {
  readonly State?: MonitoringState | undefined
  readonly MetricCategoryIds?: readonly string[] | undefined
}

export type MonitoringState = 'disabled' | 'disabling' | 'enabled' | 'pending'

export type NestedVirtualizationSpecification = 'enabled' | 'disabled'

export interface NetworkAcl {
  readonly Associations?: readonly NetworkAclAssociation[] | undefined
  readonly Entries?: readonly NetworkAclEntry[] | undefined
  readonly IsDefault?: boolean | undefined
  readonly NetworkAclId?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly VpcId?: string | undefined
  readonly OwnerId?: string | undefined
}

export interface NetworkAclAssociation {
  readonly NetworkAclAssociationId?: string | undefined
  readonly NetworkAclId?: string | undefined
  readonly SubnetId?: string | undefined
}

export interface NetworkAclEntry {
  readonly CidrBlock?: string | undefined
  readonly Egress?: boolean | undefined
  readonly IcmpTypeCode?: IcmpTypeCode | undefined
  readonly Ipv6CidrBlock?: string | undefined
  readonly PortRange?: PortRange | undefined
  readonly Protocol?: string | undefined
  readonly RuleAction?: RuleAction | undefined
  readonly RuleNumber?: number | undefined
}

export interface NetworkBandwidthGbps {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface NetworkBandwidthGbpsRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface NetworkCardInfo {
  readonly NetworkCardIndex?: number | undefined
  readonly NetworkPerformance?: string | undefined
  readonly MaximumNetworkInterfaces?: number | undefined
  readonly AdditionalFlexibleNetworkInterfaces?: number | undefined
  readonly BaselineBandwidthInGbps?: number | undefined
  readonly PeakBandwidthInGbps?: number | undefined
  readonly DefaultEnaQueueCountPerInterface?: number | undefined
  readonly MaximumEnaQueueCount?: number | undefined
  readonly MaximumEnaQueueCountPerInterface?: number | undefined
  readonly InterfaceTypes?: readonly string[] | undefined
}

export interface NetworkInfo {
  readonly NetworkPerformance?: string | undefined
  readonly MaximumNetworkInterfaces?: number | undefined
  readonly MaximumNetworkCards?: number | undefined
  readonly DefaultNetworkCardIndex?: number | undefined
  readonly NetworkCards?: readonly NetworkCardInfo[] | undefined
  readonly Ipv4AddressesPerInterface?: number | undefined
  readonly Ipv6AddressesPerInterface?: number | undefined
  readonly Ipv6Supported?: boolean | undefined
  readonly EnaSupport?: EnaSupport | undefined
  readonly EfaSupported?: boolean | undefined
  readonly EfaInfo?: EfaInfo | undefined
  readonly EncryptionInTransitSupported?: boolean | undefined
  readonly EnaSrdSupported?: boolean | undefined
  readonly BandwidthWeightings?: readonly BandwidthWeightingType[] | undefined
  readonly FlexibleEnaQueuesSupport?: FlexibleEnaQueuesSupport | undefined
  readonly ConnectionTrackingConfiguration?: DefaultConnectionTrackingConfiguration | undefined
  readonly SecondaryNetworkSupported?: boolean | undefined
  readonly MaximumSecondaryNetworkInterfaces?: number | undefined
  readonly Ipv4AddressesPerSecondaryInterface?: number | undefined
}

export interface NetworkInterface {
  readonly Association?: NetworkInterfaceAssociation | undefined
  readonly Attachment?: NetworkInterfaceAttachment | undefined
  readonly AvailabilityZone?: string | undefined
  readonly ConnectionTrackingConfiguration?: ConnectionTrackingConfiguration | undefined
  readonly Description?: string | undefined
  readonly Groups?: readonly GroupIdentifier[] | undefined
  readonly InterfaceType?: NetworkInterfaceType | undefined
  readonly Ipv6Addresses?: readonly NetworkInterfaceIpv6Address[] | undefined
  readonly MacAddress?: string | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly OutpostArn?: string | undefined
  readonly OwnerId?: string | undefined
  readonly PrivateDnsName?: string | undefined
  readonly PublicDnsName?: string | undefined
  readonly PublicIpDnsNameOptions?: PublicIpDnsNameOptions | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly PrivateIpAddresses?: readonly NetworkInterfacePrivateIpAddress[] | undefined
  readonly Ipv4Prefixes?: readonly Ipv4PrefixSpecification[] | undefined
  readonly Ipv6Prefixes?: readonly Ipv6PrefixSpecification[] | undefined
  readonly RequesterId?: string | undefined
  readonly RequesterManaged?: boolean | undefined
  readonly SourceDestCheck?: boolean | undefined
  readonly Status?: NetworkInterfaceStatus | undefined
  readonly SubnetId?: string | undefined
  readonly TagSet?: readonly Tag[] | undefined
  readonly VpcId?: string | undefined
  readonly DenyAllIgwTraffic?: boolean | undefined
  readonly Ipv6Native?: boolean | undefined
  readonly Ipv6Address?: string | undefined
  readonly Operator?: OperatorResponse | undefined
  readonly AssociatedSubnets?: readonly string[] | undefined
  readonly AvailabilityZoneId?: string | undefined
}

export interface NetworkInterfaceAssociation {
  readonly AllocationId?: string | undefined
  readonly AssociationId?: string | undefined
  readonly IpOwnerId?: string | undefined
  readonly PublicDnsName?: string | undefined
  readonly PublicIp?: string | undefined
  readonly CustomerOwnedIp?: string | undefined
  readonly CarrierIp?: string | undefined
}

export interface NetworkInterfaceAttachment {
  readonly AttachTime?: number | undefined
  readonly AttachmentId?: string | undefined
  readonly DeleteOnTermination?: boolean | undefined
  readonly DeviceIndex?: number | undefined
  readonly NetworkCardIndex?: number | undefined
  readonly InstanceId?: string | undefined
  readonly InstanceOwnerId?: string | undefined
  readonly Status?: AttachmentStatus | undefined
  readonly EnaSrdSpecification?: AttachmentEnaSrdSpecification | undefined
  readonly EnaQueueCount?: number | undefined
}

export interface NetworkInterfaceCount {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface NetworkInterfaceCountRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface NetworkInterfaceIpv6Address {
  readonly Ipv6Address?: string | undefined
  readonly PublicIpv6DnsName?: string | undefined
  readonly IsPrimaryIpv6?: boolean | undefined
}

export interface NetworkInterfacePrivateIpAddress {
  readonly Association?: NetworkInterfaceAssociation | undefined
  readonly Primary?: boolean | undefined
  readonly PrivateDnsName?: string | undefined
  readonly PrivateIpAddress?: string | undefined
}

export type NetworkInterfaceStatus = 'available' | 'associated' | 'attaching' | 'in-use' | 'detaching'

export type NetworkInterfaceType = 'interface' | 'natGateway' | 'efa' | 'efa-only' | 'trunk' | 'load_balancer' | 'network_load_balancer' | 'vpc_endpoint' | 'branch' | 'transit_gateway' | 'lambda' | 'quicksight' | 'global_accelerator_managed' | 'api_gateway_managed' | 'gateway_load_balancer' | 'gateway_load_balancer_endpoint' | 'iot_rules_managed' | 'aws_codestar_connections_managed'

export interface NeuronDeviceCoreInfo {
  readonly Count?: number | undefined
  readonly Version?: number | undefined
}

export interface NeuronDeviceInfo {
  readonly Count?: number | undefined
  readonly Name?: string | undefined
  readonly CoreInfo?: NeuronDeviceCoreInfo | undefined
  readonly MemoryInfo?: NeuronDeviceMemoryInfo | undefined
}

export interface NeuronDeviceMemoryInfo {
  readonly SizeInMiB?: number | undefined
}

export interface NeuronInfo {
  readonly NeuronDevices?: readonly NeuronDeviceInfo[] | undefined
  readonly TotalNeuronDeviceMemoryInMiB?: number | undefined
}

export type NitroEnclavesSupport = 'unsupported' | 'supported'

export interface NitroTpmInfo {
  readonly SupportedVersions?: readonly string[] | undefined
}

export type NitroTpmSupport = 'unsupported' | 'supported'

export interface OperatorRequest {
  readonly Principal?: string | undefined
}

export interface OperatorResponse {
  readonly Managed?: boolean | undefined
  readonly Principal?: string | undefined
  readonly HiddenByDefault?: boolean | undefined
}

export interface PerformanceFactorReference {
  readonly InstanceFamily?: string | undefined
}

export interface PerformanceFactorReferenceRequest {
  readonly InstanceFamily?: string | undefined
}

export interface PerformanceStatusSummary {
  readonly Status?: SummaryStatus | undefined
  readonly ImpairedSince?: number | undefined
  readonly Remediation?: string | undefined
}

export type PhcSupport = 'unsupported' | 'supported'

export interface Placement {
  readonly AvailabilityZoneId?: string | undefined
  readonly Affinity?: string | undefined
  readonly GroupName?: string | undefined
  readonly PartitionNumber?: number | undefined
  readonly HostId?: string | undefined
  readonly Tenancy?: Tenancy | undefined
  readonly SpreadDomain?: string | undefined
  readonly HostResourceGroupArn?: string | undefined
  readonly GroupId?: string | undefined
  readonly AvailabilityZone?: string | undefined
}

export interface PlacementGroupInfo {
  readonly SupportedStrategies?: readonly PlacementGroupStrategy[] | undefined
}

export type PlacementGroupStrategy = 'cluster' | 'partition' | 'spread'

export type PlatformValues = 'Windows'

export interface PortRange {
  readonly From?: number | undefined
  readonly To?: number | undefined
}

export interface PrefixListId {
  readonly Description?: string | undefined
  readonly PrefixListId?: string | undefined
}

export interface PrivateDnsNameOptionsOnLaunch {
  readonly HostnameType?: HostnameType | undefined
  readonly EnableResourceNameDnsARecord?: boolean | undefined
  readonly EnableResourceNameDnsAAAARecord?: boolean | undefined
}

export interface PrivateDnsNameOptionsRequest {
  readonly HostnameType?: HostnameType | undefined
  readonly EnableResourceNameDnsARecord?: boolean | undefined
  readonly EnableResourceNameDnsAAAARecord?: boolean | undefined
}

export interface PrivateDnsNameOptionsResponse {
  readonly HostnameType?: HostnameType | undefined
  readonly EnableResourceNameDnsARecord?: boolean | undefined
  readonly EnableResourceNameDnsAAAARecord?: boolean | undefined
}

export interface PrivateIpAddressSpecification {
  readonly Primary?: boolean | undefined
  readonly PrivateIpAddress?: string | undefined
}

export interface ProcessorInfo {
  readonly SupportedArchitectures?: readonly ArchitectureType[] | undefined
  readonly SustainedClockSpeedInGhz?: number | undefined
  readonly SupportedFeatures?: readonly SupportedAdditionalProcessorFeature[] | undefined
  readonly Manufacturer?: string | undefined
}

export interface ProductCode {
  readonly ProductCodeId?: string | undefined
  readonly ProductCodeType?: ProductCodeValues | undefined
}

export type ProductCodeValues = 'devpay' | 'marketplace'

export interface PropagatingVgw {
  readonly GatewayId?: string | undefined
}

export interface PublicIpDnsNameOptions {
  readonly DnsHostnameType?: string | undefined
  readonly PublicIpv4DnsName?: string | undefined
  readonly PublicIpv6DnsName?: string | undefined
  readonly PublicDualStackDnsName?: string | undefined
}

export interface RebootInstancesRequest {
  readonly InstanceIds: readonly string[]
  readonly DryRun?: boolean | undefined
}

export type RebootMigrationSupport = 'unsupported' | 'supported'

export interface ReferencedSecurityGroup {
  readonly GroupId?: string | undefined
  readonly PeeringStatus?: string | undefined
  readonly UserId?: string | undefined
  readonly VpcId?: string | undefined
  readonly VpcPeeringConnectionId?: string | undefined
}

export interface Region {
  readonly OptInStatus?: string | undefined
  readonly Geography?: readonly RegionGeography[] | undefined
  readonly RegionName?: string | undefined
  readonly Endpoint?: string | undefined
}

export interface RegionGeography {
  readonly Name?: string | undefined
}

export interface RegisterImageRequest {
  readonly ImageLocation?: string | undefined
  readonly BillingProducts?: readonly string[] | undefined
  readonly BootMode?: BootModeValues | undefined
  readonly TpmSupport?: TpmSupportValues | undefined
  readonly UefiData?: string | undefined
  readonly ImdsSupport?: ImdsSupportValues | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly DryRun?: boolean | undefined
  readonly Name: string
  readonly Description?: string | undefined
  readonly Architecture?: ArchitectureValues | undefined
  readonly KernelId?: string | undefined
  readonly RamdiskId?: string | undefined
  readonly RootDeviceName?: string | undefined
  readonly BlockDeviceMappings?: readonly BlockDeviceMapping[] | undefined
  readonly VirtualizationType?: string | undefined
  readonly SriovNetSupport?: string | undefined
  readonly EnaSupport?: boolean | undefined
}

export interface RegisterImageResult {
  readonly ImageId?: string | undefined
}

export interface ReplaceIamInstanceProfileAssociationRequest {
  readonly IamInstanceProfile: IamInstanceProfileSpecification
  readonly AssociationId: string
  readonly DryRun?: boolean | undefined
}

export interface ReplaceIamInstanceProfileAssociationResult {
  readonly IamInstanceProfileAssociation?: IamInstanceProfileAssociation | undefined
}

export interface RequestLaunchTemplateData {
  readonly KernelId?: string | undefined
  readonly EbsOptimized?: boolean | undefined
  readonly IamInstanceProfile?: LaunchTemplateIamInstanceProfileSpecificationRequest | undefined
  readonly BlockDeviceMappings?: readonly LaunchTemplateBlockDeviceMappingRequest[] | undefined
  readonly NetworkInterfaces?: readonly LaunchTemplateInstanceNetworkInterfaceSpecificationRequest[] | undefined
  readonly ImageId?: string | undefined
  readonly InstanceType?: string | undefined
  readonly KeyName?: string | undefined
  readonly Monitoring?: LaunchTemplatesMonitoringRequest | undefined
  readonly Placement?: LaunchTemplatePlacementRequest | undefined
  readonly RamDiskId?: string | undefined
  readonly DisableApiTermination?: boolean | undefined
  readonly InstanceInitiatedShutdownBehavior?: ShutdownBehavior | undefined
  readonly UserData?: string | undefined
  readonly TagSpecifications?: readonly LaunchTemplateTagSpecificationRequest[] | undefined
  readonly ElasticGpuSpecifications?: readonly ElasticGpuSpecification[] | undefined
  readonly ElasticInferenceAccelerators?: readonly LaunchTemplateElasticInferenceAccelerator[] | undefined
  readonly SecurityGroupIds?: readonly string[] | undefined
  readonly SecurityGroups?: readonly string[] | undefined
  readonly InstanceMarketOptions?: LaunchTemplateInstanceMarketOptionsRequest | undefined
  readonly CreditSpecification?: CreditSpecificationRequest | undefined
  readonly CpuOptions?: LaunchTemplateCpuOptionsRequest | undefined
  readonly CapacityReservationSpecification?: LaunchTemplateCapacityReservationSpecificationRequest | undefined
  readonly LicenseSpecifications?: readonly LaunchTemplateLicenseConfigurationRequest[] | undefined
  readonly HibernationOptions?: LaunchTemplateHibernationOptionsRequest | undefined
  readonly MetadataOptions?: LaunchTemplateInstanceMetadataOptionsRequest | undefined
  readonly EnclaveOptions?: LaunchTemplateEnclaveOptionsRequest | undefined
  readonly InstanceRequirements?: InstanceRequirementsRequest | undefined
  readonly PrivateDnsNameOptions?: LaunchTemplatePrivateDnsNameOptionsRequest | undefined
  readonly MaintenanceOptions?: LaunchTemplateInstanceMaintenanceOptionsRequest | undefined
  readonly DisableApiStop?: boolean | undefined
  readonly Operator?: OperatorRequest | undefined
  readonly NetworkPerformanceOptions?: LaunchTemplateNetworkPerformanceOptionsRequest | undefined
  readonly SecondaryInterfaces?: readonly LaunchTemplateInstanceSecondaryInterfaceSpecificationRequest[] | undefined
}

export interface Reservation {
  readonly ReservationId?: string | undefined
  readonly OwnerId?: string | undefined
  readonly RequesterId?: string | undefined
  readonly Groups?: readonly GroupIdentifier[] | undefined
  readonly Instances?: readonly Instance[] | undefined
}

export interface ResponseError {
  readonly Code?: LaunchTemplateErrorCode | undefined
  readonly Message?: string | undefined
}

export interface ResponseLaunchTemplateData {
  readonly KernelId?: string | undefined
  readonly EbsOptimized?: boolean | undefined
  readonly IamInstanceProfile?: LaunchTemplateIamInstanceProfileSpecification | undefined
  readonly BlockDeviceMappings?: readonly LaunchTemplateBlockDeviceMapping[] | undefined
  readonly NetworkInterfaces?: readonly LaunchTemplateInstanceNetworkInterfaceSpecification[] | undefined
  readonly ImageId?: string | undefined
  readonly InstanceType?: string | undefined
  readonly KeyName?: string | undefined
  readonly Monitoring?: LaunchTemplatesMonitoring | undefined
  readonly Placement?: LaunchTemplatePlacement | undefined
  readonly RamDiskId?: string | undefined
  readonly DisableApiTermination?: boolean | undefined
  readonly InstanceInitiatedShutdownBehavior?: ShutdownBehavior | undefined
  readonly UserData?: string | undefined
  readonly TagSpecifications?: readonly LaunchTemplateTagSpecification[] | undefined
  readonly ElasticGpuSpecifications?: readonly ElasticGpuSpecificationResponse[] | undefined
  readonly ElasticInferenceAccelerators?: readonly LaunchTemplateElasticInferenceAcceleratorResponse[] | undefined
  readonly SecurityGroupIds?: readonly string[] | undefined
  readonly SecurityGroups?: readonly string[] | undefined
  readonly InstanceMarketOptions?: LaunchTemplateInstanceMarketOptions | undefined
  readonly CreditSpecification?: CreditSpecification | undefined
  readonly CpuOptions?: LaunchTemplateCpuOptions | undefined
  readonly CapacityReservationSpecification?: LaunchTemplateCapacityReservationSpecificationResponse | undefined
  readonly LicenseSpecifications?: readonly LaunchTemplateLicenseConfiguration[] | undefined
  readonly HibernationOptions?: LaunchTemplateHibernationOptions | undefined
  readonly MetadataOptions?: LaunchTemplateInstanceMetadataOptions | undefined
  readonly EnclaveOptions?: LaunchTemplateEnclaveOptions | undefined
  readonly InstanceRequirements?: InstanceRequirements | undefined
  readonly PrivateDnsNameOptions?: LaunchTemplatePrivateDnsNameOptions | undefined
  readonly MaintenanceOptions?: LaunchTemplateInstanceMaintenanceOptions | undefined
  readonly DisableApiStop?: boolean | undefined
  readonly Operator?: OperatorResponse | undefined
  readonly NetworkPerformanceOptions?: LaunchTemplateNetworkPerformanceOptions | undefined
  readonly SecondaryInterfaces?: readonly LaunchTemplateInstanceSecondaryInterfaceSpecification[] | undefined
}

export interface RevokeSecurityGroupEgressRequest {
  readonly SecurityGroupRuleIds?: readonly string[] | undefined
  readonly DryRun?: boolean | undefined
  readonly GroupId: string
  readonly SourceSecurityGroupName?: string | undefined
  readonly SourceSecurityGroupOwnerId?: string | undefined
  readonly IpProtocol?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly CidrIp?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
}

export interface RevokeSecurityGroupEgressResult {
  readonly Return?: boolean | undefined
  readonly UnknownIpPermissions?: readonly IpPermission[] | undefined
  readonly RevokedSecurityGroupRules?: readonly RevokedSecurityGroupRule[] | undefined
}

export interface RevokeSecurityGroupIngressRequest {
  readonly CidrIp?: string | undefined
  readonly FromPort?: number | undefined
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
  readonly IpProtocol?: string | undefined
  readonly SourceSecurityGroupName?: string | undefined
  readonly SourceSecurityGroupOwnerId?: string | undefined
  readonly ToPort?: number | undefined
  readonly SecurityGroupRuleIds?: readonly string[] | undefined
  readonly DryRun?: boolean | undefined
}

export interface RevokeSecurityGroupIngressResult {
  readonly Return?: boolean | undefined
  readonly UnknownIpPermissions?: readonly IpPermission[] | undefined
  readonly RevokedSecurityGroupRules?: readonly RevokedSecurityGroupRule[] | undefined
}

export interface RevokedSecurityGroupRule {
  readonly SecurityGroupRuleId?: string | undefined
  readonly GroupId?: string | undefined
  readonly IsEgress?: boolean | undefined
  readonly IpProtocol?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly CidrIpv4?: string | undefined
  readonly CidrIpv6?: string | undefined
  readonly PrefixListId?: string | undefined
  readonly ReferencedGroupId?: string | undefined
  readonly Description?: string | undefined
}

export type RootDeviceType = 'ebs' | 'instance-store'

export interface Route {
  readonly DestinationCidrBlock?: string | undefined
  readonly DestinationIpv6CidrBlock?: string | undefined
  readonly DestinationPrefixListId?: string | undefined
  readonly EgressOnlyInternetGatewayId?: string | undefined
  readonly GatewayId?: string | undefined
  readonly InstanceId?: string | undefined
  readonly InstanceOwnerId?: string | undefined
  readonly NatGatewayId?: string | undefined
  readonly TransitGatewayId?: string | undefined
  readonly LocalGatewayId?: string | undefined
  readonly CarrierGatewayId?: string | undefined
  readonly NetworkInterfaceId?: string | undefined
  readonly Origin?: RouteOrigin | undefined
  readonly State?: RouteState | undefined
  readonly VpcPeeringConnectionId?: string | undefined
  readonly CoreNetworkArn?: string | undefined
  readonly OdbNetworkArn?: string | undefined
  readonly IpAddress?: string | undefined
}

export type RouteOrigin = 'CreateRouteTable' | 'CreateRoute' | 'EnableVgwRoutePropagation' | 'Advertisement'

export type RouteState = 'active' | 'blackhole' | 'filtered'

export interface RouteTable {
  readonly Associations?: readonly RouteTableAssociation[] | undefined
  readonly PropagatingVgws?: readonly PropagatingVgw[] | undefined
  readonly RouteTableId?: string | undefined
  readonly Routes?: readonly Route[] | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly VpcId?: string | undefined
  readonly OwnerId?: string | undefined
}

export interface RouteTableAssociation {
  readonly Main?: boolean | undefined
  readonly RouteTableAssociationId?: string | undefined
  readonly RouteTableId?: string | undefined
  readonly SubnetId?: string | undefined
  readonly GatewayId?: string | undefined
  readonly PublicIpv4Pool?: string | undefined
  readonly AssociationState?: RouteTableAssociationState | undefined
}

export interface RouteTableAssociationState {
  readonly State?: RouteTableAssociationStateCode | undefined
  readonly StatusMessage?: string | undefined
}

export type RouteTableAssociationStateCode = 'associating' | 'associated' | 'disassociating' | 'disassociated' | 'failed'

export type RuleAction = 'allow' | 'deny'

export interface RunInstancesMonitoringEnabled {
  readonly Enabled: boolean
  readonly MetricCategoryIds?: readonly string[] | undefined
}

export interface RunInstancesRequest {
  readonly BlockDeviceMappings?: readonly BlockDeviceMapping[] | undefined
  readonly ImageId?: string | undefined
  readonly InstanceType?: string | undefined
  readonly Ipv6AddressCount?: number | undefined
  readonly Ipv6Addresses?: readonly InstanceIpv6Address[] | undefined
  readonly KernelId?: string | undefined
  readonly KeyName?: string | undefined
  readonly MaxCount: number
  readonly MinCount: number
  readonly Monitoring?: RunInstancesMonitoringEnabled | undefined
  readonly Placement?: Placement | undefined
  readonly RamdiskId?: string | undefined
  readonly SecurityGroupIds?: readonly string[] | undefined
  readonly SecurityGroups?: readonly string[] | undefined
  readonly SubnetId?: string | undefined
  readonly UserData?: string | undefined
  readonly ElasticGpuSpecification?: readonly ElasticGpuSpecification[] | undefined
  readonly ElasticInferenceAccelerators?: readonly ElasticInferenceAccelerator[] | undefined
  readonly TagSpecifications?: readonly TagSpecification[] | undefined
  readonly LaunchTemplate?: LaunchTemplateSpecification | undefined
  readonly InstanceMarketOptions?: InstanceMarketOptionsRequest | undefined
  readonly CreditSpecification?: CreditSpecificationRequest | undefined
  readonly CpuOptions?: CpuOptionsRequest | undefined
  readonly CapacityReservationSpecification?: CapacityReservationSpecification | undefined
  readonly HibernationOptions?: HibernationOptionsRequest | undefined
  readonly LicenseSpecifications?: readonly LicenseConfigurationRequest[] | undefined
  readonly MetadataOptions?: InstanceMetadataOptionsRequest | undefined
  readonly EnclaveOptions?: EnclaveOptionsRequest | undefined
  readonly PrivateDnsNameOptions?: PrivateDnsNameOptionsRequest | undefined
  readonly MaintenanceOptions?: InstanceMaintenanceOptionsRequest | undefined
  readonly DisableApiStop?: boolean | undefined
  readonly EnablePrimaryIpv6?: boolean | undefined
  readonly NetworkPerformanceOptions?: InstanceNetworkPerformanceOptionsRequest | undefined
  readonly Operator?: OperatorRequest | undefined
  readonly SecondaryInterfaces?: readonly InstanceSecondaryInterfaceSpecificationRequest[] | undefined
  readonly DryRun?: boolean | undefined
  readonly DisableApiTermination?: boolean | undefined
  readonly InstanceInitiatedShutdownBehavior?: ShutdownBehavior | undefined
  readonly PrivateIpAddress?: string | undefined
  readonly ClientToken?: string | undefined
  readonly AdditionalInfo?: string | undefined
  readonly NetworkInterfaces?: readonly InstanceNetworkInterfaceSpecification[] | undefined
  readonly IamInstanceProfile?: IamInstanceProfileSpecification | undefined
  readonly EbsOptimized?: boolean | undefined
}

export type SSEType = 'sse-ebs' | 'sse-kms' | 'none'

export interface ScanResults {
  readonly HighestFindingSeverityLabel?: SeverityLabel | undefined
  readonly FindingScanDate?: number | undefined
  readonly InformationalFixAvailableSince?: number | undefined
  readonly LowFixAvailableSince?: number | undefined
  readonly MediumFixAvailableSince?: number | undefined
  readonly HighFixAvailableSince?: number | undefined
  readonly CriticalFixAvailableSince?: number | undefined
}

export interface SecondaryInterfacePrivateIpAddressSpecification {
  readonly PrivateIpAddress?: string | undefined
}

export interface SecondaryInterfacePrivateIpAddressSpecificationRequest {
  readonly PrivateIpAddress?: string | undefined
}

export type SecondaryInterfaceStatus = 'available' | 'in-use'

export type SecondaryInterfaceType = 'secondary'

export interface SecurityGroup {
  readonly GroupId?: string | undefined
  readonly IpPermissionsEgress?: readonly IpPermission[] | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly VpcId?: string | undefined
  readonly SecurityGroupArn?: string | undefined
  readonly OwnerId?: string | undefined
  readonly GroupName?: string | undefined
  readonly Description?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
}

export interface SecurityGroupRule {
  readonly SecurityGroupRuleId?: string | undefined
  readonly GroupId?: string | undefined
  readonly GroupOwnerId?: string | undefined
  readonly IsEgress?: boolean | undefined
  readonly IpProtocol?: string | undefined
  readonly FromPort?: number | undefined
  readonly ToPort?: number | undefined
  readonly CidrIpv4?: string | undefined
  readonly CidrIpv6?: string | undefined
  readonly PrefixListId?: string | undefined
  readonly ReferencedGroupInfo?: ReferencedSecurityGroup | undefined
  readonly Description?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly SecurityGroupRuleArn?: string | undefined
}

export interface SecurityGroupRuleDescription {
  readonly SecurityGroupRuleId?: string | undefined
  readonly Description?: string | undefined
}

export type ServiceManaged = 'alb' | 'nlb' | 'rnat' | 'rds'

export type SeverityLabel = 'critical' | 'high' | 'informational' | 'low' | 'medium'

export type ShutdownBehavior = 'stop' | 'terminate'

export type SnapshotLocationEnum = 'regional' | 'local'

export type SnapshotReturnCodes = 'success' | 'skipped' | 'missing-permissions' | 'internal-error' | 'client-error'

export type SpotInstanceType = 'one-time' | 'persistent'

export interface SpotMarketOptions {
  readonly MaxPrice?: string | undefined
  readonly SpotInstanceType?: SpotInstanceType | undefined
  readonly BlockDurationMinutes?: number | undefined
  readonly ValidUntil?: number | undefined
  readonly InstanceInterruptionBehavior?: InstanceInterruptionBehavior | undefined
}

export interface StartInstancesRequest {
  readonly InstanceIds: readonly string[]
  readonly AdditionalInfo?: string | undefined
  readonly DryRun?: boolean | undefined
}

export interface StartInstancesResult {
  readonly StartingInstances?: readonly InstanceStateChange[] | undefined
}

export interface StateReason {
  readonly Code?: string | undefined
  readonly Message?: string | undefined
}

export type StatusName = 'reachability'

export type StatusType = 'passed' | 'failed' | 'insufficient-data' | 'initializing'

export interface StopInstancesRequest {
  readonly InstanceIds: readonly string[]
  readonly Hibernate?: boolean | undefined
  readonly SkipOsShutdown?: boolean | undefined
  readonly DryRun?: boolean | undefined
  readonly Force?: boolean | undefined
}

export interface StopInstancesResult {
  readonly StoppingInstances?: readonly InstanceStateChange[] | undefined
}

export interface Subnet {
  readonly AvailabilityZoneId?: string | undefined
  readonly EnableLniAtDeviceIndex?: number | undefined
  readonly MapCustomerOwnedIpOnLaunch?: boolean | undefined
  readonly CustomerOwnedIpv4Pool?: string | undefined
  readonly OwnerId?: string | undefined
  readonly AssignIpv6AddressOnCreation?: boolean | undefined
  readonly Ipv6CidrBlockAssociationSet?: readonly SubnetIpv6CidrBlockAssociation[] | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly SubnetArn?: string | undefined
  readonly OutpostArn?: string | undefined
  readonly EnableDns64?: boolean | undefined
  readonly Ipv6Native?: boolean | undefined
  readonly PrivateDnsNameOptionsOnLaunch?: PrivateDnsNameOptionsOnLaunch | undefined
  readonly BlockPublicAccessStates?: BlockPublicAccessStates | undefined
  readonly Type?: string | undefined
  readonly SubnetId?: string | undefined
  readonly State?: SubnetState | undefined
  readonly VpcId?: string | undefined
  readonly CidrBlock?: string | undefined
  readonly AvailableIpAddressCount?: number | undefined
  readonly AvailabilityZone?: string | undefined
  readonly DefaultForAz?: boolean | undefined
  readonly MapPublicIpOnLaunch?: boolean | undefined
}

export interface SubnetCidrBlockState {
  readonly State?: SubnetCidrBlockStateCode | undefined
  readonly StatusMessage?: string | undefined
}

export type SubnetCidrBlockStateCode = 'associating' | 'associated' | 'disassociating' | 'disassociated' | 'failing' | 'failed'

export interface SubnetIpv6CidrBlockAssociation {
  readonly AssociationId?: string | undefined
  readonly Ipv6CidrBlock?: string | undefined
  readonly Ipv6CidrBlockState?: SubnetCidrBlockState | undefined
  readonly Ipv6AddressAttribute?: Ipv6AddressAttribute | undefined
  readonly IpSource?: IpSource | undefined
}

export type SubnetState = 'pending' | 'available' | 'unavailable' | 'failed' | 'failed-insufficient-capacity'

export type SummaryStatus = 'ok' | 'impaired' | 'insufficient-data' | 'not-applicable' | 'initializing'

export type SupportedAdditionalProcessorFeature = 'amd-sev-snp' | 'nested-virtualization'

export interface Tag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

export interface TagDescription {
  readonly Key?: string | undefined
  readonly ResourceId?: string | undefined
  readonly ResourceType?: string | undefined
  readonly Value?: string | undefined
}

export interface TagSpecification {
  readonly ResourceType?: string | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export type Tenancy = 'default' | 'dedicated' | 'host'

export interface TerminateInstancesRequest {
  readonly InstanceIds: readonly string[]
  readonly Force?: boolean | undefined
  readonly SkipOsShutdown?: boolean | undefined
  readonly DryRun?: boolean | undefined
}

export interface TerminateInstancesResult {
  readonly TerminatingInstances?: readonly InstanceStateChange[] | undefined
}

export interface TotalLocalStorageGB {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface TotalLocalStorageGBRequest {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export type TpmSupportValues = 'v2.0'

export interface UpdateSecurityGroupRuleDescriptionsEgressRequest {
  readonly DryRun?: boolean | undefined
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
  readonly SecurityGroupRuleDescriptions?: readonly SecurityGroupRuleDescription[] | undefined
}

export interface UpdateSecurityGroupRuleDescriptionsEgressResult {
  readonly Return?: boolean | undefined
}

export interface UpdateSecurityGroupRuleDescriptionsIngressRequest {
  readonly DryRun?: boolean | undefined
  readonly GroupId?: string | undefined
  readonly GroupName?: string | undefined
  readonly IpPermissions?: readonly IpPermission[] | undefined
  readonly SecurityGroupRuleDescriptions?: readonly SecurityGroupRuleDescription[] | undefined
}

export interface UpdateSecurityGroupRuleDescriptionsIngressResult {
  readonly Return?: boolean | undefined
}

export type UsageClassType = 'spot' | 'on-demand' | 'capacity-block'

export interface UserIdGroupPair {
  readonly Description?: string | undefined
  readonly UserId?: string | undefined
  readonly GroupName?: string | undefined
  readonly GroupId?: string | undefined
  readonly VpcId?: string | undefined
  readonly VpcPeeringConnectionId?: string | undefined
  readonly PeeringStatus?: string | undefined
}

export interface VCpuCountRange {
  readonly Min?: number | undefined
  readonly Max?: number | undefined
}

export interface VCpuCountRangeRequest {
  readonly Min: number
  readonly Max?: number | undefined
}

export interface VCpuInfo {
  readonly DefaultVCpus?: number | undefined
  readonly DefaultCores?: number | undefined
  readonly DefaultThreadsPerCore?: number | undefined
  readonly ValidCores?: readonly number[] | undefined
  readonly ValidThreadsPerCore?: readonly number[] | undefined
}

export interface ValidationError {
  readonly Code?: string | undefined
  readonly Message?: string | undefined
}

export interface ValidationWarning {
  readonly Errors?: readonly ValidationError[] | undefined
}

export type VirtualizationType = 'hvm' | 'paravirtual'

export interface Volume {
  readonly AvailabilityZoneId?: string | undefined
  readonly OutpostArn?: string | undefined
  readonly SourceVolumeId?: string | undefined
  readonly Iops?: number | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly VolumeType?: VolumeType | undefined
  readonly FastRestored?: boolean | undefined
  readonly MultiAttachEnabled?: boolean | undefined
  readonly Throughput?: number | undefined
  readonly SseType?: SSEType | undefined
  readonly Operator?: OperatorResponse | undefined
  readonly VolumeInitializationRate?: number | undefined
  readonly VolumeId?: string | undefined
  readonly Size?: number | undefined
  readonly SnapshotId?: string | undefined
  readonly AvailabilityZone?: string | undefined
  readonly State?: VolumeState | undefined
  readonly CreateTime?: number | undefined
  readonly Attachments?: readonly VolumeAttachment[] | undefined
  readonly Encrypted?: boolean | undefined
  readonly KmsKeyId?: string | undefined
  readonly VolumeArn?: string | undefined
  readonly OwnerId?: string | undefined
}

export interface VolumeAttachment {
  readonly DeleteOnTermination?: boolean | undefined
  readonly AssociatedResource?: string | undefined
  readonly InstanceOwningService?: string | undefined
  readonly EbsCardIndex?: number | undefined
  readonly VolumeId?: string | undefined
  readonly InstanceId?: string | undefined
  readonly Device?: string | undefined
  readonly State?: VolumeAttachmentState | undefined
  readonly AttachTime?: number | undefined
}

export type VolumeAttachmentState = 'attaching' | 'attached' | 'detaching' | 'detached' | 'busy'

export type VolumeState = 'creating' | 'available' | 'in-use' | 'deleting' | 'deleted' | 'error'

export type VolumeType = 'standard' | 'io1' | 'io2' | 'gp2' | 'sc1' | 'st1' | 'gp3'

export interface Vpc {
  readonly OwnerId?: string | undefined
  readonly InstanceTenancy?: Tenancy | undefined
  readonly Ipv6CidrBlockAssociationSet?: readonly VpcIpv6CidrBlockAssociation[] | undefined
  readonly CidrBlockAssociationSet?: readonly VpcCidrBlockAssociation[] | undefined
  readonly IsDefault?: boolean | undefined
  readonly EncryptionControl?: VpcEncryptionControl | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly BlockPublicAccessStates?: BlockPublicAccessStates | undefined
  readonly VpcId?: string | undefined
  readonly State?: VpcState | undefined
  readonly CidrBlock?: string | undefined
  readonly DhcpOptionsId?: string | undefined
}

export type VpcAttributeName = 'enableDnsSupport' | 'enableDnsHostnames' | 'enableNetworkAddressUsageMetrics'

export interface VpcCidrBlockAssociation {
  readonly AssociationId?: string | undefined
  readonly CidrBlock?: string | undefined
  readonly CidrBlockState?: VpcCidrBlockState | undefined
}

export interface VpcCidrBlockState {
  readonly State?: VpcCidrBlockStateCode | undefined
  readonly StatusMessage?: string | undefined
}

export type VpcCidrBlockStateCode = 'associating' | 'associated' | 'disassociating' | 'disassociated' | 'failing' | 'failed'

export interface VpcEncryptionControl {
  readonly VpcId?: string | undefined
  readonly VpcEncryptionControlId?: string | undefined
  readonly Mode?: VpcEncryptionControlMode | undefined
  readonly State?: VpcEncryptionControlState | undefined
  readonly StateMessage?: string | undefined
  readonly ResourceExclusions?: VpcEncryptionControlExclusions | undefined
  readonly Tags?: readonly Tag[] | undefined
}

export interface VpcEncryptionControlConfiguration {
  readonly Mode: VpcEncryptionControlMode
  readonly InternetGatewayExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly EgressOnlyInternetGatewayExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly NatGatewayExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly VirtualPrivateGatewayExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly VpcPeeringExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly LambdaExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly VpcLatticeExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly ElasticFileSystemExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly GlobalAcceleratorExclusion?: VpcEncryptionControlExclusionStateInput | undefined
  readonly ApiGatewayV2Exclusion?: VpcEncryptionControlExclusionStateInput | undefined
}

export interface VpcEncryptionControlExclusion {
  readonly State?: VpcEncryptionControlExclusionState | undefined
  readonly StateMessage?: string | undefined
}

export type VpcEncryptionControlExclusionState = 'enabling' | 'enabled' | 'disabling' | 'disabled'

export type VpcEncryptionControlExclusionStateInput = 'enable' | 'disable'

export interface VpcEncryptionControlExclusions {
  readonly InternetGateway?: VpcEncryptionControlExclusion | undefined
  readonly EgressOnlyInternetGateway?: VpcEncryptionControlExclusion | undefined
  readonly NatGateway?: VpcEncryptionControlExclusion | undefined
  readonly VirtualPrivateGateway?: VpcEncryptionControlExclusion | undefined
  readonly VpcPeering?: VpcEncryptionControlExclusion | undefined
  readonly Lambda?: VpcEncryptionControlExclusion | undefined
  readonly VpcLattice?: VpcEncryptionControlExclusion | undefined
  readonly ElasticFileSystem?: VpcEncryptionControlExclusion | undefined
  readonly GlobalAccelerator?: VpcEncryptionControlExclusion | undefined
  readonly ApiGatewayV2?: VpcEncryptionControlExclusion | undefined
}

export type VpcEncryptionControlMode = 'monitor' | 'enforce'

export type VpcEncryptionControlState = 'enforce-in-progress' | 'monitor-in-progress' | 'enforce-failed' | 'monitor-failed' | 'deleting' | 'deleted' | 'available' | 'creating' | 'delete-failed'

export interface VpcIpv6CidrBlockAssociation {
  readonly AssociationId?: string | undefined
  readonly Ipv6CidrBlock?: string | undefined
  readonly Ipv6CidrBlockState?: VpcCidrBlockState | undefined
  readonly NetworkBorderGroup?: string | undefined
  readonly Ipv6Pool?: string | undefined
  readonly Ipv6AddressAttribute?: Ipv6AddressAttribute | undefined
  readonly IpSource?: IpSource | undefined
}

export type VpcState = 'pending' | 'available'

/** Every operation of the model with its input and output. */
export interface Operations {
  AssociateIamInstanceProfile: { readonly input: AssociateIamInstanceProfileRequest; readonly output: AssociateIamInstanceProfileResult }
  AuthorizeSecurityGroupEgress: { readonly input: AuthorizeSecurityGroupEgressRequest; readonly output: AuthorizeSecurityGroupEgressResult }
  AuthorizeSecurityGroupIngress: { readonly input: AuthorizeSecurityGroupIngressRequest; readonly output: AuthorizeSecurityGroupIngressResult }
  CreateDefaultVpc: { readonly input: CreateDefaultVpcRequest; readonly output: CreateDefaultVpcResult }
  CreateImage: { readonly input: CreateImageRequest; readonly output: CreateImageResult }
  CreateKeyPair: { readonly input: CreateKeyPairRequest; readonly output: KeyPair }
  CreateLaunchTemplate: { readonly input: CreateLaunchTemplateRequest; readonly output: CreateLaunchTemplateResult }
  CreateLaunchTemplateVersion: { readonly input: CreateLaunchTemplateVersionRequest; readonly output: CreateLaunchTemplateVersionResult }
  CreateSecurityGroup: { readonly input: CreateSecurityGroupRequest; readonly output: CreateSecurityGroupResult }
  CreateSubnet: { readonly input: CreateSubnetRequest; readonly output: CreateSubnetResult }
  CreateTags: { readonly input: CreateTagsRequest; readonly output: undefined }
  CreateVpc: { readonly input: CreateVpcRequest; readonly output: CreateVpcResult }
  DeleteKeyPair: { readonly input: DeleteKeyPairRequest; readonly output: DeleteKeyPairResult }
  DeleteLaunchTemplate: { readonly input: DeleteLaunchTemplateRequest; readonly output: DeleteLaunchTemplateResult }
  DeleteLaunchTemplateVersions: { readonly input: DeleteLaunchTemplateVersionsRequest; readonly output: DeleteLaunchTemplateVersionsResult }
  DeleteSecurityGroup: { readonly input: DeleteSecurityGroupRequest; readonly output: DeleteSecurityGroupResult }
  DeleteSubnet: { readonly input: DeleteSubnetRequest; readonly output: undefined }
  DeleteTags: { readonly input: DeleteTagsRequest; readonly output: undefined }
  DeleteVpc: { readonly input: DeleteVpcRequest; readonly output: undefined }
  DeregisterImage: { readonly input: DeregisterImageRequest; readonly output: DeregisterImageResult }
  DescribeAccountAttributes: { readonly input: DescribeAccountAttributesRequest; readonly output: DescribeAccountAttributesResult }
  DescribeAddresses: { readonly input: DescribeAddressesRequest; readonly output: DescribeAddressesResult }
  DescribeAvailabilityZones: { readonly input: DescribeAvailabilityZonesRequest; readonly output: DescribeAvailabilityZonesResult }
  DescribeIamInstanceProfileAssociations: { readonly input: DescribeIamInstanceProfileAssociationsRequest; readonly output: DescribeIamInstanceProfileAssociationsResult }
  DescribeImages: { readonly input: DescribeImagesRequest; readonly output: DescribeImagesResult }
  DescribeInstanceAttribute: { readonly input: DescribeInstanceAttributeRequest; readonly output: InstanceAttribute }
  DescribeInstanceCreditSpecifications: { readonly input: DescribeInstanceCreditSpecificationsRequest; readonly output: DescribeInstanceCreditSpecificationsResult }
  DescribeInstanceStatus: { readonly input: DescribeInstanceStatusRequest; readonly output: DescribeInstanceStatusResult }
  DescribeInstanceTypeOfferings: { readonly input: DescribeInstanceTypeOfferingsRequest; readonly output: DescribeInstanceTypeOfferingsResult }
  DescribeInstanceTypes: { readonly input: DescribeInstanceTypesRequest; readonly output: DescribeInstanceTypesResult }
  DescribeInstances: { readonly input: DescribeInstancesRequest; readonly output: DescribeInstancesResult }
  DescribeKeyPairs: { readonly input: DescribeKeyPairsRequest; readonly output: DescribeKeyPairsResult }
  DescribeLaunchTemplateVersions: { readonly input: DescribeLaunchTemplateVersionsRequest; readonly output: DescribeLaunchTemplateVersionsResult }
  DescribeLaunchTemplates: { readonly input: DescribeLaunchTemplatesRequest; readonly output: DescribeLaunchTemplatesResult }
  DescribeNetworkAcls: { readonly input: DescribeNetworkAclsRequest; readonly output: DescribeNetworkAclsResult }
  DescribeNetworkInterfaces: { readonly input: DescribeNetworkInterfacesRequest; readonly output: DescribeNetworkInterfacesResult }
  DescribeRegions: { readonly input: DescribeRegionsRequest; readonly output: DescribeRegionsResult }
  DescribeRouteTables: { readonly input: DescribeRouteTablesRequest; readonly output: DescribeRouteTablesResult }
  DescribeSecurityGroupRules: { readonly input: DescribeSecurityGroupRulesRequest; readonly output: DescribeSecurityGroupRulesResult }
  DescribeSecurityGroups: { readonly input: DescribeSecurityGroupsRequest; readonly output: DescribeSecurityGroupsResult }
  DescribeSubnets: { readonly input: DescribeSubnetsRequest; readonly output: DescribeSubnetsResult }
  DescribeTags: { readonly input: DescribeTagsRequest; readonly output: DescribeTagsResult }
  DescribeVolumes: { readonly input: DescribeVolumesRequest; readonly output: DescribeVolumesResult }
  DescribeVpcAttribute: { readonly input: DescribeVpcAttributeRequest; readonly output: DescribeVpcAttributeResult }
  DescribeVpcs: { readonly input: DescribeVpcsRequest; readonly output: DescribeVpcsResult }
  DisassociateIamInstanceProfile: { readonly input: DisassociateIamInstanceProfileRequest; readonly output: DisassociateIamInstanceProfileResult }
  GetLaunchTemplateData: { readonly input: GetLaunchTemplateDataRequest; readonly output: GetLaunchTemplateDataResult }
  ImportKeyPair: { readonly input: ImportKeyPairRequest; readonly output: ImportKeyPairResult }
  ModifyInstanceAttribute: { readonly input: ModifyInstanceAttributeRequest; readonly output: undefined }
  ModifyInstanceMetadataOptions: { readonly input: ModifyInstanceMetadataOptionsRequest; readonly output: ModifyInstanceMetadataOptionsResult }
  ModifyLaunchTemplate: { readonly input: ModifyLaunchTemplateRequest; readonly output: ModifyLaunchTemplateResult }
  ModifySubnetAttribute: { readonly input: ModifySubnetAttributeRequest; readonly output: undefined }
  ModifyVpcAttribute: { readonly input: ModifyVpcAttributeRequest; readonly output: undefined }
  RebootInstances: { readonly input: RebootInstancesRequest; readonly output: undefined }
  RegisterImage: { readonly input: RegisterImageRequest; readonly output: RegisterImageResult }
  ReplaceIamInstanceProfileAssociation: { readonly input: ReplaceIamInstanceProfileAssociationRequest; readonly output: ReplaceIamInstanceProfileAssociationResult }
  RevokeSecurityGroupEgress: { readonly input: RevokeSecurityGroupEgressRequest; readonly output: RevokeSecurityGroupEgressResult }
  RevokeSecurityGroupIngress: { readonly input: RevokeSecurityGroupIngressRequest; readonly output: RevokeSecurityGroupIngressResult }
  RunInstances: { readonly input: RunInstancesRequest; readonly output: Reservation }
  StartInstances: { readonly input: StartInstancesRequest; readonly output: StartInstancesResult }
  StopInstances: { readonly input: StopInstancesRequest; readonly output: StopInstancesResult }
  TerminateInstances: { readonly input: TerminateInstancesRequest; readonly output: TerminateInstancesResult }
  UpdateSecurityGroupRuleDescriptionsEgress: { readonly input: UpdateSecurityGroupRuleDescriptionsEgressRequest; readonly output: UpdateSecurityGroupRuleDescriptionsEgressResult }
  UpdateSecurityGroupRuleDescriptionsIngress: { readonly input: UpdateSecurityGroupRuleDescriptionsIngressRequest; readonly output: UpdateSecurityGroupRuleDescriptionsIngressResult }
}
