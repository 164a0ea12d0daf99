import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { allow, bare, faultOf, newKey, openServer } from '../iam/house.ts'
import { makeCertificate } from './certificate.ts'

const { omen, iam, as, close } = await openServer()
after(close)

const root = makeCertificate('root')
const middle = makeCertificate('middle', root)
const until = Date.UTC(2050, 5, 1)
const leaf = makeCertificate('www.example.com', middle, until)
const leafOf = (ServerCertificateName: string) => ({
  ServerCertificateName,
  CertificateBody: leaf.pem,
  PrivateKey: leaf.keyPem,
})

describe('server certificates', () => {
  test('uploaded with a chain, shown, listed, renamed, deleted (CRED-51, CRED-54, CRED-55)', async () => {
    const { ServerCertificateMetadata: made, Tags } = await iam.uploadServerCertificate({
      ...leafOf('Web'),
      Path: '/cloudfront/',
      CertificateChain: middle.pem + root.pem,
      Tags: [{ Key: 'k', Value: 'v' }],
    })
    assert.match(made?.ServerCertificateId ?? '', /^ASCA[A-Z2-7]{17}$/)
    assert.deepEqual(
      [made?.ServerCertificateName, made?.Path, made?.Arn, made?.Expiration?.getTime(), Tags],
      ['Web', '/cloudfront/', arn('cloudfront/Web'), until, [{ Key: 'k', Value: 'v' }]],
    )
    assert.deepEqual((await iam.getServerCertificate({ ServerCertificateName: 'web' })).ServerCertificate, {
      ServerCertificateMetadata: made,
      CertificateBody: leaf.pem.trim(),
      CertificateChain: (middle.pem + root.pem).trim(),
      Tags,
    })
    await iam.uploadServerCertificate(leafOf('plain'))
    assert.equal(
      (await iam.getServerCertificate({ ServerCertificateName: 'plain' })).ServerCertificate
        ?.CertificateChain,
      undefined,
    )
    const { ServerCertificateMetadataList: listed } = await iam.listServerCertificates({
      PathPrefix: '/cloud',
    })
    assert.deepEqual(listed, [made])
    assert.equal((await iam.getAccountSummary({})).SummaryMap?.ServerCertificates, 2)
    await iam.updateServerCertificate({
      ServerCertificateName: 'Web',
      NewServerCertificateName: 'site',
      NewPath: '/',
    })
    const { ServerCertificate: moved } = await iam.getServerCertificate({ ServerCertificateName: 'site' })
    assert.equal(moved?.ServerCertificateMetadata?.Arn, arn('site'))
    assert.equal(
      await faultOf(
        iam.updateServerCertificate({ ServerCertificateName: 'site', NewServerCertificateName: 'PLAIN' }),
      ),
      'EntityAlreadyExists 409: The Server Certificate with name PLAIN already exists.',
    )
    await iam.deleteServerCertificate({ ServerCertificateName: 'site' })
    assert.equal(
      await faultOf(iam.getServerCertificate({ ServerCertificateName: 'Web' })),
      'NoSuchEntity 404: The Server Certificate with name Web cannot be found.',
    )
  })

  test('only what is in force is taken (CRED-56)', async () => {
    const why = ({ pem, keyPem }: ReturnType<typeof makeCertificate>) =>
      faultOf(
        iam.uploadServerCertificate({
          ServerCertificateName: 'early',
          CertificateBody: pem,
          PrivateKey: keyPem,
        }),
      )
    const parse =
      'MalformedCertificate 400: Unable to parse certificate. Please ensure the certificate is in PEM format.'
    assert.equal(await why(makeCertificate('past', undefined, Date.UTC(2021, 0, 1))), parse)
    assert.equal(
      await why(makeCertificate('to come', undefined, Date.UTC(2099, 0, 1), Date.UTC(2098, 0, 1))),
      parse,
    )
  })

  test('what does not fit together (CRED-50 to CRED-52)', async () => {
    const why = (given: object) => faultOf(iam.uploadServerCertificate({ ...leafOf('bad'), ...given }))
    const parse =
      'MalformedCertificate 400: Unable to parse certificate. Please ensure the certificate is in PEM format.'
    const chain =
      'MalformedCertificate 400: Unable to validate certificate chain. The certificate chain must start with the immediate signing certificate, followed by any intermediaries in order.'
    const at = (index: number) =>
      `${chain} The index within the chain of the invalid certificate is: ${index}`
    assert.equal(await why({ CertificateBody: 'text' }), parse)
    assert.equal(await why({ PrivateKey: 'text' }), parse)
    assert.match(await why({ PrivateKey: root.keyPem }), /^KeyPairMismatch 400/)
    assert.equal(await why({ CertificateChain: root.pem + middle.pem }), at(-1))
    assert.equal(await why({ CertificateChain: middle.pem + leaf.pem }), at(0))
    assert.equal(await why({ CertificateChain: `Certificate:\n${middle.pem}` }), chain)
    const impostor = makeCertificate('middle')
    assert.equal(await why({ CertificateChain: impostor.pem }), at(-1), 'the name alone')
    assert.match(await faultOf(iam.getServerCertificate({ ServerCertificateName: 'bad' })), /^NoSuchEntity/)
  })

  test('twenty an account (IAM-30, IAM-31)', async () => {
    const { ServerCertificateMetadataList: before } = await iam.listServerCertificates({})
    for (let n = before?.length ?? 0; n < 20; n++) await iam.uploadServerCertificate(leafOf(`n${n}`))
    assert.equal(
      await faultOf(iam.uploadServerCertificate(leafOf('more'))),
      'LimitExceeded 409: Cannot exceed quota for ServerCertificatesPerAccount: 20',
    )
    assert.equal(
      await faultOf(iam.uploadServerCertificate(leafOf('PLAIN'))),
      'EntityAlreadyExists 409: The Server Certificate with name PLAIN already exists.',
    )
  })

  test('tags, and who may by them (CRED-2)', async () => {
    const ServerCertificateName = 'plain'
    await iam.tagServerCertificate({ ServerCertificateName, Tags: [{ Key: 'team', Value: 'web' }] })
    assert.deepEqual(bare(await iam.listServerCertificateTags({ ServerCertificateName })).Tags, [
      { Key: 'team', Value: 'web' },
    ])
    await iam.createUser({ UserName: 'webber' })
    const own = { StringEquals: { 'aws:ResourceTag/team': 'web' } }
    const PolicyDocument = allow('iam:GetServerCertificate', '*', own)
    await iam.putUserPolicy({ UserName: 'webber', PolicyName: 'own', PolicyDocument })
    const webber = as(await newKey(iam, 'webber'))
    await webber.getServerCertificate({ ServerCertificateName })
    await iam.untagServerCertificate({ ServerCertificateName, TagKeys: ['team'] })
    assert.match(await faultOf(webber.getServerCertificate({ ServerCertificateName })), /^AccessDenied 403/)
  })

  test('no private key is kept in the clear (CRED-54)', async () => {
    const { deps } = omen.omen
    const kept = JSON.stringify(await deps.directory.store.loadAccount(deps.firstAccount))
    assert(kept.includes('BEGIN CERTIFICATE') && !kept.includes('PRIVATE KEY'))
  })
})

function arn(rest: string): string {
  return `arn:aws:iam::123456789012:server-certificate/${rest}`
}
