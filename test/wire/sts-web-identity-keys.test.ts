import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import { faultOf } from './iam/house.ts'
import { oidcIssuer } from './oidc-issuer.ts'
import { arn, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts } = server
const own = await oidcIssuer('https://login.example.com/tenant')
const foreign = await oidcIssuer('https://other.example.com')
after(async () => {
  for (const issuer of [own, foreign]) await issuer[Symbol.asyncDispose]()
  await server.close()
})
await redirectIssuer(omen.omen.deps, own.issuer, own.base)
await iam.createOpenIDConnectProvider({ Url: own.issuer, ClientIDList: ['app'] })
const provider = arn('oidc-provider/login.example.com/tenant')
const role = await server.role('app', trusting({ Federated: provider }, 'sts:AssumeRoleWithWebIdentity'))

test('keys that are none do not make the others unusable (STS-86)', async () => {
  const keysOf = async (base: string) =>
    ((await (await fetch(`${base}/keys`)).json()) as { keys: readonly object[] }).keys // as the issuer writes them
  const [key] = await keysOf(own.base)
  const [sameName] = await keysOf(foreign.base)
  const junk = [null, 'x', {}, { kty: 'RSA' }, { kty: 'RSA', n: '!', e: 'AQAB' }, { ...key, kty: 'XYZ' }]
  const assume = async (keys: readonly unknown[], from = own) => {
    own.published = keys
    await redirectIssuer(omen.omen.deps, own.issuer, own.base) // forgets what was fetched before
    const token = await from.token({ iss: own.issuer, aud: 'app', sub: 'x' })
    return sts().assumeRoleWithWebIdentity({
      RoleArn: role,
      RoleSessionName: 'ci',
      WebIdentityToken: token,
    })
  }
  await assume([...junk, key])
  await assume([...junk, sameName, key])
  assert.match(await faultOf(assume([...junk, key], foreign)), /The signature of the token is invalid$/)
  assert.match(await faultOf(assume(junk)), /Couldn't retrieve verification key/)
})
