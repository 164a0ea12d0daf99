import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loadModel, serviceIds } from '../../packages/server/src/model/index.ts'
import { createWire } from '../../packages/server/src/wire/index.ts'
import { assertLinear } from '../support/cost.ts'
import { form, inputOf, json, refusalOf, request } from './protocol-requests.ts'

const iam = (parameters: string) => refusalOf(form(`Version=2010-05-08&${parameters}`))
const sts = (parameters: string) => refusalOf(form(`Version=2011-06-15&${parameters}`))
const role = 'RoleArn=arn:aws:iam::123456789012:role/web'

describe('constraints', () => {
  test('STS repeats the value, as AWS was recorded to (WIRE-50, WIRE-53)', () => {
    const refusal = sts(`Action=AssumeRole&${role}&RoleSessionName=Session1:2`)
    assert.equal(
      refusal.message,
      "1 validation error detected: Value 'Session1:2' at 'roleSessionName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\w+=,.@-]*',
    )
    assert.equal(refusal.code, 'ValidationError')
    assert.equal(refusal.status, 400)
    assert.equal(
      sts(`Action=AssumeRole&${role}&RoleSessionName=me&DurationSeconds=899`).message,
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: " +
        'Member must have value greater than or equal to 900',
    )
    assert.equal(
      sts('Action=AssumeRole').message,
      "2 validation errors detected: Value null at 'roleArn' failed to satisfy constraint: Member must not be null; " +
        "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null",
    )
  })

  test('IAM does not repeat the value, and lists the values of an enum (WIRE-51)', () => {
    assert.equal(
      iam(
        'Action=ResetServiceSpecificCredential&ServiceSpecificCredentialId=totally-wrong-credential-id-with-hyphens',
      ).message,
      "1 validation error detected: Value at 'serviceSpecificCredentialId' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\w]+',
    )
    assert.equal(
      iam(
        'Action=UpdateServiceSpecificCredential&ServiceSpecificCredentialId=ACCAAAAAAAAAAAAAAAAAA&Status=Invalid',
      ).message,
      "1 validation error detected: Value at 'status' failed to satisfy constraint: Member must satisfy enum value set: " +
        '[Expired, Active, Inactive]',
    )
    assert.equal(
      iam(`Action=GetRole&RoleName=${'r'.repeat(65)}`).message,
      "1 validation error detected: Value at 'roleName' failed to satisfy constraint: " +
        'Member must have length less than or equal to 64',
    )
  })

  test('IAM looks at names and paths itself, once its front end is content (WIRE-58)', () => {
    const printable = 'It must contain only printable ASCII characters.'
    const name = 'It must contain only alphanumeric characters and/or the following: +=,.@_-'
    const prefix =
      'It must begin with the / character and contain only alphanumeric characters and/or / characters.'
    const path = 'It must begin and end with / and contain only alphanumeric characters and/or / characters.'
    const said: readonly (readonly [parameters: string, about: string])[] = [
      ['Action=GetUser&UserName=arn:aws:iam::123456789012:user/test', `userName is invalid. ${name}`],
      ['Action=UpdateGroup&GroupName=a&NewGroupName=b!&NewPath=/', `newGroupName is invalid. ${name}`],
      ['Action=CreateUser&UserName=a!&Path=test/', `path is invalid. ${path}`],
      ['Action=CreatePolicy&PolicyName=a&Path=/a&PolicyDocument=x', `path is invalid. ${path}`],
      ['Action=ListPolicies&PathPrefix=/foo', `pathPrefix is invalid. ${prefix}`],
      ['Action=ListUsers&PathPrefix=foo', `pathPrefix is invalid. ${prefix}`],
      [
        'Action=PutUserPolicy&UserName=a&PolicyName=b&PolicyDocument=%E3%81%82',
        `policyDocument is invalid. ${printable}`,
      ],
    ]
    for (const [parameters, about] of said) {
      const { code, status, message } = iam(parameters)
      assert.deepEqual(
        [code, status, message],
        ['ValidationError', 400, `The specified value for ${about}`],
        parameters,
      )
    }
    assert.equal(
      iam(`Action=CreateUser&UserName=&Path=test/&Tags.member.1.Key=a`).message,
      "2 validation errors detected: Value at 'userName' failed to satisfy constraint: " +
        "Member must have length greater than or equal to 1; Value at 'tags.1.member.value' failed to satisfy " +
        'constraint: Member must not be null',
    )
    assert.equal(
      iam('Action=GetAccountAuthorizationDetails&Filter.member.1=Users').message,
      "1 validation error detected: Value at 'filter' failed to satisfy constraint: " +
        'Member must satisfy constraint: [Member must satisfy enum value set: ' +
        '[LocalManagedPolicy, User, AWSManagedPolicy, Role, Group]]',
    )
  })

  test('members of structures in lists are named by number (WIRE-52, WIRE-55, WIRE-91)', () => {
    assert.equal(
      iam(
        'Action=TagRole&RoleName=web&Tags.member.1.Key=ok&Tags.member.1.Value=&Tags.member.2.Key=&Tags.member.2.Value=!',
      ).message,
      "3 validation errors detected: Value at 'tags.2.member.value' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*; ' +
        "Value at 'tags.2.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1; " +
        "Value at 'tags.2.member.key' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+',
    )
  })

  test('items and entries are reported together (WIRE-54)', () => {
    assert.equal(
      sts(
        `Action=AssumeRole&${role}&RoleSessionName=me&TransitiveTagKeys.member.1=ok&TransitiveTagKeys.member.2=!`,
      ).message,
      "1 validation error detected: Value '[ok, !]' at 'transitiveTagKeys' failed to satisfy constraint: " +
        'Member must satisfy constraint: [Member must have length less than or equal to 128, ' +
        'Member must have length greater than or equal to 1, ' +
        'Member must satisfy regular expression pattern: [\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]+]',
    )
    assert.match(
      refusalOf(
        request({ rawPath: '/2015-03-31/functions', body: '{"Environment":{"Variables":{"1bad":"x"}}}' }),
      ).message,
      /Value at 'environment\.variables' failed to satisfy constraint: Map keys must satisfy constraint: \[Member must satisfy regular expression pattern: /,
    )
  })

  test('JSON services answer ValidationException, with what an enum allows (WIRE-50, WIRE-53)', () => {
    const refusal = refusalOf(
      json(
        'CloudTrail_20131101.LookupEvents',
        '{"LookupAttributes":[{"AttributeKey":"Name","AttributeValue":"x"}]}',
      ),
    )
    assert.equal(refusal.code, 'ValidationException')
    assert.equal(
      refusal.message,
      "1 validation error detected: Value 'Name' at 'lookupAttributes.1.member.attributeKey' failed to satisfy " +
        'constraint: Member must satisfy enum value set: [EventId, EventName, ReadOnly, Username, ResourceType, ' +
        'ResourceName, EventSource, AccessKeyId]',
    )
  })

  test('Lambda, as AWS was recorded to (WIRE-50)', () => {
    const body = '{"FunctionName":"f","Role":"r1","Code":{}}'
    assert.equal(
      refusalOf(request({ rawPath: '/2015-03-31/functions', body })).message,
      "1 validation error detected: Value 'r1' at 'role' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: ' +
        'arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+',
    )
  })

  test('secrets are not repeated (WIRE-56)', () => {
    const refusal = sts(`Action=AssumeRoleWithWebIdentity&${role}&RoleSessionName=me&WebIdentityToken=abc`)
    assert.equal(
      refusal.message,
      "1 validation error detected: Value at 'webIdentityToken' failed to satisfy constraint: " +
        'Member must have length greater than or equal to 4',
    )
  })

  test('EC2 has words of its own (WIRE-57)', () => {
    const missing = refusalOf(form('Action=RunInstances&Version=2016-11-15&MaxCount=1'))
    assert.deepEqual(
      [missing.code, missing.message],
      ['MissingParameter', 'The request must contain the parameter MinCount'],
    )
    assert.equal(
      refusalOf(form('Action=DescribeVpcs&Version=2016-11-15&MaxResults=4')).message,
      'Value ( 4 ) for parameter maxResults is invalid. Expecting a value greater than 5.',
    )
    assert.equal(refusalOf(form('Action=DescribeImageAttribute&Version=2016-11-15')).code, 'NotImplemented')
  })

  test('a pattern is tried on no text that is too long (WIRE-55)', () => {
    assertLinear(125_000, (length) => {
      const named = `Action=CreateRole&RoleName=${'a-'.repeat(length)}&AssumeRolePolicyDocument=x`
      return () => assert.match(iam(named).message, /^1 validation error detected/)
    })
  })

  test('10,000 list members are read, and refused by their number (WIRE-50)', () => {
    const tags = Array.from(
      { length: 10_000 },
      (_, i) => `&Tags.member.${i + 1}.Key=k${i}&Tags.member.${i + 1}.Value=`,
    )
    const refusal = iam(`Action=TagRole&RoleName=web${tags.join('')}`)
    assert.equal(
      refusal.message,
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: " +
        'Member must have length less than or equal to 50',
    )
    const actions = Array.from({ length: 10_000 }, (_, i) => `&ActionNames.member.${i + 1}=iam:A${i}`)
    const policy = 'Version=2010-05-08&Action=SimulateCustomPolicy&PolicyInputList.member.1=p'
    const input = inputOf(form(policy + actions.join('')))
    assert.equal((input.ActionNames as readonly string[]).length, 10_000)
  })

  test('an answer has at most ten failures (WIRE-91)', () => {
    const tags = Array.from(
      { length: 50 },
      (_, i) => `&Tags.member.${i + 1}.Key=!&Tags.member.${i + 1}.Value=!`,
    )
    assert.match(iam(`Action=TagRole&RoleName=web${tags.join('')}`).message, /^10 validation errors detected/)
  })

  test('the constraints of every operation of every model compile', () => {
    for (const id of serviceIds) {
      const service = loadModel(id)
      const every = createWire([service])
      for (const operation of Object.values(service.operations)) {
        const labels = { FunctionName: 'f', Resource: 'r', StatementId: 's' }
        try {
          every.parse({ service, operation, labels }, request({}))
        } catch (thrown) {
          assert.equal(
            (thrown as object).constructor.name,
            'Fault',
            `${id} ${operation.name}: ${String(thrown)}`,
          )
        }
      }
    }
  })
})
