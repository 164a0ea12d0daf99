import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import { describe, test } from 'node:test'
import { policyText } from '../../../../../test/kit/index.ts'
import { summaryOf } from './summary.ts'
import { terminal } from './terminal.ts'

function told(write: (shown: ReturnType<typeof terminal>['shown']) => void): string {
  let all = ''
  const stream = new Writable({
    write(chunk, _encoding, done) {
      all += String(chunk)
      done()
    },
  })
  write(terminal(Object.assign(stream, { columns: 80 }) as unknown as NodeJS.WriteStream).shown)
  return all
}

describe('the tour in a terminal', () => {
  test('breaks commands as one types them: they fit 80 columns and mean the same', () => {
    const statement = {
      Effect: 'Allow',
      Action: ['iam:ListUsers', 'iam:ListRoles', 'ec2:RunInstances', 'sts:AssumeRole'],
      Resource: 'arn:aws:iam::123456789012:role/web',
      Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
    }
    const document = policyText(statement)
    const words = [
      'iam',
      'put-role-policy',
      '--role-name',
      'web',
      '--policy-name',
      'app',
      '--policy-document',
      document,
    ]
    const text = told((shown) => shown.call({ name: 'admin', environment: {} }, words))
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line)
    assert.deepEqual(JSON.parse(/'(.*)'/s.exec(text)?.[1] ?? ''), JSON.parse(document))
    assert.match(
      text,
      /^admin \$ aws iam put-role-policy --role-name web --policy-name app \\\n {4}--policy-document '/,
    )
  })

  test('shows the deciding lines of an answer, and no secret', () => {
    const Credentials = {
      AccessKeyId: 'ASIA1',
      SecretAccessKey: 'x'.repeat(40),
      SessionToken: 'y'.repeat(700),
    }
    const text = told((shown) =>
      shown.answer({ Credentials, AssumedRoleUser: { Arn: 'arn:aws:sts::1:assumed-role/a/b' } }),
    )
    assert.equal(
      text,
      `    Arn: arn:aws:sts::1:assumed-role/a/b\n    AccessKeyId: ASIA1\n    SecretAccessKey: (40 characters, shown once)\n    SessionToken: ${'y'.repeat(24)}… (700 characters)\n`,
    )
    assert.deepEqual(summaryOf({ Users: [{ UserName: 'admin' }, { UserName: 'dev' }] }), [
      'Users: 2, admin, dev',
    ])
    assert.deepEqual(summaryOf({ Events: [] }), ['Events: none'])
    assert.deepEqual(summaryOf(null), [])
  })
})
