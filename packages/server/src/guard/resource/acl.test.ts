import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { aclAllows, grantsOf, grantsToPublic } from './acl.ts'

const everyone = 'http://acs.amazonaws.com/groups/global/AllUsers'
const aclOf = (grantee: string, permission: string) =>
  `<AccessControlPolicy><AccessControlList><Grant><Grantee>${grantee}</Grantee><Permission>${permission}</Permission></Grant></AccessControlList></AccessControlPolicy>`

describe('what an ACL says', () => {
  test('a group is a group however it is written (GRD-86)', () => {
    for (const uri of [
      everyone,
      everyone.replace('h', '&#104;'),
      everyone.replace('h', '&#x68;'),
      everyone.replace('http', '<![CDATA[http]]>'),
      everyone.replace('http', 'ht<!-- -->tp'),
    ])
      assert.equal(grantsToPublic({}, aclOf(`<URI>${uri}</URI>`, 'READ')), true, uri)
    assert.equal(grantsToPublic({}, aclOf('<ID>abc</ID>', 'READ')), false)
    assert.equal(grantsToPublic({}, ''), false)
  })

  test('what cannot be read is taken to grant to everybody (GRD-86)', () => {
    const entity = `<!DOCTYPE a [<!ENTITY e "http">]>${aclOf(`<URI>&e;${everyone.slice(4)}</URI>`, 'READ')}`
    assert.equal(grantsToPublic({}, entity), true)
    assert.equal(grantsToPublic({}, '<AccessControlPolicy>'), true)
  })

  test('a name that every object has is no group and no permission (GRD-31)', () => {
    const asker = { signed: true, canonicalId: undefined, ignoresPublic: false }
    for (const name of ['constructor', 'toString', '__proto__']) {
      assert.deepEqual(grantsOf(aclOf(`<URI>${name}</URI>`, 'READ')), [])
      const grants = grantsOf(aclOf(`<URI>${everyone}</URI>`, name))
      assert.equal(aclAllows(grants, 's3:GetObject', 'object', asker), false)
    }
  })
})
