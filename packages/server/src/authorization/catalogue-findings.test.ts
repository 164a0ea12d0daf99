import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type PolicyKind, parsePolicy } from '@omen-iam/policy'
import { account, policyText } from '../../../../test/kit/index.ts'
import { catalogueFindings, meantAction, resourcesLike } from './catalogue-findings.ts'

function findings(statement: object) {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', ...statement } }
  const parsed = parsePolicy(JSON.stringify(document), 'identity', { lenient: true })
  assert.ok(parsed.ok)
  return catalogueFindings(parsed.policy)
}

function codes(statement: object, kind: PolicyKind = 'identity'): readonly string[] {
  const document = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', ...statement } }
  const parsed = parsePolicy(JSON.stringify(document), kind, { lenient: true })
  assert.ok(parsed.ok)
  return catalogueFindings(parsed.policy).map(({ code }) => code)
}

const rows: readonly (readonly [resource: string, code: string | undefined])[] = [
  ['*', undefined],
  ['arn:aws:s3:::pay/*', undefined],
  [`arn:aws:iam::${account}:role/*`, undefined],
  [`arn:aws:dynamodb:*:${account}:tables/orders`, 'INVALID_ARN_RESOURCE'],
  [`arn:aws:lambda:*:${account}:functions:*`, 'INVALID_ARN_RESOURCE'],
  [`arn:aws:lambda:*:${account}:func*`, undefined],
  [`arn:aws:sqs::${account}:jobs`, 'MISSING_ARN_REGION'],
  ['arn:aws:sqs:us-east-1::jobs', 'MISSING_ARN_ACCOUNT'],
  [`arn:aws:sqs:*:${account}:\${aws:username}`, undefined],
  [`arn:aws:cloudfront:us-east-1:${account}:distribution/E1`, 'ARN_REGION_NOT_ALLOWED'],
  [`arn:aws:apigateway:eu-west-1:${account}:/restapis/1`, 'ARN_ACCOUNT_NOT_ALLOWED'],
  ['arn:aws:nothing:::x', 'INVALID_SERVICE'],
  // colons inside a variable do not separate fields
  [`arn:aws:kms:*:\${aws:PrincipalAccount}:key/*`, undefined],
  [`arn:aws:kms:\${aws:RequestedRegion}:\${aws:PrincipalAccount}:keys/*`, 'INVALID_ARN_RESOURCE'],
  // the reference writes the service of these as a variable, or lacks it
  [`arn:aws:backup:*:${account}:recovery-point:*`, undefined],
  ['arn:aws:apigateway:*::/v2/apis/*', undefined],
  ['arn:aws:cloudformation:*:aws:transform/Serverless-2016-10-31', undefined],
]

for (const [Resource, code] of rows) {
  test(`${Resource}: ${code ?? 'nothing to say'} (RSN-2)`, () => {
    assert.deepEqual(codes({ Resource }), code === undefined ? [] : [code])
  })
}

const uses: readonly (readonly [action: string, resource: string, code: string | undefined])[] = [
  ['s3:GetObject', 'arn:aws:s3:::a', 'ACTION_WITHOUT_MATCHING_RESOURCE'],
  ['s3:GetObject', 'arn:aws:s3:::a/*', undefined],
  ['s3:GetObject', 'arn:aws:s3:::a*', undefined],
  ['s3:GetObject', 'arn:aws:s3:::${aws:username}', undefined],
  ['s3:ListBucket', 'arn:aws:s3:::a/*', 'ACTION_WITHOUT_MATCHING_RESOURCE'],
  ['s3:ListBucket', 'arn:aws:s3:::a', undefined],
  // one action that a wildcard matches is enough
  ['s3:*', 'arn:aws:s3:::a', undefined],
  ['s3:GetObject*', 'arn:aws:s3:::a', 'ACTION_WITHOUT_MATCHING_RESOURCE'],
  ['ec2:DescribeInstances', `arn:aws:ec2:*:${account}:instance/*`, 'ACTION_WITHOUT_MATCHING_RESOURCE'],
  ['ec2:StartInstances', `arn:aws:ec2:*:${account}:instance/*`, undefined],
  ['dynamodb:Query', `arn:aws:dynamodb:us-east-1:${account}:table/a/index/b`, undefined],
  ['sns:Publish', `arn:aws:sqs:us-east-1:${account}:a`, 'ACTION_WITHOUT_MATCHING_RESOURCE'],
  // asked on the listed path, though the reference says `*`
  ['iam:ListRoles', `arn:aws:iam::${account}:role/*`, undefined],
  ['iam:ListRoles', `arn:aws:iam::${account}:role/a`, 'ACTION_WITHOUT_MATCHING_RESOURCE'],
]

