import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { eventParameters } from './parameters.ts'

describe('the parameters of a call in its event (GRD-94)', () => {
  test('are names, ids and ARNs, and never contents or secrets', () => {
    assert.deepEqual(
      eventParameters('s3', {
        Bucket: 'b',
        Key: 'a/b',
        VersionId: 'v',
        TableName: 't',
        QueueUrl: 'https://sqs/1/q',
        RoleArns: ['arn:1', 'arn:2'],
        MaxResults: 5,
        Body: 'content',
        Item: { id: { S: '1' } },
        MessageBody: 'content',
        nameless: 'content',
        xkey: 'content',
        SecretString: 'secret',
        SecretId: 'shown',
        PasswordName: 'secret',
        ClientTokenId: 'secret',
        AuthorizationType: 'secret',
        Names: [{ content: 'x' }],
        Id: undefined,
        Type: null,
        Status: true,
      }),
      {
        bucketName: 'b',
        key: 'a/b',
        versionId: 'v',
        tableName: 't',
        queueUrl: 'https://sqs/1/q',
        roleArns: ['arn:1', 'arn:2'],
        maxResults: 5,
        secretId: 'shown',
        status: true,
      },
    )
  })

  test('have a limited number and length', () => {
    const texts = eventParameters('s3', { aName: 'x'.repeat(1_024), bName: 'x'.repeat(1_025) })
    assert.equal(texts.aName, 'x'.repeat(1_024))
    assert.equal(texts.bName, `${'x'.repeat(1_021)}...`)
    const list = Array.from({ length: 21 }, (_, number) => `${number}`)
    assert.deepEqual(eventParameters('s3', { Names: list }), { names: list.slice(0, 20) })
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, number) => [`a${number}Name`, number]))
    assert.deepEqual(Object.keys(eventParameters('s3', many)), Object.keys(many).slice(0, 50))
  })
})
