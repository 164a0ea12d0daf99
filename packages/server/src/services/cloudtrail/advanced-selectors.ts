import type { AdvancedEventSelector, FieldSelector } from '../../directory/index.ts'
import type { CloudTrail } from '../../model/index.ts'
import { excludable } from './basic-selectors.ts'
import { hasDataEvents } from './data-types.ts'
import { invalidSelectors } from './faults.ts'

const limits = { selectors: 5, conditions: 500 } as const

/** The fields that selectors of a category may compare, and those that they must compare (behaviour CTR-12). */
const categories: Readonly<
  Record<string, { readonly fields: readonly string[]; readonly required: readonly string[] }>
> = {
  Management: { fields: ['eventCategory', 'eventSource', 'readOnly'], required: [] },
  Data: {
    fields: [
      'eventCategory',
      'eventName',
      'eventSource',
      'eventType',
      'readOnly',
      'resources.ARN',
      'resources.type',
      'sessionCredentialFromConsole',
      'userIdentity.arn',
    ],
    required: ['resources.type'],
  },
  NetworkActivity: {
    fields: ['eventCategory', 'eventSource', 'eventName', 'errorCode', 'vpcEndpointId'],
    required: ['eventSource'],
  },
}

/** Fields that only support equality. */
const onlyEqual = new Set(['eventCategory', 'readOnly', 'resources.type'])

/** Returns advanced event selectors in stored form. @throws Fault if CloudTrail would refuse them */
export function advancedIn(
  given: readonly CloudTrail.AdvancedEventSelector[],
): readonly AdvancedEventSelector[] {
  if (given.length === 0 || given.length > limits.selectors)
    throw invalidSelectors(`A trail has from 1 to ${limits.selectors} advanced event selectors.`)
  const selectors = given.map(({ Name: name, FieldSelectors }) => {
    const fields = FieldSelectors.map(fieldIn)
    check(fields)
    return { ...(name === undefined ? {} : { name }), fields }
  })
  const values = selectors.flatMap(({ fields }) => fields.flatMap(({ field: _, ...lists }) => lists))
  const conditions = values.flatMap((lists) => Object.values(lists).flat()).length
  if (conditions > limits.conditions)
    throw invalidSelectors(`A trail's advanced event selectors have at most ${limits.conditions} values.`)
  return selectors
}

function fieldIn(given: CloudTrail.AdvancedFieldSelector): FieldSelector {
  const selector = {
    field: given.Field,
    ...(given.Equals && { equals: given.Equals }),
    ...(given.StartsWith && { startsWith: given.StartsWith }),
    ...(given.EndsWith && { endsWith: given.EndsWith }),
    ...(given.NotEquals && { notEquals: given.NotEquals }),
    ...(given.NotStartsWith && { notStartsWith: given.NotStartsWith }),
    ...(given.NotEndsWith && { notEndsWith: given.NotEndsWith }),
  }
  if (onlyEqual.has(given.Field) && !isOnly('equals', selector))
    throw invalidSelectors(`The field ${given.Field} can be compared with Equals only.`)
  if (Object.keys(selector).length === 1)
    throw invalidSelectors(`The field ${given.Field} needs an operator.`)
  return selector
}

/** Returns whether a selector has no other operator. */
function isOnly(operator: keyof FieldSelector, selector: FieldSelector): boolean {
  return Object.keys(selector).every((key) => key === 'field' || key === operator)
}

function check(fields: readonly FieldSelector[]): void {
  const names = fields.map(({ field }) => field)
  const twice = names.find((name, at) => names.indexOf(name) < at)
  if (twice !== undefined)
    throw invalidSelectors(`The field ${twice} occurs twice in an advanced event selector.`)
  const of = (name: string) => fields.find(({ field }) => field === name)
  const [chosen = '', ...others] = of('eventCategory')?.equals ?? []
  if (chosen === '' || others.length > 0)
    throw invalidSelectors('Each advanced event selector must say that eventCategory equals one value.')
  const category = Object.hasOwn(categories, chosen) ? categories[chosen] : undefined
  if (category === undefined)
    throw invalidSelectors(`${chosen} is no category of events that a trail delivers.`)
  const wrong = names.find((name) => !category.fields.includes(name))
  if (wrong !== undefined) throw invalidSelectors(`${wrong} is no field to select ${chosen} events by.`)
  const missing = category.required.find((name) => !names.includes(name))
  if (missing !== undefined)
    throw invalidSelectors(`An advanced event selector of ${chosen} events must compare ${missing}.`)
  if (of('readOnly')?.equals?.some((value) => value !== 'true' && value !== 'false'))
    throw invalidSelectors('The field readOnly equals true or false.')
  if ((of('resources.type')?.equals?.length ?? 1) !== 1)
    throw invalidSelectors('The field resources.type equals one value.')
  const [type = ''] = of('resources.type')?.equals ?? []
  if (chosen === 'Data') checkResources(type, of('resources.ARN'))
  const source = chosen === 'Management' ? of('eventSource') : undefined
  if (source === undefined) return
  if (!isOnly('notEquals', source) || !source.notEquals?.every((value) => excludable.has(value)))
    throw invalidSelectors(
      'Of management events, only those of kms and rdsdata can be excluded by eventSource.',
    )
}

/** The forms of whole ARNs. Of a function, CloudTrail takes no version and no alias (behaviour CTR-18). */
const arnForms: Readonly<Record<string, RegExp>> = {
  'AWS::Lambda::Function': /^arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:function:[A-Za-z0-9_-]+$/,
}
const anyArn = /^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+$/s

function checkResources(type: string, arns: FieldSelector | undefined): void {
  if (!hasDataEvents(type)) throw invalidSelectors('The resources.type field value is not valid.')
  const form = (Object.hasOwn(arnForms, type) && arnForms[type]) || anyArn
  const wrong = [...(arns?.equals ?? []), ...(arns?.notEquals ?? [])].find((arn) => !form.test(arn))
  if (wrong === undefined) return
  throw invalidSelectors(
    `The specified ARN ${wrong} is not valid. Verify that the ARN is properly formatted.`,
  )
}

/** Returns an advanced event selector with its fields by name, as GetEventSelectors shows it (behaviour CTR-17). */
export function byField(selector: AdvancedEventSelector): AdvancedEventSelector {
  return { ...selector, fields: selector.fields.toSorted((a, b) => (a.field < b.field ? -1 : 1)) }
}

/** Returns an advanced event selector as answers show it. */
export function advancedOut({ name, fields }: AdvancedEventSelector): CloudTrail.AdvancedEventSelector {
  return {
    ...(name === undefined ? {} : { Name: name }),
    FieldSelectors: fields.map((part) => ({
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