for (const [Action, Resource, code] of uses) {
  test(`${Action} on ${Resource}: ${code ?? 'nothing to say'} (LNT-1)`, () => {
    assert.deepEqual(codes({ Action, Resource }), code === undefined ? [] : [code])
  })
}

test('an action on none of its resources says whether there is one or several (LNT-1)', () => {
  const message = (...Resource: string[]) => {
    const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource }
    const parsed = parsePolicy(policyText(statement), 'identity')
    assert.ok(parsed.ok)
    return catalogueFindings(parsed.policy)[0]?.message ?? ''
  }
  assert.match(message('arn:aws:s3:::a'), /does not apply to this resource\. /)
  assert.match(message('arn:aws:s3:::a', 'arn:aws:s3:::b'), /does not apply to any of these resources\. /)
})

test('the words of global services in place of a region are not regions that do not exist (LNT-1)', () => {
  const found = (region: string) =>
    codes({ Resource: `arn:aws:sqs:${region}:${account}:x` }).includes('INVALID_ARN_REGION')
  assert.deepEqual(['aws', 'global', 'us-east-1', 'us-east-x'].map(found), [false, false, false, true])
})

test('examples of resources are those of the action, and everything for an action without any (LNT-1)', () => {
  assert.deepEqual(resourcesLike('s3:ListAllMyBuckets'), ['*'])
  assert.deepEqual(resourcesLike('S3:getobject'), resourcesLike('s3:GetObject'))
  assert.match(resourcesLike('s3:GetObject')[0] ?? '', /^arn:aws:s3:::[^*]+\/[^*]+$/)
  assert.deepEqual(resourcesLike('s3:NoSuchAction'), [])
})

test('condition keys that no request for an action has (LNT-1)', () => {
  const under = (Action: unknown, operator: string, key: string) =>
    codes({ Action, Resource: '*', Condition: { [operator]: { [key]: 'a' } } })
  const wrong = ['UNSUPPORTED_ACTION_FOR_CONDITION_KEY']
  assert.deepEqual(under('s3:ListBucket', 'StringEquals', 's3:prefix'), [])
  assert.deepEqual(under('s3:GetObject', 'StringEquals', 's3:prefix'), wrong)
  assert.deepEqual(under(['s3:GetObject', 's3:ListBucket'], 'StringEquals', 's3:prefix'), wrong)
  assert.deepEqual(under('s3:*', 'StringEquals', 's3:prefix'), [])
  assert.deepEqual(under('*', 'StringEquals', 's3:prefix'), [])
  assert.deepEqual(under('s3:GetObject', 'StringEqualsIfExists', 's3:prefix'), [])
  assert.deepEqual(under('s3:GetObject', 'ArnLike', 's3:DataAccessPointArn'), [])
  assert.deepEqual(under('s3:GetObject', 'StringEquals', 'lambda:SourceFunctionArn'), [])
  assert.deepEqual(under('kms:Decrypt', 'ForAnyValue:StringEquals', 'kms:ResourceAliases'), [])
})

test('of many actions five are named, and how many more there are (LNT-1)', () => {
  const actions = [
    'Object',
    'ObjectAcl',
    'ObjectTagging',
    'BucketAcl',
    'BucketTagging',
    'BucketPolicy',
    'BucketCORS',
  ]
  const shown = (count: number) => {
    const Action = actions.slice(0, count).map((name) => `s3:Get${name}`)
    const Condition = { StringEquals: { 's3:prefix': 'a' } }
    const statement = { Effect: 'Allow', Action, Resource: '*', Condition }
    const parsed = parsePolicy(policyText(statement), 'identity')
    assert.ok(parsed.ok)
    return /actions: (.*) are not/.exec(catalogueFindings(parsed.policy)[0]?.message ?? '')?.[1]
  }
  const five = actions
    .slice(0, 5)
    .map((name) => `s3:Get${name}`)
    .join(', ')
  assert.equal(shown(1), 's3:GetObject')
  assert.equal(shown(5), five)
  assert.equal(shown(6), `${five} and 1 more`)
  assert.equal(shown(7), `${five} and 2 more`)
  const found = findings({
    Action: 's3:GetObject',
    Resource: '*',
    Condition: { StringEquals: { 's3:prefix': 'a' } },
  })
  assert.deepEqual(found[0]?.path, ['Statement', 0, 'Condition', 'StringEquals', 's3:prefix'])
})

