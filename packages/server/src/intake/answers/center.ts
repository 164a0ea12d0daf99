import { given, parseAccountId } from '../../base/index.ts'
import { accessQuotas, centerQuotas } from '../../directory/index.ts'
import type { PermissionSetImage, PolicyReferenceImage } from '../../image/index.ts'
import { plainValue } from '../../shape/index.ts'
import type { AccountList } from '../draft.ts'
import type { Fields } from '../fields.ts'
import {
  type Answer,
  type AnswerAccount,
  type AnswerReader,
  accountOfArn,
  forms,
  type Reading,
} from './answer.ts'

const ids = {
  store: /^d-[\w-]{1,64}$/,
  entity: /^[\w-]{1,64}$/,
  instanceArn: /^arn:aws[a-z-]*:sso:::instance\/(ssoins-[\w-]{1,64})$/,
  setArn: /^arn:aws[a-z-]*:sso:::permissionSet\/(ssoins-[\w-]{1,64})\/(ps-[\w-]{1,64})$/,
  account: /^\d{12}$/,
} as const

/** Answers of `aws sso-admin` and `aws identitystore`. Which account owns the instance, list-instances says (behaviour SSO-110). */
export const centerReaders: readonly AnswerReader[] = [
  {
    namesAccount: true,
    fits: (fields) => fields.objectsIfAny('Instances')[0]?.has('IdentityStoreId') === true,
    read({ fields, region }, { draft }) {
      for (const each of fields.objects('Instances', 100)) {
        const arn = each.needs('InstanceArn', ids.instanceArn)
        const owner = parseAccountId(each.needs('OwnerAccountId', ids.account))
        const account = owner && { id: owner, partition: partitionOf(arn) }
        if (account === undefined) continue
        const id = ids.instanceArn.exec(arn)?.[1] ?? ''
        const storeId = each.needs('IdentityStoreId', ids.store)
        draft.ownCenter(id, account)
        draft.ownCenter(storeId, account)
        const center = given({ at: each.at, id, storeId, region, createdAt: each.instant('CreatedDate') })
        draft.set(account.id, account.partition, { center }, each.at)
      }
    },
  },
  ofStore('Users', 'UserId', 'centerUsers', (each) => {
    const { UserId: _, UserName: __, IdentityStoreId: ___, UserStatus: status, ...others } = plainObject(each)
    return given({
      id: each.needs('UserId', ids.entity),
      name: each.needs('UserName'),
      given: JSON.stringify(others),
      enabled: status === undefined ? undefined : status !== 'DISABLED',
    })
  }),
  ofStore('Groups', 'GroupId', 'centerGroups', (each) =>
    given({
      id: each.needs('GroupId', ids.entity),
      name: each.needs('DisplayName'),
      description: each.text('Description'),
    }),
  ),
  ofStore('GroupMemberships', 'MembershipId', 'centerMemberships', (each) => ({
    id: each.needs('MembershipId', ids.entity),
    group: each.needs('GroupId', ids.entity),
    user: each.inner('MemberId').needs('UserId', ids.entity),
  })),
  {
    namesAccount: false,
    isLate: true,
    fits: (fields) => fields.inner('PermissionSet').has('PermissionSetArn'),
    read(answer, reading) {
      const each = answer.fields.inner('PermissionSet')
      addSet(each.needs('PermissionSetArn', ids.setArn), answer, reading, {
        name: each.needs('Name', /^[\w+=,.@-]{1,32}$/),
        description: each.text('Description'),
        duration: each.text('SessionDuration'),
        relayState: each.text('RelayState'),
        createdAt: each.instant('CreatedDate'),
      })
    },
  },
  ofSet('InlinePolicy', ({ fields }) => ({
    // a set without one has the empty text
    inline:
      fields.text('InlinePolicy', undefined, 50_000) === '' ? undefined : fields.document('InlinePolicy'),
  })),
  ofSet('AttachedManagedPolicies', ({ fields }) => ({
    managed: fields.objects('AttachedManagedPolicies').map((each) => each.needs('Arn', forms.arn)),
  })),
  ofSet('CustomerManagedPolicyReferences', ({ fields }) => ({
    referred: fields.objects('CustomerManagedPolicyReferences').map(referenceOf),
  })),
  ofSet('PermissionsBoundary', ({ fields }) => {
    const boundary = fields.inner('PermissionsBoundary')
    const arn = boundary.text('ManagedPolicyArn', forms.arn)
    if (arn !== undefined) return { boundary: { arn } }
    return boundary.has('CustomerManagedPolicyReference')
      ? { boundary: { reference: referenceOf(boundary.inner('CustomerManagedPolicyReference')) } }
      : {}
  }),
  {
    namesAccount: false,
    isLate: true,
    fits: (fields, { input }) => fields.has('Tags') && ids.setArn.test(input?.text('ResourceArn') ?? ''),
    read(answer, reading) {
      const tags = answer.fields.tags()
      addSet(answer.input?.needs('ResourceArn', ids.setArn) ?? '', answer, reading, { tags })
    },
  },
  {
    namesAccount: false,
    isLate: true,
    fits: (fields) => fields.objectsIfAny('AccountAssignments')[0]?.has('PermissionSetArn') === true,
    read(answer, reading) {
      for (const each of answer.fields.objects('AccountAssignments')) {
        const [, instance = '', set = ''] = ids.setArn.exec(each.needs('PermissionSetArn', ids.setArn)) ?? []
        const account = parseAccountId(each.needs('AccountId', ids.account))
        const type = each.needs('PrincipalType', /^(?:USER|GROUP)$/) as 'USER' | 'GROUP' // the form has just been checked
        const principal = each.needs('PrincipalId', ids.entity)
        const owner = ownerOf(instance, answer, reading)
        if (account !== undefined)
          reading.draft.add(owner.id, owner.partition, 'centerAssignments', {
            at: each.at,
            account,
            set,
            type,
            principal,
          })
      }
    },
  },
  {
    namesAccount: false,
    isLate: true,
    fits: (fields, { input }) =>
      fields.inner('InstanceAccessControlAttributeConfiguration').has('AccessControlAttributes') &&
      ids.instanceArn.test(input?.text('InstanceArn') ?? ''),
    read(answer, reading) {
      const { fields, input } = answer
      const attributes = fields
        .inner('InstanceAccessControlAttributeConfiguration')
        .objects('AccessControlAttributes', 100)
        .map((each) => ({ key: each.needs('Key'), sources: each.inner('Value').texts('Source') }))
      const [, instance = ''] = ids.instanceArn.exec(input?.text('InstanceArn') ?? '') ?? []
      const owner = ownerOf(instance, answer, reading)
      reading.draft.set(owner.id, owner.partition, { center: { at: fields.at, attributes } }, fields.at)
    },
  },
  {
    namesAccount: false,
    isLate: true,
    fits: (fields) =>
      fields.objectsIfAny('entitlements')[0]?.inner('entitlement').has('principalRole') === true,
    read(answer, { draft, accountOf }) {
      const { fields, input } = answer
      const owner = accountOfArn(input?.text('applicationArn') ?? '') ?? accountOf(answer)
      const entitlements = fields.objects('entitlements', accessQuotas.entitlements).map((each) => {
        const { role, ...whom } = entitledIn(each.inner('entitlement').inner('principalRole'))
        const id = each.text('entitlementId', ids.entity)
        return given({ id, createdAt: each.instant('createdAt'), ...whom, role })
      })
      draft.set(owner.id, owner.partition, { center: { at: fields.at, entitlements } }, fields.at)
    },
  },
  {
    // lists of ARNs and accounts, of which other answers say the rest
    namesAccount: true,
    fits: (fields) =>
      fields.texts('PermissionSets').some((arn) => ids.setArn.test(arn)) ||
      (fields.has('AccountIds') && fields.texts('AccountIds').every((id) => ids.account.test(id))),
    read() {},
  },
]

