import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { assertLinearAwaited } from '../support/cost.ts'
import { allow, faultOf } from './iam/house.ts'
import {
  assertionOf,
  base64,
  encrypted,
  entityId,
  metadata,
  recipient,
  responseWith,
  type Saying,
  samlResponse,
  signed,
} from './saml-identity-provider.ts'
import { otherKey } from './saml-keys.ts'
import { account, arn, credentialsOf, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts } = server
after(server.close)
await iam.createSAMLProvider({ Name: 'Idp', SAMLMetadataDocument: metadata })
const provider = arn('saml-provider/Idp')
const saml = 'sts:AssumeRoleWithSAML'
const trust = trusting({ Federated: provider }, [saml, 'sts:TagSession', 'sts:SetSourceIdentity'], {
  StringEquals: { 'SAML:aud': recipient },
})
const reader = await server.role(
  'reader',
  trust,
  allow('iam:GetRole', '*', { StringEquals: { 'saml:sub': 'sam' } }),
)
const pair = `${reader},${provider}`
const say = (more: Partial<Saying> = {}): Saying => ({ now: omen.clock.now(), roles: [pair], ...more })
const assume = (SAMLAssertion: string, RoleArn = reader, more: object = {}) =>
  sts().assumeRoleWithSAML({ RoleArn, PrincipalArn: provider, SAMLAssertion, ...more })
const saying = (more: Partial<Saying> = {}, RoleArn = reader) => assume(samlResponse(say(more)), RoleArn)
const invalid = (message: string) => `InvalidIdentityToken 400: ${message}`
const aws = (name: string) => `https://aws.amazon.com/SAML/Attributes/${name}`

