import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { iam as served } from '../../../packages/server/src/services/iam/index.ts'
import { needs, python } from '../../support/index.ts'
import { makeCertificate } from '../iam-credentials/certificate.ts'
import { authenticator, codes, samlMetadata, sshRsa } from '../iam-credentials/material.ts'
import { allow, openServer, trustEc2 } from './house.ts'

const { omen, iam, close } = await openServer()
after(close)

const Tags = ['a', 'b', 'c'].map((Key) => ({ Key, Value: Key }))
const PolicyDocument = allow('s3:*')
const PolicyArn = 'arn:aws:iam::123456789012:policy/p1'
const SerialNumber = 'arn:aws:iam::123456789012:mfa/m1'
const OpenIDConnectProviderArn = 'arn:aws:iam::123456789012:oidc-provider/id.example.com'
const SAMLProviderArn = 'arn:aws:iam::123456789012:saml-provider/idp'
const certificate = makeCertificate('server')
const awsPolicy = (name: string) => `arn:aws:iam::aws:policy/${name}`

/** Three of everything that is listed here, so that pages of one item are three. */
async function furnish(): Promise<void> {
  const RoleName = 'r1'
  const GroupName = 'g1'
  const UserName = 'u1'
  for (const n of [1, 2, 3]) {
    await iam.createUser({ UserName: `u${n}`, Tags })
    await iam.createGroup({ GroupName: `g${n}` })
    await iam.createRole({ RoleName: `r${n}`, AssumeRolePolicyDocument: trustEc2, Tags })
    await iam.createPolicy({ PolicyName: `p${n}`, PolicyDocument, Tags })
    await iam.createInstanceProfile({ InstanceProfileName: `i${n}`, Tags })
    await iam.addRoleToInstanceProfile({ InstanceProfileName: `i${n}`, RoleName })
    await iam.addUserToGroup({ GroupName, UserName: `u${n}` })
    if (n > 1) await iam.addUserToGroup({ GroupName: `g${n}`, UserName })
    if (n > 1) await iam.createPolicyVersion({ PolicyArn, PolicyDocument })
    if (n < 3) await iam.createAccessKey({ UserName })
    await iam.uploadSSHPublicKey({ UserName, SSHPublicKeyBody: sshRsa().text })
    if (n < 3) await iam.uploadSigningCertificate({ UserName, CertificateBody: makeCertificate(`c${n}`).pem })
    await iam.uploadServerCertificate({
      ServerCertificateName: `s${n}`,
      CertificateBody: certificate.pem,
      PrivateKey: certificate.keyPem,
      Tags,
    })
    const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({
      VirtualMFADeviceName: `m${n}`,
      Tags,
    })
    const shown = codes(authenticator(device?.Base32StringSeed), Date.now())
    await iam.enableMFADevice({ UserName, SerialNumber: device?.SerialNumber, ...shown })
    const PolicyName = `n${n}`
    await iam.putUserPolicy({ UserName, PolicyName, PolicyDocument })
    await iam.putGroupPolicy({ GroupName, PolicyName, PolicyDocument })
    await iam.putRolePolicy({ RoleName, PolicyName, PolicyDocument })
    await iam.attachRolePolicy({ RoleName: `r${n}`, PolicyArn })
  }
  for (const PolicyName of ['ReadOnlyAccess', 'PowerUserAccess', 'SecurityAudit']) {
    await iam.attachUserPolicy({ UserName, PolicyArn: awsPolicy(PolicyName) })
    await iam.attachGroupPolicy({ GroupName, PolicyArn: awsPolicy(PolicyName) })
    if (PolicyName !== 'SecurityAudit')
      await iam.attachRolePolicy({ RoleName, PolicyArn: awsPolicy(PolicyName) })
  }
  await iam.createSAMLProvider({ Name: 'idp', SAMLMetadataDocument: samlMetadata(certificate), Tags })
  await iam.createAccountAlias({ AccountAlias: 'an-alias' })
  await iam.createOpenIDConnectProvider({
    Url: 'https://id.example.com',
    ThumbprintList: ['0'.repeat(40)],
    Tags,
  })
}

const ActionNames = ['s3:GetObject', 's3:PutObject', 's3:ListBucket']

