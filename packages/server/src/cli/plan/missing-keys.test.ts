import assert from 'node:assert/strict'
import { test } from 'node:test'
import { account, policyText } from '../../../../../test/kit/index.ts'
import { type AccountImage, emptyAccount, type Image, type UnderKeyImage } from '../../intake/index.ts'
import { missingKeys } from './missing-keys.ts'
import { Places, World } from './world.ts'

const at = { file: 'x', line: 1, column: 1 }
const home = `us-east-1:${account}`
const key = `arn:aws:kms:${home}:key/1234abcd-12ab-34cd-56ef-1234567890ab`
const queue: UnderKeyImage = { at, type: 'AWS::SQS::Queue', arn: `arn:aws:sqs:${home}:jobs`, key }
const bucket: UnderKeyImage = { at, type: 'AWS::S3::Bucket', arn: 'arn:aws:s3:::pay', key }

const allow = (Action: string | readonly string[], more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource: '*',
  ...more,
})
const delegated = policyText(allow('kms:*', { Principal: { AWS: account } }))

function imageOf(
  statements: readonly object[],
  underKeys: readonly UnderKeyImage[] = [],
  keyPolicy = delegated,
): Image {
  const inline = [{ at, name: 'own', document: policyText(...statements) }]
  const own: AccountImage = {
    ...emptyAccount(account, 'aws', at),
    roles: statements.length === 0 ? [] : [{ at, name: 'worker', inline }],
    resourcePolicies: [{ at, arn: key, document: keyPolicy }],
  }
  return { accounts: [own], notTaken: [], findings: [], underKeys }
}

const worldOf = (image: Image) => new World(image, new Places(), new Map())
const missing = (after: Image, before = imageOf([])) =>
  missingKeys(worldOf(before), worldOf(after), before, after).map(
    ({ actions, missing }) => `${actions.join()} without ${missing.join()}`,
  )

test('a call that a plan allows on something under a key needs the key as well (GRD-471)', () => {
  const sends = allow('sqs:SendMessage')
  assert.deepEqual(missing(imageOf([sends], [queue])), ['sqs:SendMessage without kms:GenerateDataKey'])
  assert.deepEqual(missing(imageOf([sends, allow('kms:GenerateDataKey')], [queue])), [])
  const through = (service: string) => ({
    Condition: { StringEquals: { 'kms:ViaService': `${service}.us-east-1.amazonaws.com` } },
  })
  const [sqs, s3] = [through('sqs'), through('s3')].map((each) => allow('kms:GenerateDataKey', each))
  assert.deepEqual(missing(imageOf([sends, sqs!], [queue])), [])
  assert.equal(missing(imageOf([sends, s3!], [queue])).length, 1)
  assert.deepEqual(missing(imageOf([allow(['s3:GetObject', 's3:PutObject'])], [bucket])), [
    's3:GetObject,s3:PutObject without kms:Decrypt,kms:GenerateDataKey',
  ])
  // a key whose policy does not hand on to IAM
  const closed = policyText(allow('kms:*', { Principal: { AWS: `arn:aws:iam::${account}:user/boss` } }))
  assert.equal(missing(imageOf([sends, allow('kms:*')], [queue], closed)).length, 1)
})

test('of keys that AWS manages, of aliases, and of what was so before, nothing is said (GRD-471)', () => {
  const sends = allow('sqs:SendMessage')
  for (const alias of ['alias/aws/sqs', 'alias/own'])
    assert.deepEqual(missing(imageOf([sends], [{ ...queue, key: `arn:aws:kms:${home}:${alias}` }])), [])
  assert.deepEqual(missing(imageOf([sends], [queue]), imageOf([sends], [queue])), [])
  const more = imageOf([sends, allow('s3:ListAllMyBuckets')], [queue])
  assert.deepEqual(missing(more, imageOf([sends], [queue])), [])
  // what was there before is put under a key
  assert.equal(missing(imageOf([sends], [queue]), imageOf([sends])).length, 1)
})