test('a misspelt action means the nearest one, and no other means any (LNT-1)', () => {
  assert.equal(meantAction('S3:GetObjekt'), 's3:GetObject')
  for (const name of [
    's3:GetObject',
    'S3:getobject',
    's3:GetObjec*',
    's3:GetObjec?',
    'nothing:GetObject',
    's3',
  ])
    assert.equal(meantAction(name), undefined, name)
})

test('services in ARNs are named if they are misspelt, wildcards never (LNT-1)', () => {
  const named = (service: string) =>
    codes({ Resource: `arn:aws:${service}:us-east-1:${account}:function:x` }).includes('INVALID_SERVICE')
  assert.ok(named('lamda'))
  for (const service of ['lambda', 'lamd*', 'lamd?', '*', 'lamda_']) assert.ok(!named(service), service)
})

test('an action’s service is one service in capitals, too (LNT-1)', () => {
  const Condition = { StringEquals: { 'aws:ResourceTag/team': 'a' } }
  const said = (...Action: string[]) =>
    findings({ Action, Resource: '*', Condition }).map(({ message }) => message)
  const polly = said('polly:SynthesizeSpeech', 'polly:ListLexicons')
  assert.match(polly[0] ?? '', /prefixes[^:]*: polly[^,]/)
  assert.deepEqual(said('Polly:SynthesizeSpeech', 'polly:ListLexicons'), polly)
})

test('regions, services and variables that do not exist, with what may be meant (LNT-1)', () => {
  const messages = (statement: object) => {
    const document = {
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: '*', ...statement },
    }
    const kind = 'Principal' in statement ? 'resource' : 'identity'
    const parsed = parsePolicy(JSON.stringify(document), kind, { lenient: true })
    assert.ok(parsed.ok)
    return catalogueFindings(parsed.policy).map(
      ({ code, message }) => `${code} ${/Did you mean (.*)\?$/.exec(message)?.[1] ?? ''}`,
    )
  }
  const equals = (key: string, value: string) => ({ Condition: { StringEquals: { [key]: value } } })
  assert.deepEqual(messages({ Resource: `arn:aws:sqs:us-esat-1:${account}:a` }), [
    'INVALID_ARN_REGION us-east-1',
  ])
  assert.deepEqual(messages({ Resource: `arn:aws:dynamdb:us-east-1:${account}:table/a` }), [
    'INVALID_SERVICE dynamodb',
  ])
  assert.deepEqual(messages(equals('aws:RequestedRegion', 'us-esat-1')), ['INVALID_REGION us-east-1'])
  assert.deepEqual(messages(equals('aws:RequestedRegion', 'us-east-*')), [])
  assert.deepEqual(messages(equals('iam:PassedToService', 'lamda.amazonaws.com')).slice(-1), [
    'UNKNOWN_SERVICE_PRINCIPAL lambda.amazonaws.com',
  ])
  assert.deepEqual(messages({ Principal: { Service: 'lamda.amazonaws.com' } }), [
    'UNKNOWN_SERVICE_PRINCIPAL lambda.amazonaws.com',
  ])
  assert.deepEqual(messages({ Principal: { Service: 'ecs-tasks.amazonaws.com' } }), [])
  assert.deepEqual(messages({ Resource: 'arn:aws:s3:::a/${aws:usernme}/*' }), [
    'UNKNOWN_VARIABLE ${aws:username}',
  ])
  assert.deepEqual(messages(equals('s3:prefix', '${aws:usernme}')), ['UNKNOWN_VARIABLE ${aws:username}'])
  const fine = [
    '${aws:username}',
    '${aws:PrincipalTag/a b}',
    "${aws:username, 'x'}",
    '${*}',
    '${saml:sub}',
    '${accounts.google.com:sub}',
  ]
  for (const variable of fine)
    assert.deepEqual(messages({ Resource: `arn:aws:s3:::a/${variable}` }), [], variable)
})

