import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { fault } from '../../packages/server/src/base/index.ts'
import { signatureFault } from '../../packages/server/src/wire/index.ts'
import { form, request, routeOf, wire } from './protocol-requests.ts'

const action = 'Action=GetCallerIdentity&Version=2011-06-15'
const asking = (rawQuery: string, accept: string) => request({ method: 'GET', rawQuery, headers: { accept } })
const parsed = ({ body }: { readonly body: Uint8Array | string }) => JSON.parse(String(body))

describe('query APIs in JSON (WIRE-8)', () => {
  const route = routeOf(asking(action, 'application/json'))

  test('both envelopes, and instants in seconds', () => {
    const output = { UserId: 'AIDA', Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/ann' }
    const { status, headers, body } = wire.serialize(route, output, 'id-1')
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'application/json')
    assert.deepEqual(parsed({ body }), {
      GetCallerIdentityResponse: {
        GetCallerIdentityResult: output,
        ResponseMetadata: { RequestId: 'id-1' },
      },
    })
    const session = routeOf(asking('Action=GetSessionToken&Version=2011-06-15', 'application/json'))
    const answer = wire.serialize(session, { Credentials: { Expiration: 1_700_000_000_999 } }, 'id-2')
    assert.equal(parsed(answer).GetSessionTokenResponse.GetSessionTokenResult.Credentials.Expiration, 1.7e9)
    const empty = routeOf(asking('Action=DeleteUser&Version=2010-05-08', 'application/json'))
    assert.deepEqual(parsed(wire.serialize(empty, undefined, 'id-3')), {
      DeleteUserResponse: { ResponseMetadata: { RequestId: 'id-3' } },
    })
  })

  test('faults, also of requests that name no operation and of signatures', () => {
    const refused = wire.serializeFault(route, fault('AccessDenied', 'No "way"', 403), 'id-1')
    assert.equal(refused.status, 403)
    assert.deepEqual(parsed(refused), {
      Error: { Code: 'AccessDenied', Message: 'No "way"', Type: 'Sender' },
      RequestId: 'id-1',
    })
    assert.equal(signatureFault(route, { kind: 'missing' }).code, 'MissingAuthenticationToken')
    const unknown = wire.identify(asking('Action=Nope&Version=2011-06-15', 'application/json'))
    assert.ok('fault' in unknown)
    const answer = wire.serializeFault(unknown.dialect, unknown.fault, 'id-2')
    assert.equal(parsed(answer).Error.Code, 'InvalidAction')
  })

  test('XML where it is not asked for, and of EC2 always', () => {
    for (const accept of ['*/*', '', 'text/xml, application/json', 'application/xml']) {
      assert.equal(routeOf(asking(action, accept)).json, undefined, accept)
    }
    assert.equal(routeOf(form(action)).json, undefined)
    assert.equal(
      routeOf(asking('Action=DescribeRegions&Version=2016-11-15', 'application/json')).json,
      undefined,
    )
  })
})
