import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { allow, roleArn, userArn } from './account-file.ts'
import { answerOf } from './kinds.ts'

/** More than anyone would try by hand. */
const count = 120
const team = (value: string) => ({ StringEquals: { 'aws:PrincipalTag/team': value } })
const reads = (value: string) => allow('s3:GetObject', '*', team(value))
const others = Array.from({ length: count }, (_, index) => `team-${index}`)

describe('values of tags that many conditions name', () => {
  test('a user gives itself the last one', () => {
    const attaches = allow('iam:AttachUserPolicy', userArn('dev'), team('the-last'))
    const statements = [allow('iam:TagUser', userArn('dev')), ...others.map(reads), attaches]
    const { verdict } = answerOf({ name: '', file: { users: { dev: { statements } } }, expect: 'proven' })
    assert.equal(verdict, 'proven')
  })

  test('a user tags an existing function with the last one', () => {
    const tagged = (value: string) => ({ StringEquals: { 'aws:ResourceTag/team': value } })
    const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:pay'
    const statements = [
      ...others.map((value) => allow('lambda:GetFunction', '*', tagged(value))),
      allow('lambda:TagResource'),
      allow(['lambda:UpdateFunctionCode', 'lambda:InvokeFunction'], '*', tagged('the-last')),
    ]
    const trust = { Service: 'lambda.amazonaws.com' }
    const adm = { trust, attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] }
    const { verdict } = answerOf({
      name: '',
      file: { users: { dev: { statements } }, roles: { adm } },
      resources: [{ type: 'AWS::Lambda::Function', arn, role: roleArn('adm'), tags: {} }],
      expect: 'proven',
    })
    assert.equal(verdict, 'proven')
  })

  test('a session gets the last one', () => {
    const trust = [
      { Effect: 'Allow', Principal: { AWS: userArn('dev') }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
    ]
    const attaches = allow('iam:AttachRolePolicy', roleArn('hub'), team('the-last'))
    const statements = [...others.map(reads), attaches]
    const dev = { statements: [allow(['sts:AssumeRole', 'sts:TagSession'])] }
    const file = { users: { dev }, roles: { hub: { trust, statements } } }
    assert.equal(answerOf({ name: '', file, expect: 'proven' }).verdict, 'proven')
  })
})