test('operators that do not fit a key of a service (RSN-2)', () => {
  const under = (operator: string, key: string, value: unknown) =>
    codes({ Action: '*', Resource: '*', Condition: { [operator]: { [key]: value } } })
  assert.deepEqual(under('StringEquals', 'ec2:InstanceType', 't3.micro'), [])
  assert.deepEqual(under('StringEquals', 'ec2:Encrypted', 'true'), ['TYPE_MISMATCH'])
  assert.deepEqual(under('NumericLessThanIfExists', 'ec2:VolumeSize', '10'), [])
  assert.deepEqual(under('StringEquals', 's3:x-amz-object-ownership', 'a'), [])
  assert.deepEqual(under('StringEquals', 'dynamodb:Attributes', 'a'), [])
  assert.deepEqual(under('ForAllValues:StringEquals', 'dynamodb:Attributes', 'a'), [])
  assert.deepEqual(under('ForAllValues:StringEquals', 'ec2:InstanceType', 'a'), [
    'FORALLVALUES_WITH_SINGLE_VALUED_KEY',
  ])
  assert.deepEqual(under('Null', 'dynamodb:Attributes', 'true'), [])
})

test('tags of services that know none (RSN-2)', () => {
  const tagged = (key: string, more: object) =>
    codes({ Resource: '*', Condition: { StringEquals: { [key]: 'a' } }, ...more })
  const code = (kind: string) => `${kind}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE`
  const none = 'account:GetContactInformation'
  assert.deepEqual(tagged('aws:ResourceTag/a', { Action: ['iam:GetRole', 'ec2:*'] }), [])
  assert.deepEqual(tagged('aws:ResourceTag/a', { Action: ['iam:GetRole', none] }), [code('ALLOW')])
  assert.deepEqual(tagged('aws:RequestTag/a', { Action: none, Effect: 'Deny' }), [code('DENY')])
  const others = { Action: undefined, NotAction: 'iam:*' }
  assert.deepEqual(tagged('aws:ResourceTag/a', others), [code('ALLOW_NOTACTION')])
  assert.deepEqual(tagged('aws:ResourceTag/a', { ...others, Effect: 'Deny' }), [code('DENY_NOTACTION')])
})

test('RCPs know some services only (RSN-2)', () => {
  const deny = { Effect: 'Deny', Principal: '*', Resource: '*' }
  assert.deepEqual(codes({ ...deny, Action: ['s3:*', 'kms:Decrypt'] }, 'rcp'), [])
  assert.deepEqual(codes({ ...deny, Action: ['iam:*', '*'] }, 'rcp'), [
    'RCP_SYNTAX_ERROR_ACTION',
    'RCP_SYNTAX_ERROR_ACTION',
  ])
})

test('the path of an action that RCPs do not know leads to it (RSN-2)', () => {
  const statement = { Effect: 'Deny', Principal: '*', Action: ['iam:*'], Resource: '*' }
  const parsed = parsePolicy(policyText(statement), 'rcp')
  assert.ok(parsed.ok)
  const [found] = catalogueFindings(parsed.policy)
  assert.deepEqual(found?.path, ['Statement', 0, 'Action'])
})

test('condition keys that do not exist, but not those of issuers (RSN-2)', () => {
  const under = (key: string) => codes({ Resource: '*', Condition: { StringEquals: { [key]: 'a' } } })
  assert.deepEqual(under('aws:NoSuchKey'), ['INVALID_GLOBAL_CONDITION_KEY'])
  for (const key of ['aws:PrincipalArn', 'saml:sub', 'token.example.com:sub', 'example.com/path:aud'])
    assert.ok(!under(key).some((code) => code.startsWith('INVALID_')), key)
  assert.ok(under('s3:NoSuchKey').some((code) => code.startsWith('INVALID_')))
})

test('of a document with many mistakes the first two hundred are found', () => {
  const actions = Array.from({ length: 201 }, (_, number) => `s3:None${number}`)
  const found = findings({ Action: actions, Resource: '*' })
  assert.equal(found.length, 200)
  assert.match(found.at(-1)!.message, /s3:None199 /)
})

test('LNT-23 AWS has resources without an account or a Region, and services that no action names', () => {
  for (const resource of [
    'arn:aws:ssm:us-east-1::document/AWS-RunShellScript',
    'arn:aws:ec2:us-east-1::image/ami-1',
    'arn:aws:bedrock:::foundation-model/a.b',
    'arn:aws:catalog:us-east-1:123456789012:x',
    'arn:aws:sqs:us-east-1::*',
  ])
    assert.deepEqual(codes({ Action: '*', Resource: resource }), [], resource)
  assert.ok(codes({ Resource: 'arn:aws:foo:us-east-1:123456789012:x' }).includes('INVALID_SERVICE'))
})
