import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { mint } from '../../../packages/server/src/session/index.ts'
import { faultOf, openHouse } from '../iam/house.ts'
import { makeCertificate } from './certificate.ts'
import { authenticator, codes, password } from './material.ts'

const { omen, iam, as, close } = await openHouse()
after(close)

/** A client with a session of AssumeRoot for one task. */
function onTask(task: string) {
  const { house } = omen.omen
  const now = omen.clock.now()
  const { credentials } = mint(
    {
      kind: 'assumedRoot',
      account: house.firstAccount,
      taskPolicyArn: `arn:aws:iam::aws:policy/root-task/${task}`,
      issuedAt: now,
      expiresAt: now + 900_000,
      chain: [],
    },
    house.tokens,
    house.random,
  )
  return as(credentials)
}

suite("root's credentials, by tasks of AssumeRoot (CRED-4)", () => {
  test('a password: made without one, shown, deleted', async () => {
    const maker = onTask('IAMCreateRootUserPassword')
    const { LoginProfile: made } = await maker.createLoginProfile({})
    assert.equal(made?.UserName, undefined)
    assert.deepEqual((await maker.getLoginProfile({})).LoginProfile, made)
    assert.match(await faultOf(maker.createLoginProfile({})), /^EntityAlreadyExists 409/)
    assert.equal((await iam.getAccountSummary({})).SummaryMap?.AccountPasswordPresent, 1)
    assert.match(await faultOf(maker.deleteLoginProfile({})), /^AccessDenied 403/)
    const deleter = onTask('IAMDeleteRootUserCredentials')
    await deleter.deleteLoginProfile({})
    assert.match(await faultOf(deleter.getLoginProfile({})), /^NoSuchEntity 404/)
    assert.match(
      await faultOf(onTask('IAMAuditRootUserCredentials').createLoginProfile({ Password: password })),
      /^AccessDenied 403/,
    )
  })

  test('devices and certificates: listed and taken away', async () => {
    const root = as('root')
    const { VirtualMFADevice: device } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'r' })
    const SerialNumber = device?.SerialNumber
    const code = authenticator(device?.Base32StringSeed)
    await root.enableMFADevice({
      UserName: omen.account,
      SerialNumber,
      ...codes(code, omen.clock.now()),
    })
    const { Certificate } = await root.uploadSigningCertificate({ CertificateBody: makeCertificate('r').pem })
    const auditor = onTask('IAMAuditRootUserCredentials')
    assert.equal((await auditor.listMFADevices({})).MFADevices?.[0]?.SerialNumber, SerialNumber)
    assert.deepEqual((await auditor.listSigningCertificates({})).Certificates, [Certificate])
    const deleter = onTask('IAMDeleteRootUserCredentials')
    await deleter.deactivateMFADevice({ SerialNumber })
    await deleter.deleteSigningCertificate({ CertificateId: Certificate?.CertificateId })
    assert.deepEqual((await auditor.listMFADevices({})).MFADevices, [])
    assert.deepEqual((await auditor.listSigningCertificates({})).Certificates, [])
  })
})
