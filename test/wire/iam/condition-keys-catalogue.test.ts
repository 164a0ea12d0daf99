import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { IAM } from '@aws-sdk/client-iam'
import { serviceActions } from '../../../packages/server/src/authorization/catalogue/index.ts'
import { iam as served } from '../../../packages/server/src/services/iam/index.ts'
import { allow, faultOf, newKey, openServer, trustEc2 } from './house.ts'

const { iam, as, close } = await openServer()
after(close)

const PermissionsBoundary = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const PolicyArn = 'arn:aws:iam::aws:policy/PowerUserAccess'
const ServiceName = 'bedrock.amazonaws.com'
const NotificationChannel = 'arn:aws:sns:us-east-1:123456789012:topic'
const Tags = [{ Key: 'team', Value: 'red' }]
const TagKeys = ['team']
const UserName = 'bound'
const GroupName = 'bound'
const RoleName = 'bound'
const PolicyName = 'p'
const PolicyDocument = allow('s3:*')
const owner = 'arn:aws:iam::123456789012:root'

await iam.createUser({ UserName: 'probe' })
await iam.createUser({ UserName, PermissionsBoundary })
await iam.createGroup({ GroupName })
await iam.createRole({ RoleName, PermissionsBoundary, AssumeRolePolicyDocument: trustEc2 })
async function newCredential() {
  const made = await iam.createServiceSpecificCredential({ UserName, ServiceName })
  return {
    UserName,
    ServiceSpecificCredentialId: made.ServiceSpecificCredential?.ServiceSpecificCredentialId,
  }
}
const ofCredential = await newCredential()
await iam.putAccountProperties({ Properties: { 'RoleManager/Enabled': 'false' } }) // for GetAccountProperties
await iam.putRolePolicy({ RoleName, PolicyName: 'stays', PolicyDocument }) // so that no call deletes the role
const probe = as(await newKey(iam, 'probe'))

/**
 * The calls that can carry keys of their own, by operation. They are let through, or refused by their keys; what
 * happens to them then is tested elsewhere, and most of them find nothing to change.
 */
const inputs: Readonly<Record<string, object>> = {
  AttachGroupPolicy: { GroupName, PolicyArn },
  AttachRolePolicy: { RoleName, PolicyArn },
  AttachUserPolicy: { UserName, PolicyArn },
  CreateDelegationRequest: {
    Description: 'asks',
    Permissions: { PolicyTemplateArn: PolicyArn },
    RequestorWorkflowId: 'workflow',
    NotificationChannel,
    SessionDuration: 3_600,
  },
  CreateInstanceProfile: { InstanceProfileName: 'made', Tags },
  CreateOpenIDConnectProvider: { Url: 'https://made.example.com', Tags },
  CreatePolicy: { PolicyName, PolicyDocument, Tags },
  CreateRole: { RoleName: 'made', AssumeRolePolicyDocument: trustEc2, PermissionsBoundary, Tags },
  CreateSAMLProvider: { Name: 'made', SAMLMetadataDocument: 'x'.repeat(1_000), Tags },
  CreateServiceLinkedRole: { AWSServiceName: 'batch.amazonaws.com' },
  CreateServiceSpecificCredential: { UserName, ServiceName, CredentialAgeDays: 30 },
  CreateUser: { UserName: 'made', PermissionsBoundary, Tags },
  CreateVirtualMFADevice: { VirtualMFADeviceName: 'made', Tags },
  DeleteRole: { RoleName },
  DeleteRolePermissionsBoundary: { RoleName },
  DeleteRolePolicy: { RoleName, PolicyName },
  DeleteServiceSpecificCredential: await newCredential(),
  DeleteUserPermissionsBoundary: { UserName },
  DeleteUserPolicy: { UserName, PolicyName },
  DetachGroupPolicy: { GroupName, PolicyArn },
  DetachRolePolicy: { RoleName, PolicyArn },
  DetachUserPolicy: { UserName, PolicyArn },
  GenerateOrganizationsAccessReport: {
    EntityPath: 'o-aaaaaaaaaa/r-aaaa',
    OrganizationsPolicyId: 'p-aaaaaaaa',
  },
  GetAccountProperties: {},
  GetRole: { RoleName },
  ListDelegationRequests: { OwnerId: owner },
  PutAccountProperties: { Properties: { 'RoleManager/Enabled': 'false' } },
  PutRolePermissionsBoundary: { RoleName, PermissionsBoundary },
  PutRolePolicy: { RoleName, PolicyName, PolicyDocument },
  PutUserPermissionsBoundary: { UserName, PermissionsBoundary },
  PutUserPolicy: { UserName, PolicyName, PolicyDocument },
  ResetServiceSpecificCredential: ofCredential,
  TagInstanceProfile: { InstanceProfileName: 'none', Tags },
  TagMFADevice: { SerialNumber: 'arn:aws:iam::123456789012:mfa/none', Tags },
  TagOpenIDConnectProvider: {
    OpenIDConnectProviderArn: 'arn:aws:iam::123456789012:oidc-provider/none.example.com',
    Tags,
  },
  TagPolicy: { PolicyArn: 'arn:aws:iam::123456789012:policy/none', Tags },
  TagRole: { RoleName: 'none', Tags },
  TagSAMLProvider: { SAMLProviderArn: 'arn:aws:iam::123456789012:saml-provider/none', Tags },
  TagServerCertificate: { ServerCertificateName: 'none', Tags },
  TagUser: { UserName: 'none', Tags },
  UntagInstanceProfile: { InstanceProfileName: 'none', TagKeys },
  UntagMFADevice: { SerialNumber: 'arn:aws:iam::123456789012:mfa/none', TagKeys },
  UntagOpenIDConnectProvider: {
    OpenIDConnectProviderArn: 'arn:aws:iam::123456789012:oidc-provider/none.example.com',
    TagKeys,
  },
  UntagPolicy: { PolicyArn: 'arn:aws:iam::123456789012:policy/none', TagKeys },
  UntagRole: { RoleName: 'none', TagKeys },
  UntagSAMLProvider: { SAMLProviderArn: 'arn:aws:iam::123456789012:saml-provider/none', TagKeys },
  UntagServerCertificate: { ServerCertificateName: 'none', TagKeys },
  UntagUser: { UserName: 'none', TagKeys },
  UpdateAssumeRolePolicy: { RoleName, PolicyDocument: trustEc2 },
  UpdateRole: { RoleName },
  UpdateRoleDescription: { RoleName, Description: 'd' },
  UpdateServiceSpecificCredential: { ...ofCredential, Status: 'Active' },
  UploadServerCertificate: {
    ServerCertificateName: 'made',
    CertificateBody: 'x',
    PrivateKey: 'x',
    Tags,
  },
}

