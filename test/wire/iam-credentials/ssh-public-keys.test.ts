import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { faultOf, openServer } from '../iam/house.ts'
import { sshRsa } from './material.ts'

const { iam, as, close } = await openServer()
after(close)
const UserName = 'ada'
await iam.createUser({ UserName })
const upload = (SSHPublicKeyBody: string, user = UserName) =>
  iam.uploadSSHPublicKey({ UserName: user, SSHPublicKeyBody })

describe('SSH public keys', () => {
  test('uploaded, shown in either form, put to rest, deleted (CRED-40, CRED-42)', async () => {
    const key = sshRsa()
    const body = `${key.text} ada@example.com`
    const { SSHPublicKey: made } = await upload(body)
    assert.match(made?.SSHPublicKeyId ?? '', /^APKA[A-Z2-7]{16}$/)
    assert.deepEqual([made?.UserName, made?.Status, made?.SSHPublicKeyBody], [UserName, 'Active', body])
    const md5 = createHash('md5').update(key.blob).digest('hex')
    assert.equal(made?.Fingerprint?.replaceAll(':', ''), md5)
    assert.match(made?.Fingerprint ?? '', /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/)
    const SSHPublicKeyId = made?.SSHPublicKeyId
    const shown = async (Encoding: 'SSH' | 'PEM') =>
      (await iam.getSSHPublicKey({ UserName, SSHPublicKeyId, Encoding })).SSHPublicKey?.SSHPublicKeyBody
    assert.equal(await shown('SSH'), key.text)
    assert.equal(await shown('PEM'), key.pem)
    assert.match(
      await faultOf(iam.getSSHPublicKey({ UserName, SSHPublicKeyId, Encoding: 'DER' as 'PEM' })),
      /^ValidationError 400/,
    )
    assert.match(await faultOf(upload(key.pem)), /^DuplicateSSHPublicKey 400/)
    await iam.createUser({ UserName: 'also' })
    await upload(key.pem, 'also')
    await iam.updateSSHPublicKey({ UserName, SSHPublicKeyId, Status: 'Inactive' })
    const { SSHPublicKeys: listed } = await iam.listSSHPublicKeys({ UserName })
    assert.deepEqual(
      listed?.map((each) => [each.SSHPublicKeyId, each.Status]),
      [[SSHPublicKeyId, 'Inactive']],
    )
    assert.deepEqual(Object.keys(listed?.[0] ?? {}).sort(), [
      'SSHPublicKeyId',
      'Status',
      'UploadDate',
      'UserName',
    ])
    assert.match(
      await faultOf(iam.updateSSHPublicKey({ UserName, SSHPublicKeyId, Status: 'Expired' })),
      /^InvalidInput/,
    )
    assert.equal(
      await faultOf(iam.deleteUser({ UserName })),
      'DeleteConflict 409: Cannot delete entity, must remove referenced objects first.',
    )
    await iam.deleteSSHPublicKey({ UserName, SSHPublicKeyId })
    assert.equal(
      await faultOf(iam.deleteSSHPublicKey({ UserName, SSHPublicKeyId })),
      `NoSuchEntity 404: The SSH Public Key with id ${SSHPublicKeyId} cannot be found.`,
    )
  })

  test("another user's key is not found under one's name", async () => {
    await iam.createUser({ UserName: 'other' })
    const { SSHPublicKey: made } = await upload(sshRsa().text, 'other')
    assert.match(
      await faultOf(iam.deleteSSHPublicKey({ UserName, SSHPublicKeyId: made?.SSHPublicKeyId })),
      /^NoSuchEntity/,
    )
  })

  test('what is no key, or no good one (CRED-40)', async () => {
    const unrecognized = 'UnrecognizedPublicKeyEncoding 400: Invalid public key uploaded.'
    const { text, pem, blob } = sshRsa()
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    assert.equal(await faultOf(upload('ada')), unrecognized)
    assert.equal(await faultOf(upload('ssh-rsa')), unrecognized)
    assert.equal(
      await faultOf(upload(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString())),
      unrecognized,
    )
    const cut = (length: number) => `ssh-rsa ${blob.subarray(0, length).toString('base64')}`
    const longer = Buffer.concat([blob, Buffer.alloc(4)])
    const unsound = [
      cut(blob.length - 1),
      cut(7),
      'ssh-rsa AAAA',
      `ssh-rsa ${Buffer.from('ffffffff00', 'hex').toString('base64')}`,
      `ssh-rsa ${longer.toString('base64')}`,
      text.replace('ssh-rsa', 'ssh-ed25519'),
      pem.replace('MII', 'MIX'),
      publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      sshRsa(1_024).text,
    ]
    for (const each of unsound) assert.match(await faultOf(upload(each)), /^InvalidPublicKey 400/, each)
  })

  test('five a user (IAM-30, IAM-31)', async () => {
    await iam.createUser({ UserName: 'full' })
    for (let n = 0; n < 5; n++) await upload(sshRsa().text, 'full')
    assert.equal(
      await faultOf(upload(sshRsa().text, 'full')),
      'LimitExceeded 409: Cannot exceed quota for SSHPublicKeysPerUser: 5',
    )
  })

  test("root has none: listing without a name requires a user's key", async () => {
    assert.match(await faultOf(as('root').listSSHPublicKeys({})), /^ValidationError 400/)
  })
})