/** The paginators of botocore with their input and how many items they find. */
const paginators: Readonly<Record<string, readonly [input: object, found: number]>> = {
  get_account_authorization_details: [{ Filter: ['User', 'Group', 'Role', 'LocalManagedPolicy'] }, 13],
  get_group: [{ GroupName: 'g1' }, 3],
  list_access_keys: [{ UserName: 'u1' }, 2],
  list_account_aliases: [{}, 1],
  list_attached_group_policies: [{ GroupName: 'g1' }, 3],
  list_attached_role_policies: [{ RoleName: 'r1' }, 3],
  list_attached_user_policies: [{ UserName: 'u1' }, 3],
  list_entities_for_policy: [{ PolicyArn }, 3],
  list_group_policies: [{ GroupName: 'g1' }, 3],
  list_groups: [{}, 3],
  list_groups_for_user: [{ UserName: 'u1' }, 3],
  list_instance_profile_tags: [{ InstanceProfileName: 'i1' }, 3],
  list_instance_profiles: [{}, 3],
  list_instance_profiles_for_role: [{ RoleName: 'r1' }, 3],
  list_mfa_device_tags: [{ SerialNumber }, 3],
  list_mfa_devices: [{ UserName: 'u1' }, 3],
  list_open_id_connect_provider_tags: [{ OpenIDConnectProviderArn }, 3],
  list_policies: [{ Scope: 'Local' }, 3],
  list_policy_tags: [{ PolicyArn }, 3],
  list_policy_versions: [{ PolicyArn }, 3],
  list_role_policies: [{ RoleName: 'r1' }, 3],
  list_role_tags: [{ RoleName: 'r1' }, 3],
  list_roles: [{}, 3],
  list_saml_provider_tags: [{ SAMLProviderArn }, 3],
  list_server_certificate_tags: [{ ServerCertificateName: 's1' }, 3],
  list_server_certificates: [{}, 3],
  list_signing_certificates: [{ UserName: 'u1' }, 2],
  list_ssh_public_keys: [{ UserName: 'u1' }, 3],
  list_user_policies: [{ UserName: 'u1' }, 3],
  list_user_tags: [{ UserName: 'u1' }, 3],
  list_users: [{}, 4],
  list_virtual_mfa_devices: [{}, 3],
  simulate_custom_policy: [{ PolicyInputList: [PolicyDocument], ActionNames }, 3],
  simulate_principal_policy: [{ PolicySourceArn: 'arn:aws:iam::123456789012:user/u1', ActionNames }, 3],
}

/** The waiters of botocore, for what is there and for what is not. */
const waiters: Readonly<Record<string, readonly [there: object, missing: object]>> = {
  instance_profile_exists: [{ InstanceProfileName: 'i1' }, { InstanceProfileName: 'none' }],
  policy_exists: [{ PolicyArn }, { PolicyArn: `${PolicyArn}0` }],
  role_exists: [{ RoleName: 'r1' }, { RoleName: 'none' }],
  user_exists: [{ UserName: 'u1' }, { UserName: 'none' }],
}

const program = `
import json, sys, boto3, botocore
from botocore import xform_name
asked = json.loads(sys.argv[1])
iam = boto3.client('iam')
known = botocore.session.get_session().get_paginator_model('iam')._paginator_config
found = {}
rules = {xform_name(each): known[each] for each in known if each in asked['served']}
for name, arguments in asked['paginators'].items():
    if name not in rules: continue
    pages = list(iam.get_paginator(name).paginate(PaginationConfig={'PageSize': 1}, **arguments))
    rule = rules[name]
    keys = rule['result_key'] if isinstance(rule['result_key'], list) else [rule['result_key']]
    items = [item for page in pages for key in keys for item in page.get(key, [])]
    assert len(pages) == max(len(items), 1), name
    assert len({json.dumps(item, default=str) for item in items}) == len(items), name
    found[name] = len(items)
once = {'Delay': 1, 'MaxAttempts': 1}
gave_up = {}
for name, (there, missing) in asked['waiters'].items():
    iam.get_waiter(name).wait(WaiterConfig=once, **there)
    try:
        iam.get_waiter(name).wait(WaiterConfig=once, **missing)
    except botocore.exceptions.WaiterError as error:
        gave_up[name] = error.kwargs['reason'].split(':')[0].split('.')[0]
role = iam.get_role(RoleName='r1')['Role']
print(json.dumps({
    'known': sorted(rules),
    'waiters': sorted(iam.waiter_names),
    'found': found,
    'gave_up': gave_up,
    'trust': role['AssumeRolePolicyDocument'],
    'created': role['CreateDate'].isoformat(),
}))
`

describe('boto3', needs('boto3'), () => {
  test('every paginator page by page, every waiter, documents as objects (IAM-10, IAM-42)', async () => {
    await furnish()
    const asked = {
      paginators: Object.fromEntries(Object.entries(paginators).map(([name, [input]]) => [name, input])),
      waiters,
      served: Object.keys(served.operations),
    }
    const target = { endpoint: omen.endpoint, credentials: omen.keys.admin }
    const outcome = await python(target, program, JSON.stringify(asked))
    assert.equal(outcome.status, 0, outcome.stderr)
    const answer = JSON.parse(outcome.stdout)
    // boto3 may be older than these rows, and newer than what is served
    const known = new Set<string>(answer.known)
    assert.deepEqual(
      answer.found,
      Object.fromEntries(
        Object.entries(paginators).flatMap(([name, [, found]]) => (known.has(name) ? [[name, found]] : [])),
      ),
    )
    const unasked = [...known].filter((name) => !(name in paginators))
    assert.deepEqual(unasked, [], 'paginators without a row')
    assert.deepEqual(answer.trust, JSON.parse(trustEc2))
    assert.match(answer.created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/)
    assert.deepEqual(answer.waiters, Object.keys(waiters).sort())
    assert.deepEqual(Object.keys(answer.gave_up).sort(), Object.keys(waiters).sort())
    for (const reason of Object.values(answer.gave_up)) assert.equal(reason, 'Max attempts exceeded')
  })
})
