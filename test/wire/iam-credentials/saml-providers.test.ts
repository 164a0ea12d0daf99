import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { findSamlProvider } from '../../../packages/server/src/directory/index.ts'
import { bare, faultOf, openServer, trust } from '../iam/house.ts'
import { makeCertificate } from './certificate.ts'
import { samlMetadata } from './material.ts'

const { omen, iam, close } = await openServer()
after(close)

const certificate = makeCertificate('idp.example.com')
const SAMLMetadataDocument = samlMetadata(certificate)
const arn = (name: string) => `arn:aws:iam::123456789012:saml-provider/${name}`
const privateKey = () =>
  generateKeyPairSync('rsa', { modulusLength: 2_048 })
    .privateKey.export({ type: 'pkcs8', format: 'pem' })
    .toString()

describe('SAML providers', () => {
  test('created, shown, listed, changed, deleted (CRED-71, CRED-72, IAM-TAG-5)', async () => {
    const made = await iam.createSAMLProvider({
      Name: 'Corp',
      SAMLMetadataDocument,
      Tags: [
        { Key: 'z', Value: 'w' },
        { Key: 'k', Value: 'v' },
      ],
    })
    const Tags = [
      { Key: 'k', Value: 'v' },
      { Key: 'z', Value: 'w' },
    ]
    assert.deepEqual(bare(made), { SAMLProviderArn: arn('Corp'), Tags })
    const SAMLProviderArn = arn('Corp')
    const shown = bare(await iam.getSAMLProvider({ SAMLProviderArn }))
    assert.match(shown.SAMLProviderUUID ?? '', /^[A-Z0-9]{22,64}$/)
    assert.equal(shown.SAMLMetadataDocument, SAMLMetadataDocument)
    const century = new Date(shown.CreateDate ?? 0)
    century.setUTCFullYear(century.getUTCFullYear() + 100)
    assert.equal(shown.ValidUntil?.toISOString(), century.toISOString())
    assert.deepEqual(
      [shown.Tags, shown.PrivateKeyList, shown.AssertionEncryptionMode],
      [made.Tags, undefined, undefined],
    )
    const { CreateDate, ValidUntil } = shown
    assert.deepEqual((await iam.listSAMLProviders({})).SAMLProviderList, [
      { Arn: SAMLProviderArn, CreateDate, ValidUntil },
    ])
    assert.match(
      await faultOf(iam.createSAMLProvider({ Name: 'CORP', SAMLMetadataDocument })),
      /^EntityAlreadyExists 409/,
    )
    const until = samlMetadata(certificate, ' validUntil="2040-01-02T03:04:05Z"')
    const changed = bare(await iam.updateSAMLProvider({ SAMLProviderArn, SAMLMetadataDocument: until }))
    assert.deepEqual(changed, { SAMLProviderArn })
    assert.equal(
      (await iam.getSAMLProvider({ SAMLProviderArn })).ValidUntil?.toISOString(),
      '2040-01-02T03:04:05.000Z',
    )
    assert.equal((await iam.getAccountSummary({})).SummaryMap?.Providers, 1)
    await iam.deleteSAMLProvider({ SAMLProviderArn })
    for (const gone of [
      iam.getSAMLProvider({ SAMLProviderArn }),
      iam.deleteSAMLProvider({ SAMLProviderArn }),
    ]) {
      assert.equal(await faultOf(gone), `NoSuchEntity 404: Manifest not found for arn ${SAMLProviderArn}`)
    }
    assert.match(
      await faultOf(iam.getSAMLProvider({ SAMLProviderArn: 'x'.repeat(20) })),
      /^ValidationError 400: Invalid ARN/,
    )
  })

  test('the metadata’s content is kept for the check of assertions (CRED-70)', async () => {
    await iam.createSAMLProvider({ Name: 'told', SAMLMetadataDocument })
    const account = (await omen.omen.deps.directory.find(omen.omen.deps.firstAccount)) ?? assert.fail()
    const provider = findSamlProvider(account, arn('told'))
    assert.equal(provider?.entityId, 'https://idp.example.com/saml')
    assert.deepEqual(provider?.signingCertificates, [certificate.der.toString('base64')])
    assert.equal(findSamlProvider(account, arn('TOLD')), undefined)
  })

  test('metadata that are none (CRED-70)', async () => {
    const why = (text: string) => faultOf(iam.createSAMLProvider({ Name: 'bad', SAMLMetadataDocument: text }))
    const unread = 'InvalidInput 400: Could not parse metadata'
    const base64 = certificate.der.toString('base64')
    for (const text of [
      'text '.repeat(300),
      `${SAMLMetadataDocument.slice(0, -5)}     `,
      SAMLMetadataDocument.replace(/EntityDescriptor/g, 'EntitiesDescriptor'),
      SAMLMetadataDocument.replace('entityID', 'entityId'),
      SAMLMetadataDocument.replace(/IDPSSODescriptor/g, 'SPSSODescriptor'),
      SAMLMetadataDocument.replace('use="signing"', 'use="encryption"'),
      SAMLMetadataDocument.replace(base64, Buffer.from(base64).toString('base64')),
      SAMLMetadataDocument.replace('entityID=', 'validUntil="soon" entityID='),
      SAMLMetadataDocument.replace('<md:Entity', '<!DOCTYPE x [<!ENTITY e "e">]><md:Entity'),
      '<a>'.repeat(5_000),
    ]) {
      assert.equal(await why(text), unread, text.slice(0, 200))
    }
    assert.match(await why('<short/>'), /^ValidationError 400/)
  })

  test('private keys: two at most, changed in one call, never returned (CRED-73)', async () => {
    const { SAMLProviderArn } = await iam.createSAMLProvider({
      Name: 'sealed',
      SAMLMetadataDocument,
      AssertionEncryptionMode: 'Required',
      AddPrivateKey: privateKey(),
    })
    const keys = async () => (await iam.getSAMLProvider({ SAMLProviderArn })).PrivateKeyList ?? []
    const [first] = await keys()
    assert.match(first?.KeyId ?? '', /^[A-Z0-9]{22,64}$/)
    assert.deepEqual(Object.keys(first ?? {}).sort(), ['KeyId', 'Timestamp'])
    const update = (given: object) => iam.updateSAMLProvider({ SAMLProviderArn, ...given })
    assert.match(
      await faultOf(update({ RemovePrivateKey: first?.KeyId })),
      /^InvalidInput 400/,
      'it is required',
    )
    await update({ AddPrivateKey: privateKey() })
    assert.match(await faultOf(update({ AddPrivateKey: privateKey() })), /^LimitExceeded 409/)
    await update({ AddPrivateKey: privateKey(), RemovePrivateKey: first?.KeyId })
    assert.equal((await keys()).length, 2)
    assert(!(await keys()).some((key) => key.KeyId === first?.KeyId))
    assert.match(await faultOf(update({ RemovePrivateKey: first?.KeyId })), /^NoSuchEntity 404/)
    const [oldest] = await keys()
    const unread = update({ AddPrivateKey: 'text', RemovePrivateKey: oldest?.KeyId })
    assert.match(await faultOf(unread), /^InvalidInput 400/)
    assert.deepEqual((await keys())[0], oldest, 'a failed call leaves all as it was')
    await update({ AssertionEncryptionMode: 'Allowed' })
    assert.equal((await iam.getSAMLProvider({ SAMLProviderArn })).AssertionEncryptionMode, 'Allowed')
    const { deps } = omen.omen
    const kept = JSON.stringify(await deps.directory.store.loadAccount(deps.firstAccount))
    assert(!kept.includes('PRIVATE KEY'))
    assert.match(
      await faultOf(
        iam.createSAMLProvider({ Name: 'open', SAMLMetadataDocument, AssertionEncryptionMode: 'Required' }),
      ),
      /^InvalidInput 400/,
    )
  })

  test('tags', async () => {
    const { SAMLProviderArn } = await iam.createSAMLProvider({ Name: 'tagged', SAMLMetadataDocument })
    await iam.tagSAMLProvider({
      SAMLProviderArn,
      Tags: [
        { Key: 'b', Value: '2' },
        { Key: 'a', Value: '1' },
      ],
    })
    await iam.untagSAMLProvider({ SAMLProviderArn, TagKeys: ['b'] })
    assert.deepEqual((await iam.listSAMLProviderTags({ SAMLProviderArn })).Tags, [{ Key: 'a', Value: '1' }])
    await iam.untagSAMLProvider({ SAMLProviderArn, TagKeys: ['a'] })
    assert.deepEqual((await iam.getSAMLProvider({ SAMLProviderArn })).Tags, []) // (IAM-48)
  })

  test('a trust policy names one that exists (CRED-74, CRED-90)', async () => {
    const { SAMLProviderArn = '' } = await iam.createSAMLProvider({ Name: 'trusted', SAMLMetadataDocument })
    const policy = (Federated: string) =>
      trust({ Federated }).replace('sts:AssumeRole', 'sts:AssumeRoleWithSAML')
    const create = (RoleName: string, provider: string) =>
      iam.createRole({ RoleName, AssumeRolePolicyDocument: policy(provider) })
    assert.equal(
      await faultOf(create('lost', arn('none'))),
      `MalformedPolicyDocument 400: Invalid principal in policy: "FEDERATED":"${arn('none')}"`,
    )
    await create('worn', SAMLProviderArn)
    await create('elsewhere', 'arn:aws:iam::210987654321:saml-provider/theirs')
    await iam.deleteSAMLProvider({ SAMLProviderArn })
    const { Role } = await iam.getRole({ RoleName: 'worn' })
    assert.match(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''), /saml-provider\/trusted/)
  })
})
