import { given } from '../../base/index.ts'
import type { AccountImage, PolicyReferenceImage } from '../../image/index.ts'
import { iso } from './instant.ts'
import { parsed } from './losses.ts'

/** The answers of sso-admin and identitystore about the instance that an account owns; none if it owns none (behaviour SSO-112). */
export function centerAnswers(account: AccountImage): readonly unknown[] {
  const { center, partition } = account
  if (center?.id === undefined || center.storeId === undefined) return []
  const instance = `arn:${partition}:sso:::instance/${center.id}`
  const IdentityStoreId = center.storeId
  const setArn = (id: string) => `arn:${partition}:sso:::permissionSet/${center.id}/${id}`
  const asked = (answer: unknown, input: Readonly<Record<string, string>> = {}) => ({
    request: given({ account: account.account, partition, region: center.region, input }),
    answer,
  })
  const sets = account.permissionSets.flatMap((set) => {
    const PermissionSetArn = setArn(set.id)
    const about = (answer: unknown) => asked(answer, { PermissionSetArn })
    const { inline, managed = [], referred = [], boundary, tags = [] } = set
    return [
      asked({
        PermissionSet: given({
          Name: set.name,
          PermissionSetArn,
          Description: set.description,
          SessionDuration: set.duration,
          RelayState: set.relayState,
          CreatedDate: iso(set.createdAt),
        }),
      }),
      ...(inline === undefined ? [] : [about({ InlinePolicy: inline })]),
      ...(managed.length === 0
        ? []
        : [about({ AttachedManagedPolicies: managed.map((Arn) => ({ Name: nameIn(Arn), Arn })) })]),
      ...(referred.length === 0
        ? []
        : [about({ CustomerManagedPolicyReferences: referred.map(referenceAnswer) })]),
      ...(boundary === undefined
        ? []
        : [
            about({
              PermissionsBoundary:
                'arn' in boundary
                  ? { ManagedPolicyArn: boundary.arn }
                  : { CustomerManagedPolicyReference: referenceAnswer(boundary.reference) },
            }),
          ]),
      ...(tags.length === 0 ? [] : [asked({ Tags: tags }, { ResourceArn: PermissionSetArn })]),
    ]
  })
  const lists = {
    Users: account.centerUsers.map(({ id, name, given: members, enabled }) => ({
      UserName: name,
      UserId: id,
      IdentityStoreId,
      ...Object(parsed(members)),
      UserStatus: enabled === false ? 'DISABLED' : 'ENABLED',
    })),
    Groups: account.centerGroups.map(({ id, name, description }) =>
      given({ GroupId: id, DisplayName: name, Description: description, IdentityStoreId }),
    ),
    GroupMemberships: account.centerMemberships.map(({ id, group, user }) =>
      given({ MembershipId: id, GroupId: group, MemberId: { UserId: user }, IdentityStoreId }),
    ),
    AccountAssignments: account.centerAssignments.map(({ account: AccountId, set, type, principal }) => ({
      AccountId,
      PermissionSetArn: setArn(set),
      PrincipalType: type,
      PrincipalId: principal,
    })),
  }
  const entitlements = (center.entitlements ?? []).map(({ id, createdAt, type, principal, role }) =>
    given({
      entitlementId: id,
      entitlement: {
        principalRole: {
          principal: { identityCenter: type === 'USER' ? { userId: principal } : { groupId: principal } },
          roleArn: role,
        },
      },
      createdAt: iso(createdAt),
    }),
  )
  const attributes = (center.attributes ?? []).map(({ key, sources }) => ({
    Key: key,
    Value: { Source: sources },
  }))
  return [
    asked({
      Instances: [
        given({
          InstanceArn: instance,
          IdentityStoreId,
          OwnerAccountId: account.account,
          CreatedDate: iso(center.createdAt),
          Status: 'ACTIVE',
        }),
      ],
    }),
    ...(attributes.length === 0
      ? []
      : [
          asked(
            { InstanceAccessControlAttributeConfiguration: { AccessControlAttributes: attributes } },
            { InstanceArn: instance },
          ),
        ]),
    ...(entitlements.length === 0 ? [] : [asked({ entitlements })]),
    ...Object.entries(lists).flatMap(([name, list]) => (list.length === 0 ? [] : [asked({ [name]: list })])),
    ...sets,
  ]
}

function referenceAnswer({ name, path }: PolicyReferenceImage) {
  return { Name: name, Path: path }
}

function nameIn(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
