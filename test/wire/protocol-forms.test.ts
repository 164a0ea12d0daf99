import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { form, inputOf, refusalOf, request } from './protocol-requests.ts'

const getRole = 'Action=GetRole&Version=2010-05-08'
const tagRole = 'Action=TagRole&Version=2010-05-08&RoleName=web'

describe('forms', () => {
  test('GET, POST, and both at once say the same', () => {
    const expected = { RoleName: 'web' }
    assert.deepEqual(inputOf(request({ method: 'GET', rawQuery: `${getRole}&RoleName=web` })), expected)
    assert.deepEqual(inputOf(form(`${getRole}&RoleName=web`)), expected)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    assert.deepEqual(inputOf(request({ rawQuery: getRole, headers, body: 'RoleName=web' })), expected)
  })

  test('what a presigned request adds is not of the operation', () => {
    const signature =
      '&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2Fb&X-Amz-Expires=60&X-Amz-Signature=00'
    const rawQuery = `Action=DescribeRegions&Version=2016-11-15${signature}`
    assert.deepEqual(inputOf(request({ method: 'GET', rawQuery })), {})
  })

  test('malformed encoding is refused (WIRE-30)', () => {
    for (const bad of ['%', '%4', '%zz', '%ff', '%c0%af', '%ed%a0%80']) {
      const refusal = refusalOf(form(`${getRole}&RoleName=${bad}`))
      assert.deepEqual([refusal.code, refusal.status], ['MalformedQueryString', 404], bad)
    }
    const raw = Buffer.concat([Buffer.from(`${getRole}&RoleName=`), Buffer.from([0xff])])
    assert.equal(refusalOf(form(raw)).code, 'MalformedQueryString')
  })

  test('floods are refused (WIRE-30)', () => {
    assert.equal(
      refusalOf(form(`${getRole}${Array.from({ length: 50_000 }, (_, i) => `&a${i}`).join('')}`)).code,
      'MalformedQueryString',
    )
    assert.equal(refusalOf(form(`${getRole}&${'a.'.repeat(100_000)}=1`)).code, 'MalformedQueryString')
    assert.equal(refusalOf(form(`${getRole}&RoleName=${'a'.repeat(5 << 20)}`)).status, 413)
  })

  test('a parameter given twice is refused (WIRE-31)', () => {
    assert.equal(refusalOf(form(`${getRole}&RoleName=a&RoleName=b`)).code, 'InvalidQueryParameter')
    assert.equal(
      refusalOf(form('Action=GetRole&Action=GetUser&Version=2010-05-08')).code,
      'InvalidQueryParameter',
    )
  })

  test('a value of another type is refused (WIRE-32, WIRE-86, WIRE-87, WIRE-89)', () => {
    const list = 'Action=ListRoles&Version=2010-05-08'
    for (const wrong of [
      `${list}&MaxItems=ten`,
      `${list}&MaxItems=1e3`,
      `${list}&MaxItems=99999999999`,
      `${list}&MaxItems.member.1=1`,
      `${tagRole}&Tags=x`,
      `${tagRole}&Tags.1.Key=x`,
      `${tagRole}&Tags.member.00.Key=x`,
      `${tagRole}&Tags.member.-1.Key=x`,
      `${tagRole}&Tags.member.1.0.Key=x`,
      `${tagRole}&Tags.member.12.Key=x`,
      `${list.replace('ListRoles', 'ListServiceSpecificCredentials')}&AllUsers=True`,
      `${tagRole}&Tags.member.1=x`,
      `${tagRole}&Tags.member.1.Key.Name=x`,
    ]) {
      const refusal = refusalOf(form(wrong))
      assert.deepEqual([refusal.code, refusal.status], ['MalformedInput', 400], wrong)
    }
  })

  test('lists are ordered by number, and gaps of EC2 close (WIRE-33, WIRE-88)', () => {
    const tags = ['3', '01', '2'].map((n) => `&Tags.member.${n}.Key=k${n}&Tags.member.${n}.Value=v`).join('')
    const input = inputOf(form(tagRole + tags))
    assert.deepEqual(
      (input.Tags as readonly { readonly Key: string }[]).map(({ Key }) => Key),
      ['k01', 'k2', 'k3'],
    )
    for (const member of ['2', 'x'])
      assert.match(
        refusalOf(form(`${tagRole}&Tags.member.${member}.Key=a&Tags.member.${member}.Value=b`)).message,
        /^2 validation errors detected: Value at 'tags.1.member.value'/,
      )
    const fromZero = form('Action=DescribeInstances&Version=2016-11-15&InstanceId.1=i-b&InstanceId.0=i-a')
    assert.deepEqual(inputOf(fromZero).InstanceIds, ['i-a', 'i-b'])
  })

  test('an empty list can be said (WIRE-1)', () => {
    assert.deepEqual(inputOf(form(`${tagRole}&Tags=`)), { RoleName: 'web', Tags: [] })
  })

  test('unknown parameters: IAM passes over them, EC2 refuses (WIRE-34)', () => {
    assert.deepEqual(inputOf(form(`${getRole}&RoleName=web&Colour=red`)), { RoleName: 'web' })
    for (const name of ['Colour', 'Filter.1.Colour', 'Filters']) {
      const refusal = refusalOf(form(`Action=DescribeInstances&Version=2016-11-15&${name}=red`))
      assert.deepEqual(
        [refusal.code, refusal.message],
        ['UnknownParameter', `The parameter ${name} is not recognized`],
      )
    }
  })

  test('members that no published model has are refused by name, wherever they are (WIRE-92)', () => {
    for (const given of [
      'Action=CreateRole&Version=2010-05-08&RoleName=web&AssumeRolePolicyDocument=x&MaxSigninSessionDuration=3600',
      `${tagRole}&Tags.member.1.Key=a&Tags.member.1.Value=b&Tags.member.1.MaxSigninSessionDuration=1`,
      `${getRole}&RoleName=web&SAMLKeyHashes.member.1.IssuerURL=x`,
    ]) {
      const { code, status, message } = refusalOf(form(given))
      assert.equal(`${code} ${status}`, 'NotImplemented 501')
      const name = /MaxSigninSessionDuration|SAMLKeyHashes/.exec(given)?.[0]
      assert.equal(message, `Omen does not implement ${name} of AWS Identity and Access Management`)
    }
    const sts = form('Action=GetCallerIdentity&Version=2011-06-15&MaxSigninSessionDuration=3600')
    assert.deepEqual(inputOf(sts), {})
  })

  test('names that JavaScript gives a meaning are names like any other', () => {
    for (const name of ['__proto__', 'constructor', 'toString', '__proto__.polluted']) {
      assert.deepEqual(inputOf(form(`${getRole}&RoleName=web&${name}=x`)), { RoleName: 'web' })
      assert.equal(refusalOf(form(`Action=${name}&Version=2010-05-08`)).code, 'InvalidAction')
    }
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  })

  test('any bytes are read or refused', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .string({ unit: fc.constantFrom(...'&=.%+1aTags'), maxLength: 80 })
        .map((text) => Buffer.from(`${tagRole}&${text}`)),
    )
    fc.assert(
      fc.property(bytes, (body) => {
        const received = form(body)
        try {
          inputOf(received)
        } catch {
          assert.match(refusalOf(received).body, /^<ErrorResponse /)
        }
      }),
      { numRuns: 500 },
    )
  })
})
