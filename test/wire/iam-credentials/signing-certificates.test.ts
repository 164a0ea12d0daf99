import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { faultOf, openServer } from '../iam/house.ts'
import { makeCertificate } from './certificate.ts'

const { iam, as, close } = await openServer()
after(close)

const malformed =
  'MalformedCertificate 400: Unable to parse certificate. Please ensure the certificate is in PEM format.'

describe('signing certificates', () => {
  test('uploaded, listed, put to rest, deleted (CRED-41)', async () => {
    const UserName = 'ada'
    await iam.createUser({ UserName })
    const CertificateBody = `${makeCertificate('one').pem.trim()}\n`
    const { Certificate: made } = await iam.uploadSigningCertificate({ UserName, CertificateBody })
    assert.match(made?.CertificateId ?? '', /^[A-Z2-7]{32}$/)
    assert.deepEqual(
      [made?.UserName, made?.Status, made?.CertificateBody],
      [UserName, 'Active', `${CertificateBody.trim()}\n`],
    )
    const { CertificateId } = made ?? {}
    assert.deepEqual((await iam.listSigningCertificates({ UserName })).Certificates, [made])
    assert.match(
      await faultOf(iam.uploadSigningCertificate({ UserName, CertificateBody })),
      /^DuplicateCertificate 409/,
    )
    assert.match(
      await faultOf(iam.uploadSigningCertificate({ UserName: 'admin', CertificateBody })),
      /^DuplicateCertificate 409/,
    )
    await iam.updateSigningCertificate({ UserName, CertificateId, Status: 'Inactive' })
    assert.equal((await iam.listSigningCertificates({ UserName })).Certificates?.[0]?.Status, 'Inactive')
    await iam.uploadSigningCertificate({ UserName, CertificateBody: makeCertificate('two').pem })
    assert.equal(
      await faultOf(
        iam.uploadSigningCertificate({ UserName, CertificateBody: makeCertificate('three').pem }),
      ),
      'LimitExceeded 409: Cannot exceed quota for CertificatesPerUser: 2',
    )
    assert.equal(
      await faultOf(iam.deleteUser({ UserName })),
      'DeleteConflict 409: Cannot delete entity, must delete certificates first.',
    )
    assert.match(
      await faultOf(iam.deleteSigningCertificate({ UserName: 'admin', CertificateId })),
      /^NoSuchEntity/,
    )
    await iam.deleteSigningCertificate({ UserName, CertificateId })
    assert.equal(
      await faultOf(iam.deleteSigningCertificate({ UserName, CertificateId })),
      `NoSuchEntity 404: The Certificate with id ${CertificateId} cannot be found.`,
    )
  })

  test('what is no certificate (CRED-50)', async () => {
    const { pem, keyPem } = makeCertificate('whole')
    for (const CertificateBody of [
      'text',
      keyPem,
      pem.slice(0, -30),
      pem + pem,
      `see: ${pem}`,
      pem.replace('MII', 'MIX'),
    ]) {
      assert.equal(await faultOf(iam.uploadSigningCertificate({ CertificateBody })), malformed)
    }
  })

  test("root's own, without a name (CRED-1)", async () => {
    const root = as('root')
    const { Certificate: made } = await root.uploadSigningCertificate({
      CertificateBody: makeCertificate('root').pem,
    })
    assert.equal(made?.UserName, undefined)
    assert.deepEqual((await root.listSigningCertificates({})).Certificates, [made])
    assert.equal((await iam.getAccountSummary({})).SummaryMap?.AccountSigningCertificatesPresent, 1)
    await root.updateSigningCertificate({ CertificateId: made?.CertificateId, Status: 'Inactive' })
    await root.deleteSigningCertificate({ CertificateId: made?.CertificateId })
    assert.deepEqual((await root.listSigningCertificates({})).Certificates, [])
  })
})
