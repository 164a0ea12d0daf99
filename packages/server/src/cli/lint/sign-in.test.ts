import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { lintFile } from './check.ts'

const codes = (content: object, name = 'template.json'): readonly string[] =>
  lintFile({ name, text: JSON.stringify(content), isFound: false }, undefined).findings.map(
    ({ code }) => code,
  )

const trust = (Principal: object, Action: string | string[], Condition?: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal, Action, ...(Condition && { Condition }) }],
})
const own = (found: readonly string[]) =>
  found.filter((code) =>
    /POOL|TRUST_ANCHOR|POD|PERMISSION_SET|ASSIGNMENT|SESSION_DURATION|SESSION_NAME|ATTRIBUTE/.test(code),
  )

describe('lint of what lets people and machines in (LNT-70)', () => {
  const key = 'cognito-identity.amazonaws.com'
  const token = 'sts:AssumeRoleWithWebIdentity'

  test('trust in an identity pool names the pool and the sign-in', () => {
    const pool = { StringEquals: { [`${key}:aud`]: 'us-east-1:11111111-2222-3333-4444-555555555555' } }
    const signedIn = { 'ForAnyValue:StringLike': { [`${key}:amr`]: 'authenticated' } }
    const of = (condition?: object) => own(codes(trust({ Federated: key }, token, condition)))
    assert.deepEqual(of(), ['MISSING_IDENTITY_POOL_CONDITION_KEY'])
    assert.deepEqual(of(pool), ['MISSING_IDENTITY_POOL_SIGN_IN_CONDITION_KEY'])
    assert.deepEqual(of({ ...pool, ...signedIn }), [])
  })

  test('trust in certificates names the trust anchor, and trust in pods allows tags', () => {
    const anywhere = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']
    const anchor = {
      ArnEquals: { 'aws:SourceArn': 'arn:aws:rolesanywhere:us-east-1:123456789012:trust-anchor/x' },
    }
    const service = { Service: 'rolesanywhere.amazonaws.com' }
    assert.deepEqual(own(codes(trust(service, anywhere))), ['MISSING_TRUST_ANCHOR_CONDITION_KEY'])
    assert.deepEqual(own(codes(trust(service, anywhere, anchor))), [])
    const pods = { Service: 'pods.eks.amazonaws.com' }
    assert.deepEqual(own(codes(trust(pods, 'sts:AssumeRole'))), [
      'MISSING_ACTION_FOR_POD_IDENTITY_TRUST_POLICY',
    ])
    assert.deepEqual(own(codes(trust(pods, ['sts:AssumeRole', 'sts:TagSession']))), [])
  })

  test('a role of a permission set is named by a pattern', () => {
    const of = (arn: string) =>
      own(
        codes({
          Version: '2012-10-17',
          Statement: [
            {
              ...{ Effect: 'Deny', Action: 's3:*', Resource: '*' },
              Condition: { ArnNotLike: { 'aws:PrincipalArn': arn } },
            },
          ],
        }),
      )
    const start = 'arn:aws:iam::123456789012:role/aws-reserved/sso.amazonaws.com'
    assert.deepEqual(of(`${start}/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef`), [
      'PERMISSION_SET_ROLE_WITH_SUFFIX',
    ])
    assert.deepEqual(of(`${start}/AWSReservedSSO_Admin_*`), ['PERMISSION_SET_ROLE_WITHOUT_REGION'])
    assert.deepEqual(of(`${start}*/AWSReservedSSO_Admin_*`), [])
  })
})

