import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cutAnswerView, type Graph, proposeCuts } from '../../packages/server/src/graph/index.ts'
import { administratorAccess, allow, graphOfFile, roleArn } from './account-file.ts'

const account = 'arn:aws:iam::123456789012:root'
const mfa = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }
const trusting = (more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: account },
  Action: 'sts:AssumeRole',
  ...more,
})

/** A considered edit of a kind, as a cut of its own shows it, and its text in Japanese. */
function viewOf(graph: Graph, kind: string) {
  const answer = proposeCuts(graph, { starts: [graph.find('dev')!] })
  const edit = answer.considered.find((each) => each.edit.kind === kind)
  assert.ok(edit, answer.considered.map((each) => each.edit.kind).join())
  const alone = { ...answer, cuts: [{ ...answer.cuts[0]!, edits: [edit] }] }
  const view = (language: 'en' | 'ja') =>
    cutAnswerView(graph.world, alone, undefined, undefined, language).cuts[0]!.edits[0]!
  return { ...view('en'), japanese: view('ja').text }
}

const assuming = (statements = [allow('sts:AssumeRole', [roleArn('glass')])]) => ({ dev: { statements } })

describe('the words of an edit and what its calls write (LNT-50)', () => {
  const glass = (...trust: object[]) =>
    graphOfFile({ users: assuming(), roles: { glass: { trust, attached: [administratorAccess] } } })

  it('says that a trust policy with one principal becomes a Deny for everyone', () => {
    const { text, after, calls, japanese } = viewOf(glass(trusting(mfa)), 'trust')
    assert.match(
      text,
      /^remove the principal arn:aws:iam::123456789012:root from .+; nothing else is in the trust policy, so it becomes one statement that denies sts:AssumeRole to everyone: nobody can assume the role$/,
    )
    assert.match(japanese, /sts:AssumeRole を拒否する/)
    assert.deepEqual(JSON.parse(after!).Statement, [
      { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' },
    ])
    assert.equal(calls[0]?.input.PolicyDocument, after)
  })

  it('says that a statement goes, where others stay', () => {
    const service = { ...trusting(), Principal: { Service: 'ec2.amazonaws.com' } }
    const { text, after } = viewOf(glass(trusting(mfa), service), 'trust')
    assert.match(text, /, and with it the whole statement$/)
    assert.deepEqual(JSON.parse(after!).Statement, [service])
  })

  it('says nothing more where a statement keeps another principal', () => {
    const both = { AWS: [account, 'arn:aws:iam::999999999999:root'] }
    const { text, after } = viewOf(glass(trusting({ ...mfa, Principal: both })), 'trust')
    assert.doesNotMatch(text, /;|whole/)
    assert.deepEqual(JSON.parse(after!).Statement[0].Principal, { AWS: both.AWS[1] })
  })

  it('names a statement by its Sid, or by its number', () => {
    const second = [allow('s3:ListBucket'), allow('sts:AssumeRole', [roleArn('glass')])]
    const textsOf = (statements: Parameters<typeof assuming>[0]) => {
      const account = {
        users: assuming(statements),
        roles: { glass: { trust: [trusting()], attached: [administratorAccess] } },
      }
      const { text, japanese } = viewOf(graphOfFile(account), 'remove-action')
      return [text, japanese].map((each) => each.replace(/:\d+:\d+/, ''))
    }
    assert.deepEqual(textsOf(second), [
      'remove sts:AssumeRole from statement 2 of own of dev, and with it the whole statement',
      'dev の own のステートメント 2 から sts:AssumeRole を削除する（ステートメント全体がなくなります）',
    ])
    assert.match(
      textsOf(second.map((each) => ({ Sid: 'Enter', ...each })))[0]!,
      /from statement "Enter" of own of dev,/,
    )
  })

  it('says that an inline policy is deleted', () => {
    const { text, after, calls } = viewOf(glass(trusting()), 'remove-action')
    assert.match(text, /^remove sts:AssumeRole from .+; nothing else is in the policy, so it is deleted$/)
    assert.deepEqual([after, calls[0]?.operation], [undefined, 'DeleteUserPolicy'])
  })
})
