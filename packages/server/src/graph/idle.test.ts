import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { techniqueTable } from '../authorization/catalogue/index.ts'
import { graphOf, readInventory, readWorld } from './index.ts'
import { Partners } from './search/partners.ts'

const iam = (rest: string): string => `arn:aws:iam::111122223333:${rest}`
const policy = (Action: string, Resource: string) => [
  {
    PolicyName: 'own',
    PolicyDocument: { Version: '2012-10-17', Statement: { Effect: 'Allow', Action, Resource } },
  },
]

/** Someone joins any of many groups, each of which lets it assume one role; the last role may do anything. */
function letInWorld(groups: number) {
  const places = [...Array(groups).keys()]
  const common = { Path: '/', AttachedManagedPolicies: [] }
  const trust = { Effect: 'Allow', Principal: { AWS: iam('root') }, Action: 'sts:AssumeRole' }
  const details = {
    UserDetailList: [
      {
        ...common,
        Arn: iam('user/clerk'),
        UserName: 'clerk',
        UserId: 'AIDACLERKCLERKCLERK00',
        GroupList: [],
        UserPolicyList: policy('iam:AddUserToGroup', iam('group/g-*')),
      },
    ],
    RoleDetailList: places.map((place) => ({
      ...common,
      Arn: iam(`role/r-${place}`),
      RoleName: `r-${place}`,
      RoleId: `AROA${String(place).padStart(17, 'A')}`,
      AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: trust },
      RolePolicyList: policy(place === groups - 1 ? '*' : 's3:GetObject', '*'),
      InstanceProfileList: [],
    })),
    GroupDetailList: places.map((place) => ({
      ...common,
      Arn: iam(`group/g-${place}`),
      GroupName: `g-${place}`,
      GroupPolicyList: policy('sts:AssumeRole', iam(`role/r-${place}`)),
    })),
    Policies: [],
  }
  const inventory = readInventory({ resources: [], accessKeys: {}, loginProfiles: [], mfaDevices: {} })
  return readWorld({ details: JSON.stringify(details), inventory, awsPolicy: () => undefined })
}

test('a search leaves out groups that let in where nobody leads to the goal', () => {
  const searched = (groups: number): number => {
    const visit = mock.method(Partners.prototype, 'visit')
    try {
      const graph = graphOf(letInWorld(groups), techniqueTable())
      const clerk = graph.find('clerk')
      assert.ok(clerk)
      assert.equal(graph.paths(clerk).verdict, 'proven')
      return visit.mock.callCount()
    } finally {
      visit.mock.restore()
    }
  }
  const few = searched(10)
  const many = searched(60)
  assert.ok(many < few * 2, `${few} actors with 10 groups, ${many} with 60`)
})
