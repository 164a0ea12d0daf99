import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { ListUserTagsCommandOutput, Tag } from '@aws-sdk/client-iam'
import { allow, faultOf, openServer, trustEc2 } from './house.ts'

const { iam, close } = await openServer()
after(close)

const PolicyArn = 'arn:aws:iam::123456789012:policy/t'

interface Kind {
  readonly word: string
  /** Whether keys that differ in case are one. */
  readonly ignoresCase: boolean
  make(Tags: Tag[]): Promise<unknown>
  tag(Tags: Tag[]): Promise<unknown>
  untag(TagKeys: string[]): Promise<unknown>
  list(paging?: { MaxItems?: number; Marker?: string | undefined }): Promise<ListUserTagsCommandOutput>
}

const kinds: readonly Kind[] = [
  {
    word: 'User',
    ignoresCase: true,
    make: (Tags) => iam.createUser({ UserName: 't', Tags }),
    tag: (Tags) => iam.tagUser({ UserName: 't', Tags }),
    untag: (TagKeys) => iam.untagUser({ UserName: 't', TagKeys }),
    list: (paging) => iam.listUserTags({ UserName: 't', ...paging }),
  },
  {
    word: 'Role',
    ignoresCase: true,
    make: (Tags) => iam.createRole({ RoleName: 't', AssumeRolePolicyDocument: trustEc2, Tags }),
    tag: (Tags) => iam.tagRole({ RoleName: 't', Tags }),
    untag: (TagKeys) => iam.untagRole({ RoleName: 't', TagKeys }),
    list: (paging) => iam.listRoleTags({ RoleName: 't', ...paging }),
  },
  {
    word: 'Policy',
    ignoresCase: false,
    make: (Tags) => iam.createPolicy({ PolicyName: 't', PolicyDocument: allow('s3:*'), Tags }),
    tag: (Tags) => iam.tagPolicy({ PolicyArn, Tags }),
    untag: (TagKeys) => iam.untagPolicy({ PolicyArn, TagKeys }),
    list: (paging) => iam.listPolicyTags({ PolicyArn, ...paging }),
  },
  {
    word: 'InstanceProfile',
    ignoresCase: false,
    make: (Tags) => iam.createInstanceProfile({ InstanceProfileName: 't', Tags }),
    tag: (Tags) => iam.tagInstanceProfile({ InstanceProfileName: 't', Tags }),
    untag: (TagKeys) => iam.untagInstanceProfile({ InstanceProfileName: 't', TagKeys }),
    list: (paging) => iam.listInstanceProfileTags({ InstanceProfileName: 't', ...paging }),
  },
]

for (const { word, ignoresCase, make, tag, untag, list } of kinds) {
  describe(`tags of ${word}`, () => {
    test('set, replaced, listed by key, taken away (IAM-TAG-2, IAM-TAG-5, IAM-TAG-6, IAM-TAG-7)', async () => {
      await make([{ Key: 'Team', Value: 'red' }])
      await tag([
        { Key: 'team', Value: 'blue' },
        { Key: 'Cost', Value: '' },
        { Key: 'zone', Value: 'ü' },
      ])
      const before = ignoresCase ? [] : [{ Key: 'Team', Value: 'red' }]
      const first = await list({ MaxItems: before.length + 2 })
      assert.deepEqual(first.Tags, [{ Key: 'Cost', Value: '' }, ...before, { Key: 'team', Value: 'blue' }])
      const rest = await list({ Marker: first.Marker })
      assert.deepEqual([rest.Tags, rest.IsTruncated], [[{ Key: 'zone', Value: 'ü' }], false])
      await untag(['ZONE', 'TEAM', 'none'])
      assert.equal((await list()).Tags?.length, ignoresCase ? 1 : 4)
      await untag(['Team', 'team', 'zone'])
      await tag([{ Key: 'team', Value: 'green' }])
    })

    test('the rules (IAM-TAG-1, IAM-TAG-3, IAM-TAG-4)', async () => {
      const twice = tag([
        { Key: 'k', Value: '1' },
        { Key: ignoresCase ? 'K' : 'k', Value: '2' },
      ])
      const note = ignoresCase ? ' Please note that Tag keys are case insensitive.' : ''
      assert.equal(await faultOf(twice), `InvalidInput 400: Duplicate tag keys found.${note}`)
      assert.match(await faultOf(tag([{ Key: 'AWS:x', Value: '' }])), /^InvalidInput 400/)
      await tag(Array.from({ length: 48 }, (_, n) => ({ Key: `k${n}`, Value: `${n}` })))
      assert.equal(
        await faultOf(tag([{ Key: 'more', Value: '' }])),
        `LimitExceeded 409: Cannot exceed quota for TagsPer${word}: 50`,
      )
      await tag([{ Key: ignoresCase ? 'K0' : 'k0', Value: 'replaced' }])
    })
  })
}

test("AWS's own policies bear no tags, and get none (IAM-97)", async () => {
  const PolicyArn = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
  const { Tags, IsTruncated } = await iam.listPolicyTags({ PolicyArn })
  assert.deepEqual([Tags, IsTruncated], [[], false])
  const refusal = 'AccessDenied 403: Policy is outside your own account.'
  assert.equal(await faultOf(iam.tagPolicy({ PolicyArn, Tags: [{ Key: 'a', Value: 'b' }] })), refusal)
  assert.equal(await faultOf(iam.untagPolicy({ PolicyArn, TagKeys: ['a'] })), refusal)
})
