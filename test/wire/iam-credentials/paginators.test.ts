import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createOmen } from 'omen-iam'
import { needs, python } from '../../support/index.ts'
import { makeCertificate } from './certificate.ts'
import { sshRsa } from './material.ts'

/** Makes seven of each, and reads them back two a page, as botocore pages. */
const program = `
import boto3, json, sys
given = json.loads(sys.argv[1])
iam = boto3.client('iam')
user = 'ada'
iam.create_user(UserName=user)
for n in range(7):
    iam.create_virtual_mfa_device(VirtualMFADeviceName=f'd{n}')
    iam.upload_server_certificate(ServerCertificateName=f's{n}', CertificateBody=given['body'], PrivateKey=given['key'])
    iam.tag_server_certificate(ServerCertificateName='s0', Tags=[{'Key': f't{n}', 'Value': ''}])
for body in given['ssh']: iam.upload_ssh_public_key(UserName=user, SSHPublicKeyBody=body)
for body in given['signing']: iam.upload_signing_certificate(UserName=user, CertificateBody=body)
counts = {}
def read(operation, member, **arguments):
    pages = list(iam.get_paginator(operation).paginate(PaginationConfig={'PageSize': 2}, **arguments))
    items = [item for page in pages for item in page[member]]
    assert len({json.dumps(item, default=str) for item in items}) == len(items), operation
    counts[operation] = [len(pages), len(items)]
read('list_virtual_mfa_devices', 'VirtualMFADevices')
read('list_server_certificates', 'ServerCertificateMetadataList')
read('list_ssh_public_keys', 'SSHPublicKeys', UserName=user)
read('list_signing_certificates', 'Certificates', UserName=user)
read('list_mfa_devices', 'MFADevices', UserName=user)
tags, marker = [], {}
while True:
    page = iam.list_server_certificate_tags(ServerCertificateName='s0', MaxItems=3, **marker)
    tags += [tag['Key'] for tag in page['Tags']]
    if not page['IsTruncated']: break
    marker = {'Marker': page['Marker']}
counts['tags'] = tags
print(json.dumps(counts))
`

describe("botocore's paginators", needs('boto3'), () => {
  test('read every list to its end, each thing once (IAM-41, IAM-42)', async () => {
    await using omen = await createOmen()
    const server = makeCertificate('server')
    const given = {
      body: server.pem,
      key: server.keyPem,
      ssh: Array.from({ length: 5 }, () => sshRsa().text),
      signing: [makeCertificate('a').pem, makeCertificate('b').pem],
    }
    const { accessKeyId, secretAccessKey } = omen.keys.admin
    const target = { endpoint: omen.endpoint, credentials: { accessKeyId, secretAccessKey } }
    const { stdout, stderr } = await python(target, program, JSON.stringify(given))
    assert.deepEqual(JSON.parse(stdout || JSON.stringify(stderr)), {
      list_virtual_mfa_devices: [4, 7],
      list_server_certificates: [4, 7],
      list_ssh_public_keys: [3, 5],
      list_signing_certificates: [1, 2],
      list_mfa_devices: [1, 0],
      tags: ['t0', 't1', 't2', 't3', 't4', 't5', 't6'],
    })
  })
})
