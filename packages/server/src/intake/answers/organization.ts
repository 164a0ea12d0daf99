import { type AccountId, given, parseAccountId } from '../../base/index.ts'
import type {
  OrganizationAccountImage,
  OrganizationalUnitImage,
  OrganizationImage,
  OrganizationPolicyImage,
  ServiceImage,
} from '../../image/index.ts'
import type { Draft } from '../draft.ts'
import type { Fields } from '../fields.ts'
import { intakeLimits } from '../limits.ts'
import { type AnswerReader, accountOfArn, forms, type Reading } from './answer.ts'

const ids = {
  organization: /^o-[a-z0-9]{10,32}$/,
  root: /^r-[0-9a-z]{4,32}$/,
  unit: /^ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}$/,
  parent: /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$/,
  policy: /^p-[0-9a-zA-Z_]{8,128}$/,
  target: /^(?:r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32}|\d{12})$/,
  account: /^\d{12}$/,
} as const

const isOrganizations = (fields: Fields, list: string) => {
  const [first] = fields.objectsIfAny(list)
  return first?.text('Arn')?.includes(':organizations::') === true
}

/** describe-organization, list-roots, list-accounts, list-policies, list-targets-for-policy … */
export const organizationReaders: readonly AnswerReader[] = [
  {
    namesAccount: true,
    fits: (fields) => fields.inner('Organization').has('MasterAccountId'),
    read({ fields }, { draft }) {
      const each = fields.inner('Organization')
      const managementAccount = accountIn(each, 'MasterAccountId')
      const owner = accountOfArn(each.needs('Arn', forms.arn))
      if (owner?.id !== managementAccount)
        throw each.problem(`Arn is not that of an organization of ${managementAccount}`)
      draft.set(managementAccount, owner.partition, {}, each.at)
      draft.setOrganization(
        given<Omit<OrganizationImage, 'accounts' | 'units' | 'policies' | 'attachments'>>({
          at: each.at,
          id: each.needs('Id', ids.organization),
          managementAccount,
          managementEmail: each.text('MasterAccountEmail'),
          // the form has just been checked
          featureSet: each.text('FeatureSet', /^(?:ALL|CONSOLIDATED_BILLING)$/) as 'ALL' | undefined,
        }),
      )
    },
  },
  {
    namesAccount: true,
    fits: (fields) => isOrganizations(fields, 'Roots'),
    read({ fields }, { draft }) {
      for (const each of fields.objects('Roots', 1)) {
        const owner = accountOfArn(each.needs('Arn', forms.arn))
        if (owner === undefined) throw each.problem('Arn is not that of a root')
        const types = each
          .objects('PolicyTypes', intakeLimits.parts)
          .filter((type) => type.text('Status') === 'ENABLED')
          .map((type) => type.needs('Type', /^[A-Z_0-9]{1,64}$/))
        draft.setOrganization({
          at: each.at,
          managementAccount: owner.id,
          rootId: each.needs('Id', ids.root),
          enabledPolicyTypes: types,
        })
      }
    },
  },
  {
    namesAccount: true,
    fits: (fields) => isOrganizations(fields, 'OrganizationalUnits'),
    read({ fields, input }, { draft }) {
      for (const each of fields.objects('OrganizationalUnits')) unit(each, parentIn(input), draft)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.inner('OrganizationalUnit').has('Id'),
    read({ fields, input }, { draft }) {
      unit(fields.inner('OrganizationalUnit'), parentIn(input), draft)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => isOrganizations(fields, 'Accounts'),
    read({ fields, input }, reading) {
      for (const each of fields.objects('Accounts')) account(each, parentIn(input), reading)
    },
  },
  {
    namesAccount: true,
    fits: (fields, { input }) => fields.has('Parents') && input?.has('ChildId') === true,
    read({ fields, input }, { draft }) {
      const [parent] = fields.objects('Parents', 1)
      const child = input?.needs('ChildId', ids.target)
      const parentId = parent?.needs('Id', ids.parent)
      const id = child === undefined ? undefined : parseAccountId(child)
      if (parentId !== undefined && id !== undefined)
        draft.addToOrganization('accounts', { at: fields.at, account: id, parentId })
    },
  },
  {
    namesAccount: true,
    fits: (fields) => isOrganizations(fields, 'Policies'),
    read({ fields, input }, { draft }) {
      const target = input?.text('TargetId', ids.target)
      for (const each of fields.objects('Policies')) {
        policy(each, undefined, draft)
        if (target !== undefined)
          draft.addToOrganization('attachments', {
            at: each.at,
            policyId: each.needs('Id', ids.policy),
            target,
          })
      }
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.inner('Policy').has('PolicySummary'),
    read({ fields }, { draft }) {
      const each = fields.inner('Policy')
      policy(each.inner('PolicySummary'), each.needsDocument('Content'), draft)
    },
  },
  {
    namesAccount: true,
    fits: (fields) => fields.has('EnabledServicePrincipals'),
    read({ fields }, { draft }) {
      draft.trustServices(services(fields, 'EnabledServicePrincipals', 'DateEnabled'))
    },
  },
  {
    namesAccount: true,
    fits: (fields, { input }) => fields.has('DelegatedServices') && input?.has('AccountId') === true,
    read({ fields, input }, { draft }) {
      draft.addToOrganization('accounts', {
        at: fields.at,
        account: accountIn(input ?? fields, 'AccountId'),
        administers: services(fields, 'DelegatedServices', 'DelegationEnabledDate'),
      })
    },
  },
  {
    namesAccount: true,
    fits: (fields, { input }) => fields.has('Targets') && input?.has('PolicyId') === true,
    read({ fields, input }, { draft }) {
      const policyId = input?.needs('PolicyId', ids.policy) ?? ''
      for (const each of fields.objects('Targets'))
        draft.addToOrganization('attachments', {
          at: each.at,
          policyId,
          target: each.needs('TargetId', ids.target),
        })
    },
  },
]

function services(fields: Fields, list: string, since: string): readonly ServiceImage[] {
  return fields.objects(list, intakeLimits.parts).map((each) =>
    given<ServiceImage>({
      service: each.needs('ServicePrincipal', forms.name),
      since: each.instant(since),
    }),
  )
}

function parentIn(input: Fields | undefined): string | undefined {
  return input?.text('ParentId', ids.parent)
}

function accountIn(fields: Fields, name: string): AccountId {
  return parseAccountId(fields.needs(name, ids.account)) ?? fields.refuse(`${name} is no account`)
}

function unit(fields: Fields, parentId: string | undefined, draft: Draft): void {
  const image = given<OrganizationalUnitImage>({
    at: fields.at,
    id: fields.needs('Id', ids.unit),
    name: fields.needs('Name'),
    parentId,
    tags: fields.tags(),
  })
  draft.addToOrganization('units', image)
}

function account(fields: Fields, parentId: string | undefined, { draft }: Reading): void {
  const id = accountIn(fields, 'Id')
  const owner = accountOfArn(fields.needs('Arn', forms.arn))
  if (owner === undefined) throw fields.problem('Arn is not that of an account')
  const name = fields.text('Name')
  const email = fields.text('Email')
  draft.set(id, owner.partition, given({ name, email }), fields.at)
  const image = given<OrganizationAccountImage>({
    at: fields.at,
    account: id,
    name,
    email,
    parentId,
    status: fields.text('Status') === 'SUSPENDED' ? 'SUSPENDED' : 'ACTIVE',
    joinedMethod: fields.text('JoinedMethod') === 'CREATED' ? 'CREATED' : 'INVITED',
    joinedAt: fields.instant('JoinedTimestamp'),
    tags: fields.tags(),
  })
  draft.addToOrganization('accounts', image)
}

function policy(fields: Fields, content: string | undefined, draft: Draft): void {
  const image = given<OrganizationPolicyImage>({
    at: fields.at,
    id: fields.needs('Id', ids.policy),
    type: fields.needs('Type', /^[A-Z_0-9]{1,64}$/),
    name: fields.needs('Name'),
    description: fields.text('Description'),
    content,
    awsManaged: fields.flag('AwsManaged'),
    tags: fields.tags(),
  })
  draft.addToOrganization('policies', image)
}