/** The value that every call above carries under a key. */
const values: Readonly<Record<string, string>> = {
  'aws:RequestTag/${TagKey}': 'red',
  'aws:TagKeys': 'team',
  'iam:AWSServiceName': 'batch.amazonaws.com',
  'iam:AccountPropertyNamespaces': 'RoleManager',
  'iam:DelegationDuration': '3600',
  'iam:DelegationRequestOwner': owner,
  'iam:NotificationChannel': NotificationChannel,
  'iam:OrganizationsPolicyId': 'p-aaaaaaaa',
  'iam:PermissionsBoundary': PermissionsBoundary,
  'iam:PolicyARN': PolicyArn,
  'iam:ServiceSpecificCredentialAgeDays': '30',
  'iam:ServiceSpecificCredentialServiceName': ServiceName,
  'iam:TemplateArn': PolicyArn,
}

/** Keys that no call here has: of security keys (CRED-31), and of role templates, of which there are none. */
const absent = /^iam:(?:FIDO|RegisterSecurityKey$|RoleTemplateARN$)/

function condition(key: string, value: string): object {
  const name = key.replace('${TagKey}', 'team')
  const isList = key === 'aws:TagKeys' || key === 'iam:AccountPropertyNamespaces'
  return { [isList ? 'ForAnyValue:StringEquals' : 'StringEquals']: { [name]: value } }
}

async function outcome(client: IAM, operation: string): Promise<string> {
  const send = Reflect.get(client, operation.charAt(0).toLowerCase() + operation.slice(1)) as (
    input: object,
  ) => Promise<unknown>
  try {
    await send.call(client, inputs[operation]!)
    return 'done'
  } catch (error) {
    return faultOf(Promise.reject(error))
  }
}

async function may(conditions: object): Promise<void> {
  const PolicyDocument = allow('iam:*', '*', conditions)
  await iam.putUserPolicy({ UserName: 'probe', PolicyName: 'may', PolicyDocument })
}

describe('each key that the reference gives an action is there (IAM-50, IAM-56, POL-111)', () => {
  const actions = serviceActions('iam').filter(({ name }) => name in served.operations)
  for (const { name, conditionKeys } of actions) {
    for (const key of conditionKeys) {
      if (absent.test(key)) continue
      test(`${key} of ${name}`, async () => {
        assert.ok(name in inputs && key in values, 'without a row')
        await may(condition(key, 'another'))
        assert.match(await outcome(probe, name), /^AccessDenied 403/, 'with another value')
        await may(condition(key, values[key]!))
        assert.doesNotMatch(await outcome(probe, name), /^AccessDenied/, 'with its value')
        await iam.putRolePermissionsBoundary({ RoleName, PermissionsBoundary })
        await iam.putUserPermissionsBoundary({ UserName, PermissionsBoundary })
      })
    }
  }
})
