import type { EventSelector } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { invalidSelectors } from './faults.ts'

const limits = { selectors: 5, dataResources: 250 } as const

/** The only services whose management events may be excluded (behaviour CTR-6). */
export const excludable: ReadonlySet<string> = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com'])

/**
 * The resource types of basic selectors, with the forms of their values: all of a service's, or an ARN of this form
 * (behaviour CTR-13).
 */
const dataTypes: Readonly<Record<string, { readonly all: RegExp; readonly arn: RegExp }>> = {
  'AWS::DynamoDB::Table': {
    all: /^arn:aws[a-z-]*:dynamodb$/,
    arn: /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/[A-Za-z0-9._-]+$/,
  },
  'AWS::Lambda::Function': {
    all: /^arn:aws[a-z-]*:lambda$/,
    arn: /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+$/,
  },
  'AWS::S3::Object': {
    all: /^arn:aws[a-z-]*:s3(?::::)?$/,
    // the bucket's name ends with the slash: otherwise other buckets with the same prefix would match
    arn: /^arn:aws[a-z-]*:s3:::[A-Za-z0-9._-]+\/.*$/s,
  },
}

/**
 * Returns basic event selectors in stored form. @throws Fault if CloudTrail would refuse them (behaviours CTR-6 and
 * CTR-13)
 */
export function basicIn(given: readonly CloudTrail.EventSelector[]): readonly EventSelector[] {
  if (given.length === 0 || given.length > limits.selectors)
    throw invalidSelectors(`A trail has from 1 to ${limits.selectors} event selectors.`)
  const selectors = given.map((each) => ({
    readWriteType: each.ReadWriteType ?? ('All' as const),
    includeManagementEvents: each.IncludeManagementEvents ?? true,
    dataResources: (each.DataResources ?? []).map(({ Type: type = '', Values: values = [] }) => ({
      type,
      values,
    })),
    excludeSources: each.ExcludeManagementEventSources ?? [],
  }))
  for (const selector of selectors) check(selector)
  const resourceValues = selectors.flatMap(({ dataResources }) =>
    dataResources.flatMap(({ values }) => values),
  )
  if (resourceValues.length > limits.dataResources) {
    const range = `(0 to ${limits.dataResources})`
    throw invalidSelectors(`Specify a valid number of DataResources.Values ${range} for all your selectors.`)
  }
  return selectors
}

function check({ includeManagementEvents, dataResources, excludeSources }: EventSelector): void {
  if (!includeManagementEvents && dataResources.length === 0) {
    const rule = 'When includeManagementEvents is false, DataResources must not be empty.'
    throw invalidSelectors(`Invalid combination of parameters in EventSelectors. ${rule}`)
  }
  for (const { type, values } of dataResources) {
    const dataType = Object.hasOwn(dataTypes, type) ? dataTypes[type] : undefined
    if (dataType === undefined) throw invalidSelectors(`Value ${type} for DataResources.Type is invalid.`)
    const wrong = values.find((value) => !dataType.all.test(value) && !dataType.arn.test(value))
    if (wrong !== undefined) throw invalidSelectors(`Value ${wrong} for DataResources.Values is invalid.`)
  }
  const wrong = excludeSources.find((source) => !excludable.has(source))
  if (wrong !== undefined) throw invalidSelectors(`Management events of ${wrong} cannot be excluded.`)
}

/** Returns a basic event selector as answers show it. */
export function basicOut(selector: EventSelector): CloudTrail.EventSelector {
  return {
    ReadWriteType: selector.readWriteType,
    IncludeManagementEvents: selector.includeManagementEvents,
    DataResources: selector.dataResources.map(({ type, values }) => ({ Type: type, Values: [...values] })),
    ExcludeManagementEventSources: [...selector.excludeSources],
  }
}
