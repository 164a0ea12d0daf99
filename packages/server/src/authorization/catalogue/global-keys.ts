/** The condition keys of every service, in AWS's spelling; `${TagKey}` means the key of a tag. */
export const globalKeys: readonly string[] = `
  aws:AssumedRoot aws:CalledVia aws:CalledViaAWSMCP aws:CalledViaFirst aws:CalledViaLast aws:ChatbotSourceArn
  aws:CurrentTime aws:Ec2InstanceSourceVpc aws:Ec2InstanceSourcePrivateIPv4 aws:EpochTime aws:FederatedProvider aws:IsMcpServiceAction
  aws:MultiFactorAuthAge aws:MultiFactorAuthPresent aws:PrincipalAccount aws:PrincipalArn aws:PrincipalIsAWSService
  aws:PrincipalOrgID aws:PrincipalOrgMasterAccountId aws:PrincipalOrgPaths aws:PrincipalServiceName aws:PrincipalServiceNamesList
  aws:PrincipalTag/\${TagKey} aws:PrincipalType aws:Referer aws:RequestedRegion aws:RequestTag/\${TagKey}
  aws:ResourceAccount aws:ResourceOrgID aws:ResourceOrgPaths aws:ResourceTag/\${TagKey} aws:SecureTransport
  aws:SignInSessionArn aws:SourceAccount aws:SourceArn aws:SourceIdentity aws:SourceIp aws:SourceOrgID
  aws:SourceOrgPaths aws:SourceOwner aws:SourceVpc aws:SourceVpcArn aws:SourceVpce aws:TagKeys aws:TokenIssueTime
  aws:UserAgent aws:userid aws:username aws:ViaAWSMCPService aws:ViaAWSService aws:VpceAccount aws:VpceOrgID
  aws:VpceOrgPaths aws:VpcSourceIp aws:ARN
`
  .trim()
  .split(/\s+/)
