import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { parseSource } from '../../sources/index.ts'
import { imageOfTemplates, isTemplateSource } from './index.ts'

const string = JSON.stringify
const trust = string({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }],
})
const allow = (Action: string) =>
  string({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })

/** A module of a configuration: a role with what belongs to it, and further modules. */
interface Module {
  readonly name: string
  /** The keys of `count` or `for_each` of the call; none: it is called once. */
  readonly keys: readonly string[]
  readonly roleKeys: readonly string[]
  readonly naming: 'name' | 'prefix' | 'computed'
  readonly modules: readonly Module[]
}

const keys = fc.constantFrom<readonly string[]>([], ['[0]'], ['[0]', '[1]'], ['["a"]', '["b.c"]'])
const { module } = fc.letrec<{ module: Module }>((tie) => ({
  module: fc.record({
    name: fc.constantFrom('app', 'db', 'net'),
    keys,
    roleKeys: keys,
    naming: fc.constantFrom('name', 'prefix', 'computed'),
    modules: fc.oneof(
      { depthSize: 'small', maxDepth: 2 },
      fc.constant([]),
      fc.array(tie('module'), { maxLength: 2 }),
    ),
  }),
}))

/** How a plan loses what others have: each as real plans and tools that rewrite them do it. */
const loss = fc.record({
  is: fc.constantFrom('unknown', 'local', 'unconfigured', 'unplanned', 'unmarked', 'same name', 'relative'),
  place: fc.nat(),
  attribute: fc.constantFrom(
    'name',
    'role',
    'policy_arn',
    'policy',
    'assume_role_policy',
    'permissions_boundary',
  ),
})

type Values = Record<string, unknown>
interface Resource {
  address: string
  module: string
  type: string
  name: string
  values: Values
  unknown: Record<string, boolean>
  isPlanned: boolean
  isMarked: boolean
}
interface Configured {
  address: string
  expressions: Record<string, { references: string[] }>
}

