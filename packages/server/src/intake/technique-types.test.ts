import assert from 'node:assert/strict'
import { test } from 'node:test'
import { techniqueTable } from '../authorization/catalogue/index.ts'
import { notInLists } from './inventory/further.ts'
import { typesOfLists } from './inventory/inventory.ts'
import { notInTemplates } from './templates/carrier.ts'
import { typesOfTemplates } from './templates/inventory.ts'
import { carrierTypes, notInPlans } from './templates/terraform-carriers.ts'

/** Every type of resources that a technique asks for. */
const needed = new Set(
  techniqueTable().techniques.flatMap(({ effect, composedOf, workloads = [], needs, ways, facts }) => {
    if (effect === 'none' || composedOf !== undefined) return []
    const requests = [...needs, ...ways.flatMap((way) => way.needs)]
    const all = [...facts, ...ways.flatMap((way) => way.facts)]
    return [
      ...workloads,
      ...requests.flatMap(({ on }) => (on.is === 'resource' ? on.type : [])),
      ...all.flatMap((fact) => /(?:^(?:exists|is)| on thing) (AWS::[\w:]+)/.exec(fact)?.[1] ?? []),
    ]
  }),
)

function without(
  record: Readonly<Record<string, string | undefined>>,
  names: readonly string[],
): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(Object.entries(record).filter(([key]) => !names.includes(key)))
}

const ways: readonly (readonly [string, readonly string[], Readonly<Record<string, string | undefined>>])[] =
  [
    ['templates', typesOfTemplates, notInTemplates],
    [
      'plans of Terraform',
      Object.values(carrierTypes).flatMap((each) => each?.type ?? []),
      // Terraform has resources for these
      without({ ...notInTemplates, ...notInPlans }, [
        'AWS::CloudFormation::Stack',
        'AWS::FinSpace::Environment',
      ]),
    ],
    ['answers of the AWS CLI', typesOfLists, notInLists],
  ]

for (const [name, read, notRead] of ways)
  test(`every type that a technique asks for is read from ${name}, or named as not read (GRD-564)`, () => {
    const known = new Set(read)
    assert.ok(needed.size > 60)
    assert.deepEqual(
      [...needed].filter((type) => !known.has(type) && notRead[type] === undefined),
      [],
      'neither',
    )
    assert.deepEqual(
      Object.keys(notRead).filter((type) => known.has(type)),
      [],
      'both',
    )
    assert.deepEqual(
      Object.keys(notRead).filter((type) => !needed.has(type)),
      [],
      'not asked for',
    )
  })
