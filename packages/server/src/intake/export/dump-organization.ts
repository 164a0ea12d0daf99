import { given } from '../../base/index.ts'
import type { Image, OrganizationImage } from '../../image/index.ts'
import { iso } from './instant.ts'

/** Answers of AWS Organizations, with their requests if they do not contain what was requested. */
export function organizationAnswers(
  organization: OrganizationImage,
  { accounts }: Image,
): readonly unknown[] {
  const { managementAccount: account, id = '', rootId = '' } = organization
  const partition = accounts[0]?.partition ?? 'aws'
  const arn = (rest: string) => `arn:${partition}:organizations::${account}:${rest}`
  const asked = (input: Readonly<Record<string, string>>, answer: unknown) => ({
    request: { account, partition, input },
    answer,
  })
  const answers: unknown[] = [
    {
      Organization: given({
        Id: id,
        Arn: arn(`organization/${id}`),
        FeatureSet: organization.featureSet,
        MasterAccountArn: arn(`account/${id}/${account}`),
        MasterAccountId: account,
        MasterAccountEmail: organization.managementEmail,
      }),
    },
    {
      Roots: [
        {
          Id: rootId,
          Arn: arn(`root/${id}/${rootId}`),
          Name: 'Root',
          PolicyTypes: (organization.enabledPolicyTypes ?? []).map((Type) => ({ Type, Status: 'ENABLED' })),
        },
      ],
    },
  ]
  for (const [ParentId, units] of Map.groupBy(organization.units, ({ parentId }) => parentId ?? rootId))
    answers.push(
      asked(
        { ParentId },
        {
          OrganizationalUnits: units.map((unit) =>
            given({ Id: unit.id, Arn: arn(`ou/${id}/${unit.id}`), Name: unit.name, Tags: unit.tags }),
          ),
        },
      ),
    )
  for (const [ParentId, members] of Map.groupBy(organization.accounts, ({ parentId }) => parentId ?? rootId))
    answers.push(
      asked(
        { ParentId },
        {
          Accounts: members.map((member) =>
            given({
              Id: member.account,
              Arn: arn(`account/${id}/${member.account}`),
              Name: member.name,
              Email: member.email,
              Status: member.status,
              JoinedMethod: member.joinedMethod,
              JoinedTimestamp: iso(member.joinedAt),
              Tags: member.tags,
            }),
          ),
        },
      ),
    )
  const trusted = (organization.trustedServices ?? []).map(({ service, since }) =>
    given({ ServicePrincipal: service, DateEnabled: iso(since) }),
  )
  if (trusted.length > 0) answers.push(asked({}, { EnabledServicePrincipals: trusted }))
  for (const { account: AccountId, administers = [] } of organization.accounts) {
    const services = administers.map(({ service, since }) =>
      given({ ServicePrincipal: service, DelegationEnabledDate: iso(since) }),
    )
    if (services.length > 0) answers.push(asked({ AccountId }, { DelegatedServices: services }))
  }
  for (const policy of organization.policies) {
    const type = policy.type.toLowerCase()
    const owner = policy.awsManaged === true ? 'aws' : undefined
    const policyArn =
      owner === undefined
        ? arn(`policy/${id}/${type}/${policy.id}`)
        : `arn:${partition}:organizations::aws:policy/${type}/${policy.id}`
    answers.push({
      Policy: {
        PolicySummary: given({
          Id: policy.id,
          Arn: policyArn,
          Name: policy.name,
          Description: policy.description,
          Type: policy.type,
          AwsManaged: policy.awsManaged,
          Tags: policy.tags,
        }),
        Content: policy.content,
      },
    })
  }
  for (const [PolicyId, targets] of Map.groupBy(organization.attachments, ({ policyId }) => policyId))
    answers.push(asked({ PolicyId }, { Targets: targets.map(({ target }) => ({ TargetId: target })) }))
  return answers
}