describe('lint of resources of IAM Identity Center, Amazon EKS and Amazon Cognito (LNT-71)', () => {
  const template = (Type: string, Properties: object) => ({ Resources: { It: { Type, Properties } } })
  const set = (more: object) =>
    own(codes(template('AWS::SSO::PermissionSet', { Name: 'Developer', InstanceArn: 'x', ...more })))
  const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`

  test('permission sets', () => {
    assert.deepEqual(set({ SessionDuration: 'PT8H', ManagedPolicies: [aws('ReadOnlyAccess')] }), [])
    assert.deepEqual(set({ Name: 'x'.repeat(33) }), ['INVALID_PERMISSION_SET_NAME'])
    assert.deepEqual(set({ SessionDuration: 'PT13H' }), ['INVALID_SESSION_DURATION'])
    assert.deepEqual(set({ SessionDuration: 'PT30M' }), ['INVALID_SESSION_DURATION'])
    const Statement = [
      { Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::b/${'x'.repeat(10_300)}` },
    ]
    assert.deepEqual(set({ InlinePolicy: { Version: '2012-10-17', Statement } }), [
      'PERMISSION_SET_POLICY_TOO_LONG',
    ])
    assert.deepEqual(set({ ManagedPolicies: ['arn:aws:iam::123456789012:policy/own'] }), [
      'PERMISSION_SET_POLICY_NOT_OF_AWS',
    ])
    const many = (count: number) => Array.from({ length: count }, (_, place) => aws(`P${place}`))
    assert.deepEqual(set({ ManagedPolicies: many(10) }), [])
    assert.deepEqual(set({ ManagedPolicies: many(11) }), ['PERMISSION_SET_WITH_MANY_POLICIES'])
    const admin = { ManagedPolicies: [aws('AdministratorAccess')] }
    assert.deepEqual(set(admin), ['PERMISSION_SET_WITHOUT_BOUNDARY'])
    assert.deepEqual(set({ ...admin, PermissionsBoundary: { ManagedPolicyArn: aws('PowerUserAccess') } }), [])
  })

  test('assignments, associations of pods and identity pools', () => {
    const of = (type: string, properties: object) => own(codes(template(type, properties)))
    assert.deepEqual(of('AWS::SSO::Assignment', { PrincipalType: 'USER' }), ['ASSIGNMENT_TO_USER'])
    assert.deepEqual(of('AWS::SSO::Assignment', { PrincipalType: 'GROUP' }), [])
    const pod = { ClusterName: 'c', Policy: '{}' }
    assert.deepEqual(of('AWS::EKS::PodIdentityAssociation', pod), ['POD_POLICY_WITH_SESSION_TAGS'])
    assert.deepEqual(of('AWS::EKS::PodIdentityAssociation', { ...pod, DisableSessionTags: true }), [])
    const pool = { AllowUnauthenticatedIdentities: true, AllowClassicFlow: true }
    assert.deepEqual(of('AWS::Cognito::IdentityPool', pool), ['IDENTITY_POOL_GUESTS_WITHOUT_LIMIT'])
    assert.deepEqual(of('AWS::Cognito::IdentityPool', { ...pool, AllowClassicFlow: false }), [])
  })

  test('attributes for access control, trust anchors, profiles and entries of clusters (SGN-87)', () => {
    const of = (type: string, properties: object) => own(codes(template(type, properties)))
    const attributes = (...given: readonly (readonly [string, string])[]) =>
      of('AWS::SSO::InstanceAccessControlAttributeConfiguration', {
        InstanceArn: 'x',
        AccessControlAttributes: given.map(([Key, source]) => ({ Key, Value: { Source: [source] } })),
      })
    assert.deepEqual(
      attributes(['Title', '${path:title}'], ['Mail', '${path:emails[primary eq true].value}']),
      [],
    )
    const wrong = ['INVALID_ACCESS_CONTROL_ATTRIBUTE']
    assert.deepEqual(attributes(['Title', 'title']), wrong)
    assert.deepEqual(attributes(['Title', '${path:title}'], ['Title', '${path:userName}']), wrong)
    const anchor = (X509CertificateData: string) =>
      of('AWS::RolesAnywhere::TrustAnchor', { Source: { SourceData: { X509CertificateData } } })
    assert.deepEqual(anchor('no certificate'), ['INVALID_TRUST_ANCHOR'])
    const profile = (more: object) => of('AWS::RolesAnywhere::Profile', { Name: 'p', ...more })
    assert.deepEqual(profile({ DurationSeconds: 900 }), [])
    assert.deepEqual(profile({ DurationSeconds: 60 }), ['INVALID_SESSION_DURATION'])
    assert.deepEqual(profile({ AcceptRoleSessionName: true }), ['CERTIFICATE_CHOOSES_SESSION_NAME'])
    const entry = (path: string) =>
      of('AWS::EKS::AccessEntry', {
        PrincipalArn: `arn:aws:iam::123456789012:role/${path}AWSReservedSSO_Admin_0123456789abcdef`,
      })
    assert.deepEqual(entry(''), ['PERMISSION_SET_ROLE_WITHOUT_PATH'])
    assert.deepEqual(entry('aws-reserved/sso.amazonaws.com/'), ['PERMISSION_SET_ROLE_WITH_SUFFIX'])
  })

  test('the same in a plan of Terraform, at the place of the attribute', () => {
    const resource = (type: string, values: object) => ({
      address: `${type}.it`,
      mode: 'managed',
      type,
      values,
    })
    const plan = {
      format_version: '1.2',
      planned_values: {
        root_module: {
          resources: [
            resource('aws_ssoadmin_permission_set', { name: 'x', session_duration: '8h' }),
            resource('aws_ssoadmin_account_assignment', { principal_type: 'USER' }),
            resource('aws_ssoadmin_managed_policy_attachment', { managed_policy_arn: null }),
            resource('aws_cognito_identity_pool', {
              ...{ allow_unauthenticated_identities: true, allow_classic_flow: true },
            }),
          ],
        },
      },
    }
    const text = JSON.stringify(plan, null, 1)
    const { findings } = lintFile({ name: 'plan.json', text, isFound: false }, undefined)
    assert.deepEqual(
      findings.map(({ code, owner }) => `${code} ${owner}`),
      [
        'INVALID_SESSION_DURATION aws_ssoadmin_permission_set aws_ssoadmin_permission_set.it',
        'ASSIGNMENT_TO_USER aws_ssoadmin_account_assignment aws_ssoadmin_account_assignment.it',
        'IDENTITY_POOL_GUESTS_WITHOUT_LIMIT aws_cognito_identity_pool aws_cognito_identity_pool.it',
      ],
    )
    const line = text.split('\n')[(findings[0]?.span.start.line ?? 0) - 1]
    assert.match(line ?? '', /session_duration/)
  })
})