function entitledIn(principalRole: Fields) {
  const principal = principalRole.inner('principal').inner('identityCenter')
  const user = principal.text('userId', ids.entity)
  return {
    type: user === undefined ? ('GROUP' as const) : ('USER' as const),
    principal: user ?? principal.needs('groupId', ids.entity),
    role: principalRole.needs('roleArn', forms.arn),
  }
}

/** A list of the directory, each entity with the id of its store. */
function ofStore(
  name: string,
  id: string,
  list: Extract<AccountList, 'centerUsers' | 'centerGroups' | 'centerMemberships'>,
  read: (each: Fields) => object,
): AnswerReader {
  return {
    namesAccount: false,
    isLate: true,
    fits(fields) {
      const [first] = fields.objectsIfAny(name)
      return first?.has('IdentityStoreId') === true && first.has(id)
    },
    read(answer, reading) {
      for (const each of answer.fields.objects(name, centerQuotas.memberships)) {
        const owner = ownerOf(each.needs('IdentityStoreId', ids.store), answer, reading)
        reading.draft.add(owner.id, owner.partition, list, { at: each.at, ...read(each) } as never) // an entity of the list
      }
    },
  }
}

type SetMembers = { readonly [Member in keyof PermissionSetImage]?: PermissionSetImage[Member] | undefined }

/** An answer about a permission set that only the request names. */
function ofSet(member: string, read: (answer: Answer) => SetMembers): AnswerReader {
  return {
    namesAccount: false,
    isLate: true,
    fits: (fields, { input }) => fields.has(member) && input?.has('PermissionSetArn') === true,
    read(answer, reading) {
      addSet(answer.input?.needs('PermissionSetArn', ids.setArn) ?? '', answer, reading, read(answer))
    },
  }
}

function addSet(arn: string, answer: Answer, reading: Reading, members: SetMembers): void {
  const [, instance = '', id = ''] = ids.setArn.exec(arn) ?? []
  const owner = ownerOf(instance, answer, reading)
  reading.draft.add(
    owner.id,
    owner.partition,
    'permissionSets',
    given<PermissionSetImage>({ at: answer.fields.at, id, ...members }),
  )
}

/** The account that owns an instance or a directory; if no answer says it, the one that asked. */
function ownerOf(id: string, answer: Answer, reading: Reading): AnswerAccount {
  return reading.draft.ownerOfCenter(id) ?? reading.accountOf(answer)
}

function referenceOf(each: Fields): PolicyReferenceImage {
  return { name: each.needs('Name', forms.name), path: each.text('Path', forms.path) ?? '/' }
}

function partitionOf(arn: string): AnswerAccount['partition'] {
  return accountOfArn(arn.replace(':::', '::000000000000:'))?.partition ?? 'aws'
}

function plainObject(each: Fields): Readonly<Record<string, unknown>> {
  return Object(plainValue(each.node))
}
