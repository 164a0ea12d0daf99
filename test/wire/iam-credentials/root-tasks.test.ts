import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { mint } from '../../../packages/server/src/session/index.ts'
import { faultOf, openServer } from '../iam/house.ts'
import { makeCertificate } from './certificate.ts'
import { authenticator, codes, password } from './material.ts'

const { omen, iam, as, close } = await openServer()
after(close)

/** A client with a session of AssumeRoot for one task. */
function onTask(task: string) {
  const { deps } = omen.omen
  const now = omen.clock.now()
  const { credentials } = mint(
    {
      kind: 'assumedRoot',
      account: deps.firstAccount,
      taskPolicyArn: `arn:aws:iam::aws:policy/root-task/${task}`,
      issuedAt: now,
      expiresAt: now + 900_000,
      chain: [],
    },
    deps.tokens,
    deps.random,
  )
  return as(credentials)
}

describe("root's credentials, by tasks of AssumeRoot (CRED-4)", () => {
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
    await iam.createUser({ UserName: 'ann' })
    const { VirtualMFADevice: anns } = await iam.createVirtualMFADevice({ VirtualMFADeviceName: 'ann' })
    await iam.enableMFADevice({
      UserName: 'ann',
      SerialNumber: anns?.SerialNumber,
      ...codes(authenticator(anns?.Base32StringSeed), omen.clock.now()),
    })
    const deleting = deleter.deleteVirtualMFADevice({ SerialNumber: anns?.SerialNumber })
    assert.match(await faultOf(deleting), /^AccessDenied 403/)
    await deleter.deleteVirtualMFADevice({ SerialNumber })
    assert.deepEqual(
      (await iam.listVirtualMFADevices({})).VirtualMFADevices?.map((each) => each.User?.UserName),
      ['ann'],
    )
  })

  test('root itself and its keys: shown and deleted, no user’s', async () => {
    const root = as('root')
    const { AccessKey: key } = await root.createAccessKey({})
    const AccessKeyId = key?.AccessKeyId
    const auditor = onTask('IAMAuditRootUserCredentials')
    assert.equal((await auditor.getUser({})).User?.Arn, `arn:aws:iam::${omen.account}:root`)
    const { AccessKeyMetadata: listed } = await auditor.listAccessKeys({})
    assert.equal(listed?.find((each) => each.AccessKeyId === AccessKeyId)?.UserName, undefined)
    assert.equal((await auditor.getAccessKeyLastUsed({ AccessKeyId })).AccessKeyLastUsed?.ServiceName, 'N/A')
    await iam.createUser({ UserName: 'bea' })
    assert.match(await faultOf(auditor.listAccessKeys({ UserName: 'bea' })), /^AccessDenied 403/)
    assert.match(await faultOf(auditor.getUser({ UserName: 'bea' })), /^AccessDenied 403/)
    assert.match(await faultOf(auditor.deleteAccessKey({ AccessKeyId })), /^AccessDenied 403/)
    await onTask('IAMDeleteRootUserCredentials').deleteAccessKey({ AccessKeyId })
    const left = (await root.listAccessKeys({})).AccessKeyMetadata?.map((each) => each.AccessKeyId)
    assert.equal(left?.includes(AccessKeyId), false)
  })
})
