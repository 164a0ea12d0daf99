import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { EffectivePolicyType } from '@aws-sdk/client-organizations'
import { managementId, openOrganizationServer, policy, refused } from './organizations-house.ts'

/** The examples of the User Guide, "Inheritance examples". */
const policyA = tags({
  tag_key: { '@@assign': 'CostCenter' },
  tag_value: { '@@assign': ['Development', 'Support'] },
})
const policyB = tags({
  tag_key: { '@@assign': 'CostCenter' },
  tag_value: { '@@assign': ['Sandbox'] },
  enforced_for: { '@@assign': ['redshift:ALL_SUPPORTED', 'dynamodb:table'] },
})
const policyC = tags({
  tag_key: { '@@assign': 'CostCenter' },
  tag_value: { '@@append': ['Marketing'] },
  enforced_for: { '@@append': ['redshift:ALL_SUPPORTED', 'dynamodb:table'] },
})
const policyD = tags({
  tag_value: { '@@remove': ['Development', 'Marketing'] },
  enforced_for: { '@@remove': ['redshift:ALL_SUPPORTED', 'dynamodb:table'] },
})

describe('Management policies', async () => {
  const server = await openOrganizationServer()
  const { management, makeAccount, makeUnit, enter } = server
  const { organizations } = management
  after(() => server.omen.close())
  await organizations.createOrganization({})
  const root = await server.rootId()
  const account = await makeAccount()
  const member = await enter(account)
  const unit = await makeUnit(root, 'OU2')
  await organizations.moveAccount({ AccountId: account, SourceParentId: root, DestinationParentId: unit })

  let made = 0
  const make = async (document: object | string, Type: EffectivePolicyType = 'TAG_POLICY') => {
    const { Policy: created } = await organizations.createPolicy({
      Name: `policy ${++made}`,
      Description: '',
      Type,
      Content: typeof document === 'string' ? document : JSON.stringify(document),
    })
    assert.ok(created?.PolicySummary?.Id)
    return created.PolicySummary.Id
  }
  const attach = async (TargetId: string, ...documents: object[]) => {
    const ids: string[] = []
    for (const document of documents) {
      const PolicyId = await make(document)
      await organizations.attachPolicy({ PolicyId, TargetId })
      ids.push(PolicyId)
    }
    return async () => {
      for (const PolicyId of ids) {
        await organizations.detachPolicy({ PolicyId, TargetId })
        await organizations.deletePolicy({ PolicyId })
      }
    }
  }
  const effective = async (TargetId = account, PolicyType: EffectivePolicyType = 'TAG_POLICY') => {
    const { EffectivePolicy: found } = await organizations.describeEffectivePolicy({ PolicyType, TargetId })
    return JSON.parse(found?.PolicyContent ?? '')
  }

  await test('are kept and attached, and every one of them can be detached (ORG-30, ORG-90)', async () => {
    const id = await make(policyA)
    const { Organization: organization } = await organizations.describeOrganization({})
    const { Policy: kept } = await organizations.describePolicy({ PolicyId: id })
    assert.equal(
      kept?.PolicySummary?.Arn,
      `arn:aws:organizations::${managementId}:policy/${organization?.Id}/tag_policy/${id}`,
    )
    assert.deepEqual(await refused(organizations.attachPolicy({ PolicyId: id, TargetId: root })), [
      'PolicyTypeNotEnabledException',
      'This operation can be performed only for enabled policy types.',
    ])
    assert.equal(
      (await refused(organizations.describeEffectivePolicy({ PolicyType: 'TAG_POLICY' })))[0],
      'EffectivePolicyNotFoundException',
    )
    await organizations.enablePolicyType({ RootId: root, PolicyType: 'TAG_POLICY' })
    const { Roots: roots } = await organizations.listRoots({})
    assert.deepEqual(roots?.[0]?.PolicyTypes, [{ Type: 'TAG_POLICY', Status: 'ENABLED' }])
    await organizations.attachPolicy({ PolicyId: id, TargetId: root })
    assert.equal(
      (await refused(organizations.attachPolicy({ PolicyId: id, TargetId: root })))[0],
      'DuplicatePolicyAttachmentException',
    )
    const listed = await organizations.listPoliciesForTarget({ TargetId: root, Filter: 'TAG_POLICY' })
    assert.deepEqual(
      listed.Policies?.map((each) => [each.Id, each.Type, each.AwsManaged]),
      [[id, 'TAG_POLICY', false]],
    )
    assert.equal((await refused(organizations.deletePolicy({ PolicyId: id })))[0], 'PolicyInUseException')
    await organizations.detachPolicy({ PolicyId: id, TargetId: root })
    await organizations.deletePolicy({ PolicyId: id })
    const left = await organizations.listPolicies({ Filter: 'TAG_POLICY' })
    assert.deepEqual(left.Policies, [])
  })

  await test('are written in a language of their own (ORG-91)', async () => {
    const wrong: (readonly [unknown, EffectivePolicyType])[] = [
      ['{', 'TAG_POLICY'],
      [policy({ Effect: 'Allow', Action: '*', Resource: '*' }), 'TAG_POLICY'],
      [{ plans: {} }, 'TAG_POLICY'],
      [tags({ tag_key: 'CostCenter' }), 'TAG_POLICY'],
      [tags({ tag_key: { '@@assign': 'Other' } }), 'TAG_POLICY'],
      [tags({ tag_value: { '@@append': 'x' } }), 'TAG_POLICY'],
      [tags({ enforced_for: { '@@assign': ['ec2'] } }), 'TAG_POLICY'],
      [{ securityhub: { enable_in_regions: { '@@assign': [] } } }, 'SECURITYHUB_POLICY'],
      [tags({ tag_value: { '@@set': ['x'] } }), 'TAG_POLICY'],
      [{ services: { lex: { opt_out_policy: { '@@assign': 'out' } } } }, 'AISERVICES_OPT_OUT_POLICY'],
      [`${'{"plans":'.repeat(40)}{}${'}'.repeat(40)}`, 'BACKUP_POLICY'],
    ]
    for (const [document, type] of wrong) {
      assert.equal(
        (await refused(make(document as object, type)))[0], // texts pass through as they are
        'MalformedPolicyDocumentException',
        JSON.stringify(document),
      )
    }
    const long = tags({ tag_value: { '@@assign': ['x'.repeat(10_000)] } })
    assert.equal(
      (await refused(make(long)))[0],
      'ConstraintViolationException (POLICY_CONTENT_LIMIT_EXCEEDED)',
    )
    const right: Partial<Record<EffectivePolicyType, object>> = {
      BACKUP_POLICY: { plans: { daily: { regions: { '@@append': ['us-east-1'] } } } },
      AISERVICES_OPT_OUT_POLICY: { services: { default: { opt_out_policy: { '@@assign': 'optOut' } } } },
      CHATBOT_POLICY: { chatbot: { default: { client: { '@@assign': 'disabled' } } } },
      DECLARATIVE_POLICY_EC2: {
        ec2_attributes: { image_block_public_access: { state: { '@@assign': 'block_new_sharing' } } },
      },
      SECURITYHUB_POLICY: {
        securityhub: {
          enable_in_regions: { '@@assign': ['ALL_SUPPORTED'] },
          disable_in_regions: { '@@assign': [] },
        },
      },
      SECURITYHUB_CSPM_POLICY: { any: { cspm_enablement: { enable_in_regions: { '@@assign': [] } } } },
      TAG_POLICY: tags({ tag_value: { '@@assign': ['*@example.com'] } }),
      INSPECTOR_POLICY: { inspector: { enablement: {} } },
      UPGRADE_ROLLOUT_POLICY: { upgrade_rollout: { default: { patch_order: { '@@assign': 'last' } } } },
      BEDROCK_POLICY: { bedrock: { guardrail_inference: {} } },
      S3_POLICY: { s3_attributes: { public_access_block_configuration: { '@@assign': 'all' } } },
      NETWORK_SECURITY_DIRECTOR_POLICY: { network_security_director: { enablement: {} } },
      GUARDDUTY_POLICY: { guardduty: { default: {} } },
    }
    for (const [type, document] of Object.entries(right)) {
      await make(document, type as EffectivePolicyType) // a key of the record above
      await organizations.listPolicies({ Filter: type as EffectivePolicyType }) // as above
    }
  })

  await test('overwrite, append and remove what is inherited, at once (ORG-92, ORG-129)', async () => {
    const detachA = await attach(root, policyA)
    const detachB = await attach(unit, policyB)
    assert.deepEqual(await effective(), {
      tags: {
        costcenter: {
          tag_key: 'CostCenter',
          tag_value: ['Sandbox'],
          enforced_for: ['redshift:ALL_SUPPORTED', 'dynamodb:table'],
        },
      },
    })
    assert.deepEqual(await effective(managementId), {
      tags: { costcenter: { tag_key: 'CostCenter', tag_value: ['Development', 'Support'] } },
    })
    await detachB()
    const detachC = await attach(unit, policyC)
    assert.deepEqual(await effective(), {
      tags: {
        costcenter: {
          tag_key: 'CostCenter',
          tag_value: ['Development', 'Support', 'Marketing'],
          enforced_for: ['redshift:ALL_SUPPORTED', 'dynamodb:table'],
        },
      },
    })
    const detachD = await attach(account, policyD)
    assert.deepEqual(await effective(), {
      tags: { costcenter: { tag_key: 'CostCenter', tag_value: ['Support'] } },
    })
    for (const detach of [detachD, detachC, detachA]) await detach()
  })

  await test('leave to those below what they say, and never give more back (ORG-93)', async () => {
    const detachE = await attach(root, {
      tags: {
        '@@operators_allowed_for_child_policies': ['@@none'],
        project: {
          tag_key: { '@@operators_allowed_for_child_policies': ['@@none'], '@@assign': 'Project' },
          tag_value: {
            '@@operators_allowed_for_child_policies': ['@@append'],
            '@@assign': ['Maintenance', 'Escalations'],
          },
        },
      },
    })
    const detachF = await attach(unit, {
      tags: {
        '@@operators_allowed_for_child_policies': ['@@all'],
        project: {
          tag_key: { '@@assign': 'PROJECT' },
          tag_value: {
            '@@operators_allowed_for_child_policies': ['@@all'],
            '@@append': ['Escalations - research'],
          },
        },
      },
    })
    const detachBelow = await attach(account, {
      tags: {
        project: { tag_value: { '@@remove': ['Maintenance'], '@@assign': ['Other'] } },
        owner: { tag_key: { '@@assign': 'Owner' } },
      },
    })
    assert.deepEqual(await effective(), {
      tags: {
        project: {
          tag_key: 'Project',
          tag_value: ['Maintenance', 'Escalations', 'Escalations - research'],
        },
      },
    })
    for (const detach of [detachBelow, detachF, detachE]) await detach()

    // both at one level: what both allow
    const detachGH = await attach(
      root,
      project({ '@@operators_allowed_for_child_policies': ['@@append'], '@@assign': ['Maintenance'] }),
      project({ '@@operators_allowed_for_child_policies': ['@@append', '@@remove'] }),
    )
    const detach = await attach(unit, project({ '@@append': ['Research'], '@@remove': ['Maintenance'] }))
    assert.deepEqual(await effective(), {
      tags: { project: { tag_key: 'project', tag_value: ['Maintenance', 'Research'] } },
    })
    await detach()
    await detachGH()
  })

  await test('that were attached first win at their level, then all add and all take away (ORG-94, ORG-130)', async () => {
    const detach = await attach(
      root,
      {
        tags: { project: { tag_key: { '@@assign': 'PROJECT' }, tag_value: { '@@append': ['Maintenance'] } } },
      },
      { tags: { project: { tag_key: { '@@assign': 'project' }, tag_value: { '@@remove': [1] } } } },
      { tags: { project: { tag_value: { '@@append': [1, null] } }, empty: {} } },
    )
    assert.deepEqual(await effective(), {
      tags: {
        project: { tag_key: 'PROJECT', tag_value: ['Maintenance', 'null'] },
        empty: { tag_key: 'empty', tag_value: ['*'] },
      },
    })
    await detach()
  })

  await test('are shown to the account that they are for (ORG-95)', async () => {
    const detach = await attach(account, policyA)
    const before = server.omen.clock.now()
    const { EffectivePolicy: own } = await member.organizations.describeEffectivePolicy({
      PolicyType: 'TAG_POLICY',
    })
    assert.equal(own?.TargetId, account)
    assert.equal(own?.PolicyType, 'TAG_POLICY')
    assert.ok(Math.abs(Number(own?.LastUpdatedTimestamp) - before) < 60_000)
    const described = (TargetId?: string) =>
      member.organizations.describeEffectivePolicy({
        PolicyType: 'TAG_POLICY',
        ...(TargetId && { TargetId }),
      })
    assert.equal((await refused(described(managementId)))[0], 'AccessDeniedException')
    const ask = (TargetId: string) =>
      organizations.describeEffectivePolicy({ PolicyType: 'TAG_POLICY', TargetId })
    assert.equal((await refused(ask(root)))[0], 'InvalidInputException (TARGET_NOT_SUPPORTED)')
    assert.equal((await refused(ask('000000000000')))[0], 'TargetNotFoundException')
    assert.equal((await ask(managementId)).EffectivePolicy?.PolicyContent, '{}')
    const user = server.hand(await server.makeUser('reader'))
    const text = await server.whyRefused(
      user.organizations.describeEffectivePolicy({ PolicyType: 'TAG_POLICY', TargetId: account }),
    )
    assert.match(
      text,
      new RegExp(`perform: organizations:DescribeEffectivePolicy on resource: .*/${account} because`),
    )
    await detach()
  })

  await test('can be right each and wrong together (ORG-96, ORG-131)', async () => {
    const PolicyType = 'BACKUP_POLICY'
    const list = () => organizations.listAccountsWithInvalidEffectivePolicy({ PolicyType })
    const errors = (AccountId = account) =>
      organizations.listEffectivePolicyValidationErrors({ AccountId, PolicyType })
    assert.equal((await refused(list()))[0], 'EffectivePolicyNotFoundException')
    await organizations.enablePolicyType({ RootId: root, PolicyType })
    assert.deepEqual((await list()).Accounts, [])
    const nothing = await errors()
    assert.deepEqual([nothing.EffectivePolicyValidationErrors, nothing.Path], [[], undefined])
    assert.equal((await refused(errors('000000000000')))[0], 'AccountNotFoundException')
    const ids: string[] = []
    for (const [target, names] of [
      [root, ['a', 'b', 'c', 'd', 'e', 'f']],
      [unit, ['g', 'h', 'i', 'j', 'k', 'l']],
    ] as const) {
      const rules = Object.fromEntries(
        names.map((name) => [name, { lifecycle: {}, target_backup_vault_name: { '@@assign': 'x' } }]),
      )
      const regions = { '@@assign': ['us-east-1'] }
      const selections = { resources: { all: {} } }
      const PolicyId = await make({ plans: { Daily: { rules, regions, selections } } }, PolicyType)
      await organizations.attachPolicy({ PolicyId, TargetId: target })
      ids.push(PolicyId)
    }
    const { Accounts: accounts, PolicyType: type } = await list()
    assert.equal(type, PolicyType)
    assert.deepEqual(
      accounts?.map((each) => each.Id),
      [account],
    )
    const found = await errors()
    const { Organization: organization } = await organizations.describeOrganization({})
    assert.equal(found.AccountId, account)
    assert.equal(found.PolicyType, PolicyType)
    assert.equal(found.Path, `${organization?.Id}/${root}/${unit}/${account}/`)
    assert.ok(found.EvaluationTimestamp)
    assert.deepEqual(
      found.EffectivePolicyValidationErrors,
      ['k', 'l'].map((rule) => ({
        ErrorCode: 'ELEMENTS_TOO_MANY',
        ErrorMessage: `'${rule}' exceeds the allowed maximum limit 10`,
        PathToError: `plans/daily/rules/${rule}`,
        ContributingPolicies: [ids[1]],
      })),
    )
    assert.equal(
      (await refused(member.organizations.listAccountsWithInvalidEffectivePolicy({ PolicyType })))[0],
      'AccessDeniedException',
    )
    const user = server.hand(
      await server.makeUser('auditor', 'organizations:ListAccountsWithInvalidEffectivePolicy'),
    )
    await user.organizations.listAccountsWithInvalidEffectivePolicy({ PolicyType })
    assert.match(
      await server.whyRefused(
        user.organizations.listEffectivePolicyValidationErrors({ AccountId: account, PolicyType }),
      ),
      /perform: organizations:ListEffectivePolicyValidationErrors on resource: /,
    )
    await organizations.disablePolicyType({ RootId: root, PolicyType })
    assert.equal((await refused(list()))[0], 'EffectivePolicyNotFoundException')
  })

  await test('of a service need its trusted access (ORG-97)', async () => {
    const PolicyType = 'SECURITYHUB_POLICY'
    const service = { ServicePrincipal: 'securityhub.amazonaws.com' }
    const enable = () => organizations.enablePolicyType({ RootId: root, PolicyType })
    assert.equal((await refused(enable()))[0], 'ConstraintViolationException (SERVICE_ACCESS_NOT_ENABLED)')
    await organizations.enableAWSServiceAccess(service)
    await enable()
    assert.equal(
      (await refused(organizations.disableAWSServiceAccess(service)))[0],
      'ConstraintViolationException (POLICY_TYPE_ENABLED_FOR_THIS_SERVICE)',
    )
    await organizations.disablePolicyType({ RootId: root, PolicyType })
    await organizations.disableAWSServiceAccess(service)
  })

  await test('are attached up to ten times in one place, some types five times (ORG-70)', async () => {
    const limits: (readonly [EffectivePolicyType, object, number])[] = [
      ['TAG_POLICY', policyA, 10],
      ['AISERVICES_OPT_OUT_POLICY', { services: {} }, 5],
    ]
    await organizations.enablePolicyType({ RootId: root, PolicyType: 'AISERVICES_OPT_OUT_POLICY' })
    for (const [type, document, most] of limits) {
      for (let count = 0; count < most; count++) {
        await organizations.attachPolicy({ PolicyId: await make(document, type), TargetId: unit })
      }
      assert.equal(
        (
          await refused(organizations.attachPolicy({ PolicyId: await make(document, type), TargetId: unit }))
        )[0],
        'ConstraintViolationException (MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED)',
      )
    }
  })
})

function tags(costCenter: object) {
  return { tags: { CostCenter: costCenter } }
}

function project(values: object) {
  return { tags: { project: { tag_value: values } } }
}
