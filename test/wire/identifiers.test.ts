/** Names and ids, words of faults, and that a change counts at once: what no single decision shows. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { IAM } from '@aws-sdk/client-iam'
import { STS } from '@aws-sdk/client-sts'
import { createOmen } from 'omen-iam'
import { findError, loadModel } from '../../packages/server/src/model/index.ts'
import { account, policyText } from '../kit/index.ts'
import { makeCertificate } from './iam-credentials/certificate.ts'
import { sshRsa } from './iam-credentials/material.ts'

const statement = (rest: object) => policyText({ Effect: 'Allow', ...rest })
const trusted = (AWS: string) => statement({ Principal: { AWS }, Action: 'sts:AssumeRole' })
const everything = statement({ Action: '*', Resource: '*' })

test('IDS-1, POL-112, POL-113 what each kind of unique id begins with, and the ids and ARNs of sessions', async () => {
  await using omen = await createOmen()
  const iam = omen.client(IAM)
  const { User } = await iam.createUser({ UserName: 'dev', Path: '/team/' })
  const { Group } = await iam.createGroup({ GroupName: 'devs' })
  const { Role } = await iam.createRole({
    RoleName: 'app',
    Path: '/team/',
    AssumeRolePolicyDocument: trusted(account),
  })
  const { InstanceProfile } = await iam.createInstanceProfile({ InstanceProfileName: 'web' })
  const { Policy } = await iam.createPolicy({ PolicyName: 'all', PolicyDocument: everything })
  const { AccessKey } = await iam.createAccessKey({ UserName: 'dev' })
  const sts = omen.client(STS, 'admin')
  const session = await sts.assumeRole({
    RoleArn: `arn:aws:iam::${account}:role/team/app`,
    RoleSessionName: 'run',
  })
  const { SSHPublicKey } = await iam.uploadSSHPublicKey({
    UserName: 'dev',
    SSHPublicKeyBody: sshRsa().text,
  })
  const { pem, keyPem } = makeCertificate('www.example.com')
  const { ServerCertificateMetadata } = await iam.uploadServerCertificate({
    ServerCertificateName: 'www',
    CertificateBody: pem,
    PrivateKey: keyPem,
  })
  const { ServiceSpecificCredential } = await iam.createServiceSpecificCredential({
    UserName: 'dev',
    ServiceName: 'codecommit.amazonaws.com',
  })
  const ids: readonly (readonly [prefix: string, id: string | undefined])[] = [
    ['AIDA', User?.UserId],
    ['AGPA', Group?.GroupId],
    ['AROA', Role?.RoleId],
    ['AIPA', InstanceProfile?.InstanceProfileId],
    ['ANPA', Policy?.PolicyId],
    ['AKIA', AccessKey?.AccessKeyId],
    ['ASIA', session.Credentials?.AccessKeyId],
    ['APKA', SSHPublicKey?.SSHPublicKeyId],
    ['ASCA', ServerCertificateMetadata?.ServerCertificateId],
    ['ACCA', ServiceSpecificCredential?.ServiceSpecificCredentialId],
  ]
  for (const [prefix, id] of ids) {
    const length = /^A[KSP][IK]A$/.test(prefix) ? 16 : 17
    assert.match(id ?? '', new RegExp(`^${prefix}[A-Z2-7]{${length}}$`))
  }
  assert.deepEqual(session.AssumedRoleUser, {
    Arn: `arn:aws:sts::${account}:assumed-role/app/run`,
    AssumedRoleId: `${Role?.RoleId}:run`,
  })
})

test('POL-114 names are unique whatever their case and path, and the path is part of the ARN', async () => {
  await using omen = await createOmen()
  const iam = omen.client(IAM)
  const { User } = await iam.createUser({ UserName: 'Dev', Path: '/one/' })
  assert.equal(User?.Arn, `arn:aws:iam::${account}:user/one/Dev`)
  await assert.rejects(iam.createUser({ UserName: 'dEV', Path: '/two/' }), {
    name: 'EntityAlreadyExistsException',
  })
})

test('POL-116 the status of STS’s faults', () => {
  const sts = loadModel('sts')
  const statuses = {
    PackedPolicyTooLargeException: 400,
    MalformedPolicyDocumentException: 400,
    ExpiredTokenException: 400,
    RegionDisabledException: 403,
    IDPRejectedClaimException: 403,
    InvalidIdentityTokenException: 400,
  }
  for (const [shape, status] of Object.entries(statuses))
    assert.equal(findError(sts, shape)?.status, status, shape)
})

test('POL-044, POL-117 a change counts at once, and who was not there just before is trusted just after', async () => {
  await using omen = await createOmen()
  const iam = omen.client(IAM)
  const AssumeRolePolicyDocument = trusted(`arn:aws:iam::${account}:user/dev`)
  const making = () => iam.createRole({ RoleName: 'app', AssumeRolePolicyDocument })
  await assert.rejects(making(), {
    name: 'MalformedPolicyDocumentException',
    message: `Invalid principal in policy: "AWS":"arn:aws:iam::${account}:user/dev"`,
  })
  await iam.createUser({ UserName: 'dev' })
  await making()
  const { AccessKey: key } = await iam.createAccessKey({ UserName: 'dev' })
  const credentials = { accessKeyId: key!.AccessKeyId!, secretAccessKey: key!.SecretAccessKey! }
  await omen.client(STS, credentials).assumeRole({
    RoleArn: `arn:aws:iam::${account}:role/app`,
    RoleSessionName: 'run',
  })
  const dev = omen.client(IAM, credentials)
  await assert.rejects(dev.listUsers({}), { name: 'AccessDenied' })
  await iam.putUserPolicy({ UserName: 'dev', PolicyName: 'p', PolicyDocument: everything })
  await dev.listUsers({})
  await iam.deleteUserPolicy({ UserName: 'dev', PolicyName: 'p' })
  await assert.rejects(dev.listUsers({}), { name: 'AccessDenied' })
})
