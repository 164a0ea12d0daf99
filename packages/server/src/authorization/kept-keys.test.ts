import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { furtherKeys, KeysRoom } from './kept-keys.ts'

describe('the condition keys that are kept with an event', () => {
  it('have their values, but for what only two parties know (TRL-91)', () => {
    const kept = new KeysRoom().keep({
      'aws:RequestTag/saml:team': 'pay',
      'saml:sub': 'a-person',
      'sts:ExternalId': 'secret',
      'sts:RequestContext/a': 'b',
      'aws:Referer': 'https://example.com/?key=secret',
      'accounts.example.com:sub': 'a-person',
      'accounts.example.com:sub.name': 'a-person',
      'aws:RequestTag/a.b:c': 'kept',
      'aws:TagKeys': [],
      'iam:PassedToService': 'ec2.amazonaws.com',
      'iam:AssociatedResourceArn': undefined,
    })
    assert.deepEqual(kept, {
      'aws:requesttag/saml:team': 'pay',
      'saml:sub': null,
      'sts:externalid': null,
      'sts:requestcontext/a': null,
      'aws:referer': null,
      'accounts.example.com:sub': null,
      'accounts.example.com:sub.name': null,
      'aws:requesttag/a.b:c': 'kept',
    })
  })

  it('are cut at 4,096 characters of one event, and of tags that differ in case one is kept (TRL-91, POL-178)', () => {
    for (const keys of [
      { 'aws:RequestTag/Case': '1', 'aws:RequestTag/case': '2' },
      { 'aws:RequestTag/case': '2', 'aws:RequestTag/Case': '1' },
    ])
      assert.deepEqual(new KeysRoom().keep(keys), { 'aws:requesttag/case': '2' })
    const list = (length: number) => new KeysRoom().keep({ k: ['x'.repeat(length), ''] })
    assert.equal(list(4_089)?.k?.length, 2)
    assert.deepEqual(list(4_090), { [furtherKeys]: null })
    // what is not kept takes no room, but for its name
    const secret = (length: number) =>
      new KeysRoom().keep({ 'sts:ExternalId': 'x'.repeat(5_000), k: 'x'.repeat(length) })
    const least = 'sts:externalid'.length + 'null'.length + 'k'.length
    assert.equal(secret(4_096 - least)?.k?.length, 4_096 - least)
    assert.deepEqual(secret(4_097 - least), { 'sts:externalid': null, [furtherKeys]: null })
    const room = new KeysRoom()
    const name = 'aws:RequestTag/a'
    assert.deepEqual(Object.keys(room.keep({ [name]: 'x'.repeat(4_096 - name.length) }) ?? {}), [
      name.toLowerCase(),
    ])
    assert.equal(furtherKeys, '*') // stored events have it
    assert.deepEqual(room.keep({ b: '' }), { [furtherKeys]: null })
    assert.equal(room.keep(undefined), undefined)
  })
})
