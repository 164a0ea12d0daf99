import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { asked, requestsOf, type Sent, unknownOf } from './asked.ts'

const s3 = (line: string, headers: Readonly<Record<string, string>> = {}, body = ''): Sent => ({
  scope: 's3',
  line,
  headers,
  body,
})

const rows: readonly (readonly [Sent, readonly string[]])[] = [
  [s3('GET /'), ['s3:ListAllMyBuckets s3:*']],
  [s3('PUT /b'), ['s3:CreateBucket s3:b']],
  [s3('PUT /b', { 'x-amz-acl': 'private' }), ['s3:CreateBucket s3:b', 's3:PutBucketAcl s3:b']],
  [s3('DELETE /b'), ['s3:DeleteBucket s3:b']],
  [s3('HEAD /b'), ['s3:ListBucket s3:b']],
  [s3('GET /b'), ['s3:ListBucket s3:b']],
  [s3('GET /b?list-type=2'), ['s3:ListBucket s3:b']],
  [s3('GET /b?versions'), ['s3:ListBucketVersions s3:b']],
  [s3('GET /b?uploads'), ['s3:ListBucketMultipartUploads s3:b']],
  [s3('PUT /b?cors'), ['s3:PutBucketCORS s3:b']],
  [s3('PUT /b?encryption'), ['s3:PutEncryptionConfiguration s3:b']],
  [s3('DELETE /b?lifecycle'), ['s3:PutLifecycleConfiguration s3:b']],
  [s3('GET /b?publicAccessBlock'), ['s3:GetBucketPublicAccessBlock s3:b']],
  [s3('GET /b?policy'), ['s3:GetBucketPolicy s3:b']],
  [s3('GET /b/a/k'), ['s3:GetObject s3:b/a/k']],
  [s3('HEAD /b/k'), ['s3:GetObject s3:b/k']],
  [s3('GET /b/k?versionId=v'), ['s3:GetObjectVersion s3:b/k']],
  [s3('GET /b/k?attributes'), ['s3:GetObject s3:b/k', 's3:GetObjectAttributes s3:b/k']],
  [s3('GET /b/k?tagging'), ['s3:GetObjectTagging s3:b/k']],
  [s3('GET /b/k?tagging&versionId=v'), ['s3:GetObjectVersionTagging s3:b/k']],
  [s3('POST /b/k?select&select-type=2'), ['s3:GetObject s3:b/k']],
  [s3('PUT /b/k'), ['s3:PutObject s3:b/k']],
  [s3('PUT /b/k', { 'x-amz-tagging': 'a=1' }), ['s3:PutObject s3:b/k', 's3:PutObjectTagging s3:b/k']],
  [s3('PUT /b/k', { 'x-amz-acl': 'public-read' }), ['s3:PutObject s3:b/k', 's3:PutObjectAcl s3:b/k']],
  [
    s3('PUT /b/k', { 'x-amz-object-lock-mode': 'GOVERNANCE', 'x-amz-object-lock-legal-hold': 'ON' }),
    ['s3:PutObject s3:b/k', 's3:PutObjectRetention s3:b/k', 's3:PutObjectLegalHold s3:b/k'],
  ],
  [s3('PUT /b/k', { 'x-amz-copy-source': '/c/x%20y' }), ['s3:GetObject s3:c/x y', 's3:PutObject s3:b/k']],
  [
    s3('PUT /b/k', { 'x-amz-copy-source': 'c/x?versionId=7' }),
    ['s3:GetObjectVersion s3:c/x', 's3:PutObject s3:b/k'],
  ],
  [s3('POST /b/k?uploads'), ['s3:PutObject s3:b/k']],
  [s3('PUT /b/k?partNumber=1&uploadId=u'), ['s3:PutObject s3:b/k']],
  [s3('POST /b/k?uploadId=u'), ['s3:PutObject s3:b/k']],
  [s3('DELETE /b/k?uploadId=u'), ['s3:AbortMultipartUpload s3:b/k']],
  [s3('GET /b/k?uploadId=u'), ['s3:ListMultipartUploadParts s3:b/k']],
  [
    s3('PUT /b/k?partNumber=1&uploadId=u', { 'x-amz-copy-source': '/c/x' }),
    ['s3:GetObject s3:c/x', 's3:PutObject s3:b/k'],
  ],
  [s3('DELETE /b/k'), ['s3:DeleteObject s3:b/k']],
  [s3('DELETE /b/k?versionId=v'), ['s3:DeleteObjectVersion s3:b/k']],
  [s3('DELETE /b/k', { 'x-amz-bypass-governance-retention': 'false' }), ['s3:DeleteObject s3:b/k']],
  [
    s3('DELETE /b/k', { 'x-amz-bypass-governance-retention': 'True' }),
    ['s3:DeleteObject s3:b/k', 's3:BypassGovernanceRetention s3:b/k'],
  ],
  [
    s3('DELETE /b/k', { 'x-amz-bypass-governance-retention': 'true' }),
    ['s3:DeleteObject s3:b/k', 's3:BypassGovernanceRetention s3:b/k'],
  ],
  [
    s3(
      'POST /b?delete',
      {},
      '<Delete><Object><Key>1</Key></Object><Object><Key>2</Key><VersionId>v</VersionId></Object></Delete>',
    ),
    ['s3:DeleteObject s3:b/1', 's3:DeleteObjectVersion s3:b/2'],
  ],
  [s3('PUT /b/k?retention'), ['s3:PutObjectRetention s3:b/k']],
  [s3('POST /b/k?restore'), ['s3:RestoreObject s3:b/k']],
  [
    s3('PUT /b/k', { 'x-amz-copy-source': 'c/x+y' }),
    ['s3:GetObject s3:c/x+y', 's3:GetObject s3:c/x y', 's3:PutObject s3:b/k'],
  ],
  // A key that looks like an ARN is a key.
  [s3('GET /b/arn:aws:s3:::other/k'), ['s3:GetObject s3:b/arn:aws:s3:::other/k']],
  [
    s3('PUT /v20180820/configuration/publicAccessBlock', { 'x-amz-account-id': '111122223333' }),
    ['s3:PutAccountPublicAccessBlock *'],
  ],
]

