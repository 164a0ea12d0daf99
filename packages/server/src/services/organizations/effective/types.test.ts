import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { ManagementPolicyType } from '../../../directory/index.ts'
import { readDocument } from './document.ts'
import { merge } from './merge.ts'
import { fitsType } from './types.ts'
import { validationErrors } from './validation.ts'

type Document = object | string

const uuid = '12345678-1234-1234-1234-123456789abc'

function taken(type: ManagementPolicyType, document: Document): boolean {
  const read = readDocument(typeof document === 'string' ? document : JSON.stringify(document))
  return read !== undefined && fitsType(read, type)
}

function check(type: ManagementPolicyType, right: readonly Document[], wrong: readonly Document[]): void {
  for (const each of right) assert.ok(taken(type, each), JSON.stringify(each))
  for (const each of wrong) assert.ok(!taken(type, each), JSON.stringify(each))
}

describe('The documents of management policies', () => {
  test('ignore the case of keys, operators and controls, and have none twice (ORG-119, ORG-120)', () => {
    const values = (more: object) => ({ tags: { a: { tag_value: { '@@assign': ['x'], ...more } } } })
    const controls = (...names: string[]) => values({ '@@Operators_Allowed_For_Child_Policies': names })
    check(
      'TAG_POLICY',
      [
        { TAGS: { a: { Tag_Value: { '@@Assign': ['x'] } } } },
        controls('@@None'),
        controls('@@all', '@@assign'),
        controls('@@assign', '@@Assign'),
      ],
      [
        controls(),
        controls('@@assign', '@@assign'),
        controls('@@none', '@@assign'),
        controls('@@none', '@@None'),
        controls('@@every'),
        values({ '@@Assign': ['y'] }),
        '{"tags":{"a":{},"a":{}}}',
        { tags: { a: {}, A: {} } },
      ],
    )
  })

  test('may have idle operators beside their own key, and none on containers (ORG-121, ORG-122)', () => {
    const root = (value: unknown) => ({ tags: {}, '@@append': value })
    check(
      'TAG_POLICY',
      [root('x'), root(null), root(1), root([]), root([null])],
      [root({}), root([{}]), root([['x']]), { tags: { '@@assign': [] } }],
    )
    const regions = (value: object) => ({ plans: { daily: { regions: value } } })
    check('BACKUP_POLICY', [regions({ '@@assign': [] })], [regions({ '@@append': [] })])
  })

  test('name tags, and resource types that AWS has (ORG-123)', () => {
    const enforced = (name: string) => ({ tags: { a: { enforced_for: { '@@assign': [name] } } } })
    check(
      'TAG_POLICY',
      [
        enforced('sqs:queue'),
        enforced('ecs:ALL_SUPPORTED'),
        enforced('rds:cluster'),
        { tags: { a: { tag_value: { '@@assign': [12, true, null] } } } },
      ],
      [
        enforced('ecs:*'),
        enforced('imaginary:thing'),
        enforced('sqs:thing'),
        { tags: { '': {} } },
        { tags: { a: { tag_value: { '@@assign': [{}] } } } },
        { tags: { a: { other: {} } } },
        { tags: { a: { tag_value: { '@@assign': ['*@*.com'] } } } },
        enforced('*:*'),
      ],
    )
  })

  test('name AI services that AWS lists, letter by letter (ORG-124)', () => {
    check(
      'AISERVICES_OPT_OUT_POLICY',
      [{ services: { aiops: { opt_out_policy: {} } } }],
      [
        { services: { Default: {} } },
        { services: { unknown: {} } },
        { services: { lex: { other: {} } } },
        { services: { lex: { '@@append': [] } } },
      ],
    )
  })

  test('name clients, workspaces, tenants and teams of chats (ORG-125, ORG-126)', () => {
    const slack = (of: object) => ({ chatbot: { platforms: { Slack: of } } })
    const teams = (of: object) => ({ chatbot: { platforms: { microsoft_teams: of } } })
    const roles = { supported_role_settings: { '@@assign': ['user_role'] } }
    check(
      'CHATBOT_POLICY',
      [
        { chatbot: { default: { client: { '@@assign': 'disabled' } } } },
        slack({ workspaces: { '@@assign': ['T0'] }, overrides: { ['A'.repeat(255)]: roles } }),
        teams({ tenants: { '*': { '@@assign': ['*', uuid] }, [uuid]: { '@@append': ['*', '*'] } } }),
        teams({ overrides: { [uuid]: { [uuid]: roles } } }),
      ],
      [
        { chatbot: { platforms: { default: {} } } },
        { chatbot: { other: {} } },
        slack({ workspaces: { '@@assign': ['t0'] } }),
        slack({ overrides: { T_A: {} } }),
        slack({ overrides: { ['A'.repeat(256)]: {} } }),
        slack({ overrides: { T0: { client: { '@@assign': 'enabled' } } } }),
        teams({ tenants: { [uuid.toUpperCase()]: {} } }),
        teams({ overrides: { '*': {} } }),
        teams({ overrides: { [uuid]: { '*': {} } } }),
        teams({ overrides: { [uuid]: roles } }),
      ],
    )
  })

  test('schedule backups as Quartz does (ORG-127)', () => {
    const schedule = (fields: string) => ({
      plans: { daily: { rules: { daily: { schedule_expression: { '@@assign': `cron(${fields})` } } } } },
    })
    const days = (...given: string[]) => given.map((day) => schedule(`0 5 ${day} * ? *`))
    const week = (...given: string[]) => given.map((day) => schedule(`0 5 ? * ${day} *`))
    check(
      'BACKUP_POLICY',
      [
        ...days('L', 'LW', 'L-3W', 'L-30', '1-5W', '1W,15W', '28-3', '*/2'),
        ...week('1L', 'MONL', 'MON#5', '1#1,2', 'MON-FRI/2', '7-1', 'mon'),
        schedule('0 5 1 * ?'),
        schedule('0/15 5 ? NOV-FEB * * *'),
        schedule('0 5 29 FEB ? *'),
      ],
      [
        ...days('L,L', 'L-31', '0', '32', '1L', '1#2', 'MON', '1/'),
        ...week('0L', 'MON#0', 'MON#6', '1L,2L', 'MON#1/2', '8', '1W', '2#1,3#1'),
        schedule('0 5 31W FEB ? *'),
        schedule('0 5 ? JAN * 2035-2030'),
        schedule('60 5 ? * * *'),
        schedule('0 5 1 * 1 *'),
        schedule('0 5 ? * ? *'),
        schedule('0 5 ? *'),
      ],
    )
  })

  test('give windows of backups in sixteen digits at most (ORG-128)', () => {
    const start = (minutes: string) => ({
      plans: { daily: { rules: { daily: { start_backup_window_minutes: { '@@assign': minutes } } } } },
    })
    check('BACKUP_POLICY', [start('9'.repeat(16))], [start(`1${'0'.repeat(16)}`)])
  })

  test('may ask for fifty tags of a resource type (ORG-96)', () => {
    const tags = Array.from({ length: 51 }, (_, n) => [
      `t${n}`,
      { report_required_tag_for: { '@@assign': ['ec2:instance'] } },
    ])
    const document = readDocument(JSON.stringify({ tags: Object.fromEntries(tags) }))
    assert.ok(document)
    assert.deepEqual(validationErrors(merge([[{ id: 'p-1', document }]]), 'TAG_POLICY'), [
      {
        ErrorCode: 'ELEMENTS_TOO_MANY',
        ErrorMessage:
          "Resource type 'ec2:instance' has 51 tags for 'report_required_tag_for', which exceeds the maximum limit of 50. Contributing tag keys include: t0, t1, t2, t3, t4 and 46 more",
        PathToError: 'tags',
        ContributingPolicies: ['p-1'],
      },
    ])
  })
})
