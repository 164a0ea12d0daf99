import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { isListKey } from '@omen-iam/policy'
import { serviceInfo, services } from '../../packages/server/src/authorization/catalogue/index.ts'

describe('POL-200 GRD-302 the keys that hold lists', () => {
  it("are those of which AWS's service authorization reference says so", () => {
    const wrong = new Set<string>()
    for (const prefix of services().keys())
      for (const { key, type } of serviceInfo(prefix)?.conditionKeys ?? []) {
        const name = key.toLowerCase().replaceAll(/\$\{[^}]*\}/g, 'x')
        if (isListKey(name) !== type.startsWith('ArrayOf')) wrong.add(`${key}: ${type}`)
      }
    // Of the first two AWS was recorded to hold one text (GRD-302); of the third two sections of the reference differ.
    assert.deepEqual(
      [...wrong],
      [
        'events:detail-type: ArrayOfString',
        'events:source: ArrayOfString',
        'identitystore:UserId: ArrayOfString',
      ],
    )
  })

  it('are the global ones, and no other key of a principal or a tag', () => {
    for (const key of ['aws:tagkeys', 'aws:calledvia', 'aws:principalorgpaths', 'sts:transitivetagkeys'])
      assert.ok(isListKey(key), key)
    for (const key of ['aws:calledviafirst', 'aws:requesttag/team', 'aws:principalorgid', 'events:metadata'])
      assert.ok(!isListKey(key), key)
  })
})
