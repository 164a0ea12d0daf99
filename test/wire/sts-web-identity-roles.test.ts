import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { redirectIssuer } from '../../packages/server/src/assertions/index.ts'
import { faultOf } from './iam/house.ts'
import { oidcIssuer } from './oidc-issuer.ts'
import { arn, eventsNamed, stsServer, trusting } from './sts-house.ts'

const server = await stsServer()
const { omen, iam, sts } = server
const own = await oidcIssuer('https://login.example.com/tenant')
after(async () => {
  await own[Symbol.asyncDispose]()
  await server.close()
})
await redirectIssuer(omen.omen.deps, own.issuer, own.base)
await iam.createOpenIDConnectProvider({ Url: own.issuer, ClientIDList: ['app'] })
const trust = (condition?: object) =>
  trusting(
    { Federated: arn('oidc-provider/login.example.com/tenant') },
    'sts:AssumeRoleWithWebIdentity',
    condition,
  )
const asking = (value: string) => trust({ Bool: { 'sts:RoleAuthorizedByIdp': value } })
const app = await server.role('app', trust())
const bound = await server.role('bound', asking('true'))
const unbound = await server.role('unbound', asking('false'))

/** Assumes a role with a token that says for which roles it is. */
async function assume(RoleArn: string, roles?: unknown): Promise<unknown> {
  const named = roles === undefined ? {} : { 'https://aws.amazon.com/roles': roles }
  const WebIdentityToken = await own.token({ aud: 'app', sub: 'x', ...named })
  return sts().assumeRoleWithWebIdentity({ RoleArn, RoleSessionName: 'ci', WebIdentityToken })
}

async function lastEventData(): Promise<unknown> {
  const [event] = (await eventsNamed(server, 'AssumeRoleWithWebIdentity')).slice(-1)
  return event?.additionalEventData
}

test('a trust policy may ask for a token that names the role (STS-138)', async () => {
  await assume(bound, bound)
  assert.equal(((await lastEventData()) as Record<string, unknown>).RoleAuthorizedByIdp, true)
  await assume(bound, [app, bound])
  await assume(unbound)
  assert.ok(!('RoleAuthorizedByIdp' in ((await lastEventData()) as object)))
  const denied = 'AccessDenied 403: Not authorized to perform sts:AssumeRoleWithWebIdentity'
  assert.equal(await faultOf(assume(bound)), denied)
  assert.equal(await faultOf(assume(unbound, unbound)), denied)
})

test('a token that names roles opens no other, whatever the trust policy says (STS-138)', async () => {
  await assume(app, app)
  const refused =
    'InvalidIdentityToken 400: The target role ARN is not present in the roles claim of the identity token'
  for (const roles of [bound, [bound], [], '*', `${app}*`, 'app', 7, {}])
    assert.equal(await faultOf(assume(app, roles)), refused, JSON.stringify(roles))
})