describe('what S3 asks (behaviours GRD-10, GRD-14)', () => {
  for (const [sent, expected] of rows) {
    const headers = Object.keys(sent.headers ?? {}).join(' ')
    test(`${sent.line} ${headers}`, () => assert.deepEqual(asked(sent), expected))
  }

  test('an access point is asked by its own ARN', () => {
    const host = 'point-111122223333.s3-accesspoint.eu-west-1.amazonaws.com'
    assert.deepEqual(asked(s3('GET /k', { host })), ['s3:GetObject s3:accesspoint/point/object/k'])
    assert.deepEqual(asked(s3('GET /?list-type=2', { host })), ['s3:ListBucket s3:accesspoint/point'])
  })

  test('condition keys come from the query, the headers and the tags (behaviour GRD-14)', () => {
    const [list] = requestsOf(s3('GET /b?list-type=2&prefix=a%2F&delimiter=%2F&max-keys=5'))
    assert.partialDeepStrictEqual(list?.context, {
      's3:prefix': 'a/',
      's3:delimiter': '/',
      's3:max-keys': '5',
    })
    const [put] = requestsOf(
      s3('PUT /b/k', { 'x-amz-tagging': 'team=red&x=y%20z', 'x-amz-server-side-encryption': 'aws:kms' }),
    )
    assert.partialDeepStrictEqual(put?.context, {
      's3:x-amz-server-side-encryption': 'aws:kms',
      's3:RequestObjectTag/team': 'red',
      's3:RequestObjectTag/x': 'y z',
      's3:RequestObjectTagKeys': ['team', 'x'],
      's3:authType': 'REST-HEADER',
    })
    const [get] = requestsOf(s3('GET /b/k?versionId=7'))
    assert.equal(get?.context?.['s3:versionid'], '7')
    const body = '<Tagging><TagSet><Tag><Key>a</Key><Value>1</Value></Tag></TagSet></Tagging>'
    const [tag] = requestsOf(s3('PUT /b/k?tagging', {}, body))
    assert.equal(tag?.context?.['s3:RequestObjectTag/a'], '1')
  })

  test('what cannot be read is not known', () => {
    assert.match(unknownOf(s3('POST /b?delete', {}, '<Delete>')), /no XML/)
    assert.match(unknownOf(s3('POST /b?delete')), /not known/)
    const blank = '<Delete><Object><Key> k</Key></Object></Delete>'
    assert.match(unknownOf(s3('POST /b?delete', {}, blank)), /has blanks around it/)
    for (const end of ['\x85', '&#x85;', '&#x1f;'])
      assert.match(unknownOf(s3('POST /b?delete', {}, blank.replace(' k', `k${end}`))), /blanks around it/)
    const latin = '<?xml version="1.0" encoding="iso-8859-1"?><Delete><Object><Key>k</Key></Object></Delete>'
    assert.match(unknownOf(s3('POST /b?delete', {}, latin)), /no XML/)
    assert.match(unknownOf(s3('PUT /b/k', { 'x-amz-copy-source': '//c/x' })), /names no object/)
    assert.match(unknownOf(s3('GET /b/k?versionId=1&versionId=2')), /more than once/)
  })
})
