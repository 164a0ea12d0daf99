import type { Row } from '../iam/authorization-rows.ts'
import { allow } from '../iam/house.ts'

const account = 'arn:aws:iam::123456789012:'
const probe = `${account}user/probe`
const itself = (arn: string) => ({ on: arn, spoken: arn })
const any = { on: '*', spoken: '*' }

const PolicyInputList = [allow('s3:*')]
const ActionNames = ['s3:GetObject']
const TemplateArn = 'arn:aws:iam::aws:role-template/lambda.amazonaws.com/Basic:1'
const EntityPath = 'o-aaaaaaaaaa/r-aaaa'
const outside = 'OrganizationNotFoundException'

let jobId = ''
const keepJob = (answer: Readonly<Record<string, unknown>>) => {
  jobId = String(answer.JobId)
}
const JobId = () => ({ JobId: jobId })
const DelegationRequestId = '00000000-0000-8000-a000-001cbe991a14'

/** For a request that does not exist: only callers with the permission learn so. */
const ofRequest = {
  input: { DelegationRequestId },
  ...itself(`${account}delegation-request/${DelegationRequestId}`),
  fails: 'NoSuchEntity',
}

/** Questions, reports, features, and requests for access. */
export const questionRows: readonly Row[] = [
  { operation: 'SimulateCustomPolicy', input: { PolicyInputList, ActionNames }, ...any },
  { operation: 'SimulatePrincipalPolicy', input: { PolicySourceArn: probe, ActionNames }, ...itself(probe) },
  { operation: 'GetContextKeysForCustomPolicy', input: { PolicyInputList }, ...any },
  { operation: 'GetContextKeysForPrincipalPolicy', input: { PolicySourceArn: probe }, ...itself(probe) },
  { operation: 'GetCredentialReport', input: {}, ...any, fails: 'ReportNotPresent' },
  { operation: 'GenerateCredentialReport', input: {}, ...any },
  {
    operation: 'GenerateServiceLastAccessedDetails',
    input: { Arn: probe },
    ...itself(probe),
    keep: keepJob,
  },
  { operation: 'GetServiceLastAccessedDetails', input: JobId, ...any },
  {
    operation: 'GetServiceLastAccessedDetailsWithEntities',
    input: () => ({ ...JobId(), ServiceNamespace: 's3' }),
    ...any,
  },
  {
    operation: 'ListPoliciesGrantingServiceAccess',
    input: { Arn: probe, ServiceNamespaces: ['s3'] },
    ...itself(probe),
  },
  {
    operation: 'GenerateOrganizationsAccessReport',
    input: { EntityPath },
    ...itself(`${account}access-report/${EntityPath}`),
    fails: 'InvalidInput',
  },
  { operation: 'GetOrganizationsAccessReport', input: JobId, ...any, fails: 'NoSuchEntity' },
  { operation: 'EnableOrganizationsRootCredentialsManagement', input: {}, ...any, fails: outside },
  { operation: 'DisableOrganizationsRootCredentialsManagement', input: {}, ...any, fails: outside },
  { operation: 'EnableOrganizationsRootSessions', input: {}, ...any, fails: outside },
  { operation: 'DisableOrganizationsRootSessions', input: {}, ...any, fails: outside },
  { operation: 'ListOrganizationsFeatures', input: {}, ...any, fails: outside },
  { operation: 'EnableOutboundWebIdentityFederation', input: {}, ...any },
  { operation: 'GetOutboundWebIdentityFederationInfo', input: {}, ...any },
  { operation: 'DisableOutboundWebIdentityFederation', input: {}, ...any },
  { operation: 'PutAccountProperties', input: { Properties: { 'RoleManager/Enabled': 'false' } }, ...any },
  { operation: 'GetAccountProperties', input: {}, ...any },
  {
    operation: 'GetRoleTemplateVersion',
    input: { TemplateArn },
    on: TemplateArn,
    spoken: `role-template ${TemplateArn}`,
    fails: 'NoSuchEntity',
  },
  {
    operation: 'AcquireRole',
    input: { TemplateArn },
    ...any,
    also: [['iam:GetRoleTemplateVersion', TemplateArn, `role template ${TemplateArn}`]],
    fails: 'NoSuchEntity',
  },
  {
    operation: 'CreateDelegationRequest',
    input: {
      Description: 'asks',
      Permissions: { PolicyTemplateArn: 'arn:aws:iam::aws:policy/AmazonSQSReadOnlyAccess' },
      RequestorWorkflowId: 'workflow-of-the-rows',
      NotificationChannel: 'arn:aws:sns:us-east-1:123456789012:topic',
      SessionDuration: 3_600,
    },
    ...itself(`${account}delegation-request/*`),
  },
  { operation: 'GetDelegationRequest', ...ofRequest },
  { operation: 'ListDelegationRequests', input: {}, ...any },
  { operation: 'AssociateDelegationRequest', ...ofRequest },
  { operation: 'UpdateDelegationRequest', ...ofRequest },
  { operation: 'AcceptDelegationRequest', ...ofRequest },
  { operation: 'RejectDelegationRequest', ...ofRequest },
  { operation: 'SendDelegationToken', ...ofRequest },
  { operation: 'GetHumanReadableSummary', ...ofRequest, input: { EntityArn: ofRequest.on } },
]
