import assert from 'node:assert/strict'
import { test } from 'node:test'
import { x509Signer } from '../../packages/server/src/wire/sigv4/index.ts'

const publishedCertificate =
  'MIICxjCCAkygAwIBAgIBAzAKBggqhkjOPQQDAjBQMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMRswGQYDVQQDDBJFbnRlcnByaXNlIFJvb3QgQ0EwHhcNMjQwNzA2MTM1NDM4WhcNMzQwNzA2MTM1NDM4WjBTMQswCQYDVQQGEwJVUzEPMA0GA1UECgwGR29vZ2xlMRMwEQYDVQQLDApFbnRlcnByaXNlMR4wHAYDVQQDDBVhbGljZS1jZXJ0LmRvbWFpbi5jb20wdjAQBgcqhkjOPQIBBgUrgQQAIgNiAAQyphA+fjw2izjBi/1DbhmdU7GdlwH8kAsnmsnz6ZAEI1SmGHPq+p+GU5B6kxxEUV9HIK9NKrUHmgq57nMK8hURUNgvZO1g4lm3NCOmwxiWdhpUVwebj9EIkXo5hGjAq0yjgfYwgfMwDgYDVR0PAQH/BAQDAgeAMAkGA1UdEwQCMAAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0OBBYEFIgAM2YwMfgPo08j4fO4HSjxtLkDMB8GA1UdIwQYMBaAFDbwo13LgAyeM5VcrAzwf+Bvt4C5MEUGCCsGAQUFBwEBBDkwNzA1BggrBgEFBQcwAoYpaHR0cDovL3BraS5lc29kZW1vYXBwMi5jb20vY2Evcm9vdC1jYS5jZXIwOgYDVR0fBDMwMTAvoC2gK4YpaHR0cDovL3BraS5lc29kZW1vYXBwMi5jb20vY2Evcm9vdC1jYS5jcmwwCgYIKoZIzj0EAwIDaAAwZQIwZt7SNQq5I5NaWRSetokyWveXDoJXP+Qy51aUtR92NGBTFDMdJ+Kav5Ak+A9JaukwAjEAz/f5gpyVDsHFOpIgA+ebloEoUHOJgYQTB/BBMksRg5aPssVHvSEWcXymhXH0NBh6'
const publishedSignature =
  '3065023100cacc4b06cc8de2a5a11daf3e0a03423da6b7ad17dc4f54cbafe0102824f36c65ed6c04554e5864f31eea0f4b0d2c496d02302f600f65512e17a454a9b10b5b0aaf2882a37cc4bab3e14c0ee3c627b5f02bbe457126471c186712e4650e2bbe6db273'

test('a request of aws_signing_helper that was published is signed as it says (RAN-10)', () => {
  const date = Date.UTC(2024, 6, 6, 14, 30, 4)
  const rawQuery = [
    'profile/6f4943fb-13d4-4242-89c4-be367595c380',
    'iam',
    'trust-anchor/1cb4e36e-e4ad-4bbb-9b37-fdafb2cbe4fe',
  ]
    .map((part, index) => {
      const name = ['profileArn', 'roleArn', 'trustAnchorArn'][index]
      const arn =
        part === 'iam'
          ? 'arn:aws:iam::291738886548:role/rolesanywhere1'
          : `arn:aws:rolesanywhere:us-east-2:291738886548:${part}`
      return `${name}=${encodeURIComponent(arn)}`
    })
    .join('&')
  const headers = {
    host: '127.0.0.1:8080',
    'content-type': 'application/json',
    'x-amz-date': '20240706T143004Z',
    'x-amz-x509': publishedCertificate,
    authorization: `AWS4-X509-ECDSA-SHA256 Credential=3/20240706/us-east-2/rolesanywhere/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-x509, Signature=${publishedSignature}`,
  }
  const bodies = [
    '{"durationSeconds":3600}',
    '{"durationSeconds":900}',
    '{}',
    '',
    '{"durationSeconds":3600,"roleSessionName":null}',
  ]
  const results = bodies.map((body) =>
    x509Signer(
      {
        method: 'POST',
        rawPath: '/sessions',
        rawQuery,
        headers,
        body: Buffer.from(body),
        remoteAddress: '',
        secure: false,
      },
      date,
    ),
  )
  assert.ok(
    results.some((result) => typeof result !== 'string'),
    JSON.stringify(results),
  )
})