const reference = (target: string, attribute: string) => ({
  references: [`${target}.${attribute}`, target, target.replace(/\[.*$/, '')],
})

/** The resources of modules, and the configuration that they are of. */
function planOf(
  modules: readonly Module[],
  losses: readonly { is: string; place: number; attribute: string }[],
) {
  const resources: Resource[] = []
  const configured: Configured[] = []
  const add = (
    module: string,
    type: string,
    name: string,
    key: string,
    values: Values,
    unknown: string[],
  ) => {
    const own = `${type}.${name}${key}`
    resources.push({
      address: module === '' ? own : `${module}.${own}`,
      module,
      type,
      name,
      values,
      unknown: Object.fromEntries(['id', 'arn', ...unknown].map((each) => [each, true])),
      isPlanned: true,
      isMarked: true,
    })
  }
  const roleValues = (naming: Module['naming'], name: string): Values => ({
    assume_role_policy: trust,
    ...(naming === 'name' ? { name } : naming === 'prefix' ? { name_prefix: `${name}-` } : {}),
  })
  let count = 0
  const visit = (all: readonly Module[], parents: readonly string[]): Record<string, unknown> => {
    const calls: Record<string, unknown> = {}
    for (const [index, { name, keys, roleKeys, naming, modules: inner }] of all.entries()) {
      const instances = parents.flatMap((parent) =>
        (keys.length === 0 ? [''] : keys).map(
          (key) => `${parent === '' ? '' : `${parent}.`}module.${name}${index}${key}`,
        ),
      )
      const own: Configured[] = [
        { address: 'aws_iam_role.r', expressions: {} },
        {
          address: 'aws_iam_role_policy_attachment.a',
          expressions: { role: reference('aws_iam_role.r', 'name') },
        },
        {
          address: 'aws_iam_role_policy_attachment.own',
          expressions: {
            role: reference('aws_iam_role.r', 'name'),
            policy_arn: reference('aws_iam_policy.p', 'arn'),
          },
        },
        { address: 'aws_iam_policy.p', expressions: {} },
        { address: 'aws_iam_role_policy.i', expressions: { role: reference('aws_iam_role.r', 'id') } },
      ]
      configured.push(...own)
      for (const at of instances) {
        const policy = `p-${count++}`
        add(at, 'aws_iam_policy', 'p', '', { name: policy, policy: allow('s3:GetObject') }, [])
        for (const key of roleKeys.length === 0 ? [''] : roleKeys) {
          const role = `role-${count++}`
          const roleName = naming === 'name' ? { role } : {}
          const open = naming === 'name' ? ['name_prefix'] : ['name']
          add(at, 'aws_iam_role', 'r', key, roleValues(naming, role), [...open, 'managed_policy_arns'])
          const marks = naming === 'name' ? [] : ['role']
          const aws = `arn:aws:iam::aws:policy/AWS${count++}`
          add(at, 'aws_iam_role_policy_attachment', 'a', key, { ...roleName, policy_arn: aws }, marks)
          add(at, 'aws_iam_role_policy_attachment', 'own', key, roleName, [...marks, 'policy_arn'])
          add(
            at,
            'aws_iam_role_policy',
            'i',
            key,
            { ...roleName, name: `i-${count++}`, policy: allow('sqs:*') },
            marks,
          )
        }
      }
      const module_calls = visit(inner, instances)
      calls[`${name}${index}`] = { expressions: {}, module: { resources: own, module_calls } }
    }
    return calls
  }
  const module_calls = visit(modules, [''])
  for (const { is, place, attribute } of losses) {
    const resource = resources[place % Math.max(1, resources.length)]
    const configuration = configured[place % Math.max(1, configured.length)]
    if (resource === undefined || configuration === undefined) continue
    switch (is) {
      case 'unknown':
        delete resource.values[attribute]
        resource.unknown[attribute] = true
        break
      case 'local':
        for (const each of Object.keys(configuration.expressions))
          configuration.expressions[each] = { references: ['local.all'] }
        break
      case 'unconfigured':
        configuration.address = 'aws_iam_role.gone'
        break
      case 'unplanned':
        if (resource.isMarked) resource.isPlanned = false
        break
      case 'unmarked':
        if (resource.isPlanned) resource.isMarked = false
        break
      case 'same name':
        if ('name' in resource.values) resource.values.name = 'same'
        break
      case 'relative':
        // as Terraform 0.12 writes it
        resource.address = resource.address.slice(resource.module === '' ? 0 : resource.module.length + 1)
        break
    }
  }
  const planned = Map.groupBy(
    resources.filter(({ isPlanned }) => isPlanned),
    (each) => each.module,
  )
  const file = {
    format_version: '1.2',
    planned_values: {
      root_module: {
        child_modules: [...planned].map(([address, list]) => ({
          address,
          resources: list.map((each) => ({
            address: each.address,
            mode: 'managed',
            type: each.type,
            name: each.name,
            values: each.values,
          })),
        })),
      },
    },
    resource_changes: resources
      .filter(({ isMarked }) => isMarked)
      .map((each) => ({
        address: each.address,
        module_address: each.module,
        mode: 'managed',
        type: each.type,
        name: each.name,
        change: { actions: ['create'], before: null, after: each.values, after_unknown: each.unknown },
      })),
    configuration: { root_module: { module_calls } },
  }
  return { file, resources }
}

test('TPL-146 whatever a plan leaves out, renames or does not know, no role and no attachment is lost in silence', () => {
  let taken = 0
  fc.assert(
    fc.property(
      fc.array(module, { minLength: 1, maxLength: 3 }),
      fc.array(loss, { maxLength: 8 }),
      (modules, losses) => {
        const { file, resources } = planOf(modules, losses)
        const text = string(file)
        const root = parseSource(text, 'plan.json')
        assert.ok(root.type !== 'problem' && isTemplateSource(root))
        const { accounts, notTaken, findings } = imageOfTemplates([{ file: 'plan.json', text, root }])
        const roles = accounts.flatMap((each) => each.roles)
        const ofType = (type: string) => resources.filter((each) => each.type === type)
        const leftOut = (type: string) => notTaken.filter(({ kind }) => kind === type)
        assert.equal(roles.length + leftOut('aws_iam_role').length, ofType('aws_iam_role').length)
        const policies = accounts.flatMap((each) => each.policies)
        assert.equal(policies.length + leftOut('aws_iam_policy').length, ofType('aws_iam_policy').length)
        const attached = new Set(roles.flatMap((each) => each.attached ?? []))
        const inline = new Set(roles.flatMap((each) => (each.inline ?? []).map(({ name }) => name)))
        const said = [...notTaken.map(({ name }) => name), ...findings.map(({ message }) => message)].join(
          '\n',
        )
        for (const { type, address, module, values } of resources) {
          const [, own = address] = /(aws_\w+\.\w+(?:\[[^\]]*\])?)$/.exec(address) ?? []
          const isSaid = said.includes(`${module}.${own}`)
          if (type === 'aws_iam_role_policy_attachment' && typeof values.policy_arn === 'string')
            assert.ok(attached.has(values.policy_arn) || isSaid || said.includes(values.policy_arn), address)
          if (type === 'aws_iam_role_policy' && typeof values.name === 'string' && values.name !== 'same')
            assert.ok(inline.has(values.name) || isSaid || said.includes(values.name), address)
        }
        taken += roles.length
      },
    ),
    { numRuns: 400 },
  )
  assert.ok(taken > 1_000, `${taken} roles`)
})