describe('AssumeRoleWithSAML', () => {
  test('a signed assertion opens the role that it names (STS-91, STS-93, STS-97)', async () => {
    const answer = await saying()
    assert.equal(answer.AssumedRoleUser?.Arn, `arn:aws:sts::${account}:assumed-role/reader/sam@example.com`)
    assert.equal(answer.Subject, 'sam')
    assert.equal(answer.SubjectType, 'persistent')
    assert.equal(answer.Issuer, entityId)
    assert.equal(answer.Audience, recipient)
    const qualifier = createHash('sha1').update(`${entityId}${account}/Idp`).digest('base64')
    assert.equal(answer.NameQualifier, qualifier)
    await server.iamAs(credentialsOf(answer.Credentials)).getRole({ RoleName: 'reader' })
    const [event] = (await eventsNamed(server, 'AssumeRoleWithSAML')).slice(-1)
    assert.deepEqual(event?.userIdentity, {
      type: 'SAMLUser',
      principalId: `${qualifier}:sam`,
      userName: 'sam',
      identityProvider: provider,
    })
    assert.deepEqual(event?.requestParameters, {
      sAMLAssertionID: '_assertion',
      roleSessionName: 'sam@example.com',
      roleArn: reader,
      principalArn: provider,
    })
    assert.match(JSON.stringify(event?.resources), /AWS::IAM::Role.*AWS::IAM::SAMLProvider/)
    // the pair the other way round, and the signature around the whole response
    await saying({ roles: [`${provider},${reader}`] })
    await assume(base64(signed(responseWith(assertionOf(say())), 'Response')))
  })

  test('only what was signed is read', async () => {
    const bad = invalid('Response signature invalid')
    const good = signed(assertionOf(say()), 'Assertion')
    const evil = assertionOf(say({ nameId: 'eve' }), '_evil')
    for (const xml of [
      responseWith(assertionOf(say())), // by nobody
      responseWith(signed(assertionOf(say()), 'Assertion', 'other')), // by another provider
      responseWith(good.replace('>sam<', '>eve<')), // altered
      responseWith(evil + good), // one more beside it
      responseWith(good + evil),
      responseWith(evil.replace('</saml:Assertion>', `${good}</saml:Assertion>`)), // wrapped
      good.replace('<saml:Assertion', '<saml:Assertion x="1"'), // no response
    ]) {
      assert.equal(await faultOf(assume(base64(xml))), bad)
    }
    const comment = signed(assertionOf(say({ nameId: 'sam' })), 'Assertion').replace(
      '>sam<',
      '>sa<!-- x -->m<',
    )
    const { Subject } = await assume(base64(responseWith(comment)))
    assert.equal(Subject, 'sam')
    assert.match(await faultOf(assume('????')), /^InvalidIdentityToken/)
    const entity = `<!DOCTYPE x [<!ENTITY e "e">]>${responseWith(good)}`
    assert.equal(await faultOf(assume(base64(entity))), invalid('Invalid SAMLResponse'))
  })

  test('hashes that prove nothing any more are refused, also behind encryption (STS-134)', async () => {
    const old = { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }
    const oldDigest = { digest: 'http://www.w3.org/2000/09/xmldsig#sha1' }
    for (const hashes of [old, oldDigest]) {
      const assertion = signed(assertionOf(say()), 'Assertion', 'provider', hashes)
      assert.equal(
        await faultOf(assume(base64(responseWith(assertion)))),
        invalid('Response signature invalid'),
      )
      const whole = signed(responseWith(assertionOf(say())), 'Response', 'provider', hashes)
      assert.equal(await faultOf(assume(base64(whole))), invalid('Response signature invalid'))
    }
    const sha512 = {
      signature: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
      digest: 'http://www.w3.org/2001/04/xmlenc#sha512',
    }
    await assume(base64(responseWith(signed(assertionOf(say()), 'Assertion', 'provider', sha512))))
  })

  test('a response that contradicts its assertion is refused (STS-135, STS-136)', async () => {
    const right = responseWith(signed(assertionOf(say()), 'Assertion'))
    const changed = (from: string, to: string) => {
      const at = right.indexOf(from)
      assert(at >= 0, from)
      return base64(right.slice(0, at) + to + right.slice(at + from.length))
    }
    const unreadable = invalid('Invalid SAMLResponse')
    assert.equal(await faultOf(assume(changed('status:Success', 'status:Responder'))), unreadable)
    assert.equal(await faultOf(assume(changed('<samlp:StatusCode', '<samlp:Nothing'))), unreadable)
    assert.equal(
      await faultOf(
        assume(changed(`Destination="${recipient}"`, 'Destination="https://sp.example.com/acs"')),
      ),
      invalid('Response does not contain the required audience.'),
    )
    assert.match(
      await faultOf(
        assume(changed(`<saml:Issuer>${entityId}`, '<saml:Issuer>https://other.example.com/saml')),
      ),
      /^InvalidIdentityToken 400: Issuer not present in specified provider/,
    )
    // programs ask the provider themselves: the response then names a request that AWS never made
    const answering = (whole: string, part: string) =>
      base64(
        responseWith(
          signed(
            assertionOf(say()).replace('<saml:SubjectConfirmationData', `$& InResponseTo="${part}"`),
            'Assertion',
          ),
        ).replace('ID="_response"', `$& InResponseTo="${whole}"`),
      )
    await assume(answering('_a', '_a'))
    assert.equal(await faultOf(assume(answering('_b', '_a'))), unreadable)
    await assume(changed(` Destination="${recipient}"`, ''))
  })

  test('whatever anybody sends costs no more than its length (STS-99)', async () => {
    const within = (content: string) => base64(responseWith(content))
    const assertion = signed(assertionOf(say()), 'Assertion')
    const signature = assertion.match(/<Signature[\s\S]*<\/Signature>/)?.[0]
    assert.ok(signature)
    const attributes = (length: number) => Array.from({ length }, (_, i) => `a${i}=""`).join(' ')
    for (const [what, length, make] of [
      ['brackets', 9_000, (n) => base64(`<x>${'<'.repeat(n)}`)],
      ['unclosed', 530, (n) => base64('<a:b xmlns:a="u">'.repeat(n))],
      ['deep', 1_250, (n) => base64(`${'<a>'.repeat(n)}${'</a>'.repeat(n)}`)],
      ['attributes', 1_000, (n) => base64(`<x ${attributes(n)}/>`)],
      ['namespaces', 500, (n) => within('<a:b xmlns:a="u"/>'.repeat(n))],
      ['elements', 2_250, (n) => within('<b/>'.repeat(n))],
      ['signatures', 3, (n) => within(signature.repeat(n))],
      ['assertions', 1, (n) => within(assertion.repeat(n + 1))],
      ['comments', 2_250, (n) => base64('<!--'.repeat(n))],
      ['entities', 1_750, (n) => base64(`<x>${'&amp;'.repeat(n)}</x>`)],
    ] as readonly (readonly [string, number, (length: number) => string])[]) {
      await assertLinearAwaited(length, (size) => {
        const text = make(size)
        const refused = /^InvalidIdentityToken 400/
        return async () => assert.match(await faultOf(assume(text)), refused, what)
      })
    }
  })

  test('who is named, for whom and until when (STS-92, STS-95, STS-132)', async () => {
    assert.equal(
      await faultOf(saying({ sessionName: undefined })),
      invalid('RoleSessionName is required in AuthnResponse'),
    )
    assert.equal(
      await faultOf(saying({ sessionName: 'a b' })),
      invalid('RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}'),
    )
    const discovery = (message: string, code: string) =>
      new RegExp(
        `^InvalidIdentityToken 400: ${message} \\(Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ${code}; Request ID: [0-9a-f-]{36}; Proxy: null\\)$`,
      )
    assert.match(
      await faultOf(saying({ issuer: 'https://else.example.com' })),
      discovery('Issuer not present in specified provider', 'AuthSamlInvalidSamlResponseException'),
    )
    assert.match(
      await faultOf(assume('????')),
      discovery('Invalid base64 SAMLResponse', 'AuthSamlInvalidSamlResponseException'),
    )
    assert.equal(
      await faultOf(saying({ recipient: '' })),
      invalid('Responses must contain SubjectConfirmatonData with a Recipient and NotOnOrAfter'),
    )
    const audience = invalid('Response does not contain the required audience.')
    assert.equal(await faultOf(saying({ audience: 'https://example.com' })), audience)
    assert.equal(await faultOf(saying({ recipient: 'https://evil.example.com/saml' })), audience)
    assert.equal(await faultOf(saying({ alsoFor: ['https://example.com'] })), audience) // STS-132
    await saying({ alsoFor: [recipient] })
    const late = 'ExpiredTokenException 400: Token must be redeemed within 5 minutes of issuance'
    assert.equal(await faultOf(saying({ notOnOrAfter: -301 })), late)
    assert.equal(await faultOf(saying({ notBefore: 301 })), late)
    await saying({ notOnOrAfter: -200 })
    assert.match(
      await faultOf(
        sts().assumeRoleWithSAML({
          RoleArn: reader,
          PrincipalArn: arn('saml-provider/None'),
          SAMLAssertion: samlResponse(say()),
        }),
      ),
      discovery("Specified provider doesn't exist", 'AuthSamlManifestNotFoundException'),
    )
  })

  test('who bears it is who is meant, by an address of this provider (STS-130, STS-131)', async () => {
    for (const confirmation of ['holder-of-key', 'sender-vouches', ''])
      assert.equal(await faultOf(saying({ confirmation })), invalid('Invalid SAMLResponse'), confirmation)
    const { SAMLProviderUUID: id } = await iam.getSAMLProvider({ SAMLProviderArn: provider })
    const address = (of: string | undefined) => `https://eu-west-1.signin.aws.amazon.com/saml/acs/${of}`
    const open = await server.role('open', trusting({ Federated: provider }, saml))
    const roles = [`${open},${provider}`]
    await saying({ roles, recipient: address(id), audience: address(id) }, open)
    const refused = invalid('Response does not contain the required audience.')
    assert.equal(await faultOf(saying({ roles, recipient: address('ANOTHER') }, open)), refused)
    assert.equal(await faultOf(saying({ roles, audience: address('ANOTHER') }, open)), refused)
  })

  test('the trust policy decides, and the assertion must name the pair (STS-4, STS-80, STS-93, STS-94)', async () => {
    const denied = 'AccessDenied 403: Not authorized to perform sts:AssumeRoleWithSAML'
    const other = await server.role('other', trusting({ AWS: account }, saml))
    assert.equal(await faultOf(saying({ roles: [`${other},${provider}`] }, other)), denied)
    assert.equal(
      await faultOf(saying({ roles: [`${other},${provider}`] })),
      invalid("SAML Assertion doesn't contain the requested Role and Metadata in the attributes"),
    )
    assert.equal(
      await faultOf(saying({ roles: [`${other},${provider}`] }, provider)),
      'ValidationError 400: Request ARN is invalid', // STS-4: the pair the wrong way round
    )
    assert.equal(
      await faultOf(saying({ roles: [`${arn('role/missing')},${provider}`] }, arn('role/missing'))),
      denied,
    )
    const wantsStaff = await server.role(
      'staff',
      trusting({ Federated: provider }, saml, {
        'ForAnyValue:StringEquals': { 'saml:edupersonaffiliation': 'staff' },
        StringEquals: { 'saml:doc': `${account}/Idp`, 'saml:sub_type': 'transient' },
      }),
    )
    const roles = [`${wantsStaff},${provider}`]
    const format = 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient'
    const affiliation = (...values: readonly string[]) => ({ 'urn:oid:1.3.6.1.4.1.5923.1.1.1.1': values })
    await saying({ roles, format, attributes: affiliation('student', 'staff') }, wantsStaff)
    assert.equal(
      await faultOf(saying({ roles, format, attributes: affiliation('student') }, wantsStaff)),
      denied,
    )
    // a name of eduOrg, of X.500 and of Active Directory; what no table names is no key
    const keys = {
      'urn:oid:1.3.6.1.4.1.5923.1.2.1.4': 'saml:eduorglegalname',
      'urn:oid:2.5.4.45': 'saml:x500UniqueIdentifier',
      '2.5.4.3': 'saml:commonName',
      'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress': 'saml:mail',
      'urn:oid:2.5.4.99': 'saml:99',
    }
    for (const [attribute, key] of Object.entries(keys)) {
      const RoleName = key.slice(5)
      const named = await server.role(
        RoleName,
        // some of the keys are lists, which no operator without a qualifier meets (behaviour POL-200)
        trusting({ Federated: provider }, saml, { 'ForAnyValue:StringEquals': { [key]: 'x' } }),
      )
      const said = saying({ roles: [`${named},${provider}`], attributes: { [attribute]: ['x'] } }, named)
      if (key === 'saml:99') assert.equal(await faultOf(said), denied)
      else await said
    }
  })

  test('tags, source identity and the end of the provider’s session (STS-15, STS-96)', async () => {
    const tagged = await server.role(
      'tagged',
      trust,
      allow('iam:ListUsers', '*', {
        StringEquals: { 'aws:PrincipalTag/team': 'blue', 'aws:SourceIdentity': 'Sam' },
      }),
    )
    const roles = [`${tagged},${provider}`]
    const attributes = {
      [aws('PrincipalTag:team')]: ['blue'],
      [aws('TransitiveTagKeys')]: ['team'],
      [aws('SourceIdentity')]: ['Sam'],
    }
    const answer = await saying({ roles, attributes, sessionNotOnOrAfter: 600 }, tagged)
    const [told] = (await eventsNamed(server, 'AssumeRoleWithSAML')).slice(-1)
    assert.deepEqual(told?.requestParameters?.principalTags, { team: 'blue' })
    assert.equal(told?.requestParameters?.sourceIdentity, answer.SourceIdentity)
    assert.equal(answer.SourceIdentity, 'Sam')
    assert.ok(Math.abs(answer.Credentials!.Expiration!.getTime() - omen.clock.now() - 600_000) < 5_000)
    await server.iamAs(credentialsOf(answer.Credentials)).listUsers({})
    const long = { ...attributes, [aws('PrincipalTag:team')]: ['b'.repeat(257)] }
    assert.equal(
      await faultOf(saying({ roles, attributes: long }, tagged)),
      'InvalidIdentityToken 400: The session tags exceed the limits of session tags.',
    )
    const untrusted = await server.role('untrusted', trusting({ Federated: provider }, saml))
    assert.equal(
      await faultOf(saying({ roles: [`${untrusted},${provider}`], attributes }, untrusted)),
      'AccessDenied 403: Not authorized to perform sts:TagSession',
    )
    assert.match(
      await faultOf(assume(samlResponse(say()), reader, { DurationSeconds: 7_200 })),
      /MaxSessionDuration/,
    )
  })

  test('encrypted assertions, by a provider’s key (STS-98, STS-133)', async () => {
    await iam.updateSAMLProvider({
      SAMLProviderArn: provider,
      AddPrivateKey: otherKey,
      AssertionEncryptionMode: 'Required',
    })
    const sealed = await encrypted(signed(assertionOf(say()), 'Assertion'), otherKey)
    const { Subject } = await assume(base64(responseWith(sealed)))
    assert.equal(Subject, 'sam')
    assert.match(
      await faultOf(saying()),
      /^InvalidIdentityToken 400: Response must contain an encrypted assertion/,
    )
    const plain = signed(assertionOf(say()), 'Assertion')
    for (const beside of [sealed, `<samlp:Extensions>${sealed}</samlp:Extensions>`]) {
      assert.equal(
        await faultOf(assume(base64(responseWith(beside + plain)))),
        invalid('Response must contain an encrypted assertion'),
      )
    }
    // old hashes prove no more there (STS-134)
    const old = { signature: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }
    const weak = await encrypted(signed(assertionOf(say()), 'Assertion', 'provider', old), otherKey)
    assert.equal(await faultOf(assume(base64(responseWith(weak)))), invalid('Response signature invalid'))
    const unsigned = await encrypted(assertionOf(say()), otherKey)
    assert.equal(await faultOf(assume(base64(responseWith(unsigned)))), invalid('Response signature invalid'))
    // anyone who knows the public key may encrypt (STS-99)
    const decoy = `<samlp:Extensions>${sealed}</samlp:Extensions>`
    for (const [length, make] of [
      [5_600, (n) => `<x>${'<'.repeat(n)}`],
      [310, (n) => '<a:b xmlns:a="u">'.repeat(n)],
    ] as readonly (readonly [number, (length: number) => string])[]) {
      for (const before of ['', decoy]) {
        const [short, long] = await Promise.all([1, 8].map((n) => encrypted(make(length * n), otherKey)))
        await assertLinearAwaited(length, (size) => {
          const text = base64(responseWith(before + (size === length ? short : long)))
          return async () => assert.equal(await faultOf(assume(text)), invalid('Response signature invalid'))
        })
      }
    }
    // a response signed as a whole has a key of the signature before that of the assertion
    const whole = signed(responseWith(await encrypted(assertionOf(say()), otherKey)), 'Response')
    assert.equal((await assume(base64(whole))).Subject, 'sam')
  })
})
