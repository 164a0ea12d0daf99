import type { Family } from '../../authorization/index.ts'
import { type Fault, fault } from '../../base/index.ts'
import {
  type AdvancedEventSelector,
  type EventSelector,
  type FieldSelector,
  trailArn,
  trails,
} from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { arnOf, getTrail, ownTrail } from './find-trail.ts'

const limits = { selectors: 5, advanced: 5, dataResources: 250, conditions: 500 } as const

/** The only services whose management events may be left out (behaviour CTR-6). */
const excludable = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com'])

const fields = new Set([
  'eventCategory',
  'readOnly',
  'eventSource',
  'eventName',
  'eventType',
  'resources.type',
  'resources.ARN',
  'sessionCredentialFromConsole',
  'userIdentity.arn',
  'errorCode',
  'vpcEndpointId',
])

/** What basic selectors may choose data events by. */
const dataTypes = new Set(['AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::S3::Object'])

/** Fields that are compared for equality alone. */
const onlyEqual = new Set(['eventCategory', 'readOnly', 'resources.type'])

const categories = new Set(['Management', 'Data', 'NetworkActivity'])

/** Which events a trail delivers. */
export const eventSelectors: Family<CloudTrail.Operations, 'PutEventSelectors' | 'GetEventSelectors'> = {
  PutEventSelectors: {
    resource: (input, call) => arnOf(input.TrailName, call),
    run(input, call) {
      const { selectors: _, advancedSelectors: __, ...trail } = ownTrail(input.TrailName, call)
      const { EventSelectors: plain, AdvancedEventSelectors: advanced } = input
      if ((plain === undefined) === (advanced === undefined))
        throw invalid('Specify either event selectors or advanced event selectors.')
      const changed =
        plain !== undefined
          ? { ...trail, selectors: plainIn(plain) }
          : { ...trail, advancedSelectors: advancedIn(advanced ?? []) }
      call.account.table(trails).put(changed)
      return { TrailARN: trailArn(call.account.id, trail), ...selectorsOut(changed) }
    },
  },
  GetEventSelectors: {
    resource: (input, call) => arnOf(input.TrailName, call),
    run(input, call) {
      const { trail, owner } = getTrail(input.TrailName, call)
      return { TrailARN: trailArn(owner.id, trail), ...selectorsOut(trail) }
    },
  },
}

const everything: EventSelector = {
  readWriteType: 'All',
  includeManagementEvents: true,
  dataResources: [],
  excludeSources: [],
}

function selectorsOut(trail: {
  readonly selectors?: readonly EventSelector[]
  readonly advancedSelectors?: readonly AdvancedEventSelector[]
}) {
  if (trail.advancedSelectors !== undefined)
    return { AdvancedEventSelectors: trail.advancedSelectors.map(advancedOut) }
  return { EventSelectors: (trail.selectors ?? [everything]).map(plainOut) }
}

function plainIn(given: readonly CloudTrail.EventSelector[]): readonly EventSelector[] {
  if (given.length === 0 || given.length > limits.selectors)
    throw invalid(`A trail has from 1 to ${limits.selectors} event selectors.`)
  const selectors = given.map((each) => ({
    readWriteType: each.ReadWriteType ?? ('All' as const),
    includeManagementEvents: each.IncludeManagementEvents ?? true,
    dataResources: (each.DataResources ?? []).map(({ Type: type = '', Values: values = [] }) => ({
      type,
      values,
    })),
    excludeSources: each.ExcludeManagementEventSources ?? [],
  }))
  let resources = 0
  for (const { dataResources, excludeSources } of selectors) {
    for (const { type, values } of dataResources) {
      if (!dataTypes.has(type))
        throw invalid(`Event selectors cannot choose data events of ${type}: use advanced event selectors.`)
      resources += values.length
    }
    const wrong = excludeSources.find((source) => !excludable.has(source))
    if (wrong !== undefined) throw invalid(`Management events of ${wrong} cannot be excluded.`)
  }
  if (resources > limits.dataResources)
    throw invalid(`A trail's event selectors name at most ${limits.dataResources} data resources.`)
  return selectors
}

function plainOut(selector: EventSelector): CloudTrail.EventSelector {
  return {
    ReadWriteType: selector.readWriteType,
    IncludeManagementEvents: selector.includeManagementEvents,
    DataResources: selector.dataResources.map(({ type, values }) => ({ Type: type, Values: [...values] })),
    ExcludeManagementEventSources: [...selector.excludeSources],
  }
}

function advancedIn(given: readonly CloudTrail.AdvancedEventSelector[]): readonly AdvancedEventSelector[] {
  if (given.length === 0 || given.length > limits.advanced)
    throw invalid(`A trail has from 1 to ${limits.advanced} advanced event selectors.`)
  let conditions = 0
  const selectors = given.map(({ Name: name, FieldSelectors }) => {
    const parts = FieldSelectors.map(fieldIn)
    for (const part of parts) conditions += Object.values(part).flat().length - 1
    const category = parts.find(({ field }) => field === 'eventCategory')
    if (category?.equals?.length !== 1 || Object.keys(category).length !== 2)
      throw invalid('Each advanced event selector must say that eventCategory equals one value.')
    const [chosen = ''] = category.equals
    if (!categories.has(chosen)) throw invalid(`${chosen} is no category of events that a trail delivers.`)
    if (chosen === 'Data' && !parts.some(({ field }) => field === 'resources.type'))
      throw invalid('An advanced event selector of data events must say what resources.type equals.')
    return { ...(name === undefined ? {} : { name }), fields: parts }
  })
  if (conditions > limits.conditions)
    throw invalid(`A trail's advanced event selectors have at most ${limits.conditions} values.`)
  return selectors
}

function fieldIn(given: CloudTrail.AdvancedFieldSelector): FieldSelector {
  if (!fields.has(given.Field)) throw invalid(`${given.Field} is no field to select by.`)
  const selector = {
    field: given.Field,
    ...(given.Equals && { equals: given.Equals }),
    ...(given.StartsWith && { startsWith: given.StartsWith }),
    ...(given.EndsWith && { endsWith: given.EndsWith }),
    ...(given.NotEquals && { notEquals: given.NotEquals }),
    ...(given.NotStartsWith && { notStartsWith: given.NotStartsWith }),
    ...(given.NotEndsWith && { notEndsWith: given.NotEndsWith }),
  }
  if (onlyEqual.has(given.Field) && Object.keys(selector).some((key) => key !== 'field' && key !== 'equals'))
    throw invalid(`The field ${given.Field} can be compared with Equals only.`)
  if (Object.keys(selector).length === 1) throw invalid(`The field ${given.Field} needs an operator.`)
  return selector
}

function advancedOut({ name, fields: parts }: AdvancedEventSelector): CloudTrail.AdvancedEventSelector {
  return {
    ...(name === undefined ? {} : { Name: name }),
    FieldSelectors: parts.map((part) => ({
      Field: part.field,
      ...(part.equals && { Equals: [...part.equals] }),
      ...(part.startsWith && { StartsWith: [...part.startsWith] }),
      ...(part.endsWith && { EndsWith: [...part.endsWith] }),
      ...(part.notEquals && { NotEquals: [...part.notEquals] }),
      ...(part.notStartsWith && { NotStartsWith: [...part.notStartsWith] }),
      ...(part.notEndsWith && { NotEndsWith: [...part.notEndsWith] }),
    })),
  }
}

function invalid(message: string): Fault {
  return fault('InvalidEventSelectorsException', message, 400)
}
