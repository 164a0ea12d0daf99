import type { ContextKeys } from '../../authorization/index.ts'
import type { IdentifiedCall } from './call.ts'
import {
  attributesNamed,
  type Equality,
  equalities,
  expressionTokens,
  oddlyNamed,
} from './dynamodb-expression.ts'
import { asRecord, type Input, partsAt, textsAt, Unreadable } from './input.ts'
import { statementFacts } from './partiql-statement.ts'
import { eachStep } from './path.ts'
import type { NeedsPlace } from './place.ts'

const expressions = [
  'ProjectionExpression',
  'FilterExpression',
  'ConditionExpression',
  'UpdateExpression',
  'KeyConditionExpression',
]
const maps = ['Item', 'Key', 'Expected', 'AttributeUpdates', 'KeyConditions', 'QueryFilter', 'ScanFilter']

/**
 * DynamoDB's fine-grained keys: dynamodb:Attributes, and dynamodb:LeadingKeys if the partition key's name is known
 * (behaviour GRD-15).
 */
export function dynamoKeys(
  operation: string,
  input: Input,
  element: unknown,
  resource: string,
  { keysOf }: NeedsPlace,
): ContextKeys {
  const parts = partsOf(operation, input, element, resource)
  const names = parts.length === 0 ? {} : (asRecord(partsAt(input, ['ExpressionAttributeNames'])[0]) ?? {})
  const attributes = new Set(
    parts.flatMap((part) =>
      attributesOf(part, { ...names, ...asRecord(asRecord(part)?.ExpressionAttributeNames) }),
    ),
  )
  const table = tableIn(resource)
  if (ofStatements.test(operation))
    return { ...statementKeys(element ?? input, resource, keysOf), ...enclosedBy(operation) }
  const key = table === undefined ? undefined : keysOf?.(table)?.hash
  const leading = new Set(parts.flatMap((part) => leadingOf(part, key, input)))
  return {
    ...(attributes.size > 0 && { 'dynamodb:Attributes': [...attributes] }),
    ...(leading.size > 0 && { 'dynamodb:LeadingKeys': [...leading] }),
    ...enclosedBy(operation),
  }
}

const enclosing = /^(?:TransactGetItems|TransactWriteItems|ExecuteTransaction|BatchExecuteStatement)$/

function enclosedBy(operation: string): ContextKeys {
  return enclosing.test(operation) ? { 'dynamodb:EnclosingOperation': operation } : {}
}

/**
 * Represents values that are unknown. No policy names it, so a policy that lists allowed values does not allow a value
 * that may be another.
 */
const unknownValue = '(not known from the statement)'

/**
 * The keys of a statement in PartiQL. A SELECT that reads the whole table has no leading keys; of a table whose keys are not
 * known it counts as such a one (behaviour GRD-15).
 */
function statementKeys(part: unknown, resource: string, keysOf: NeedsPlace['keysOf']): ContextKeys {
  const [statement = ''] = textsAt(part, ['Statement'])
  const parameters = partsAt(part, ['Parameters', eachStep]).map((value) => scalarOf(value)[0])
  const keys = keysOf?.(placeIn(resource) ?? '')
  const { leading, scans, attributes, all } = statementFacts(statement, keys, parameters)
  const isUnknown = leading === undefined && (keys === undefined || !/^\s*(?:SELECT|EXISTS)/i.test(statement))
  const values = isUnknown ? [unknownValue] : leading
  return {
    'dynamodb:Attributes': all ? [...attributes, unknownValue] : attributes,
    ...(values !== undefined && { 'dynamodb:LeadingKeys': values }),
    ...(scans !== undefined && { 'dynamodb:FullTableScan': String(scans) }),
  }
}

/**
 * The tables, or indexes of tables (`table/index/name`), of a call's questions whose key attributes decide on their condition
 * keys: those of items and statements.
 */
export function tablesWithKeys(
  { service, operation, packed }: IdentifiedCall,
  requests: readonly { readonly resource: string }[],
): readonly string[] {
  if (service.id !== 'dynamodb' || packed.input === undefined || !ofItems.test(operation)) return []
  const nameIn = ofStatements.test(operation) ? placeIn : tableIn
  const named = requests.flatMap(({ resource }) => nameIn(resource) ?? [])
  return [...new Set(named)].filter((name) => !/[*?]/.test(name))
}

const ofStatements = /^(?:ExecuteStatement|BatchExecuteStatement|ExecuteTransaction)$/
const ofItems = /Item|^Query$|^Scan$|Statement|^ExecuteTransaction$/

function placeIn(arn: string): string | undefined {
  return /:table\/(.+)$/.exec(arn)?.[1]
}

/** The table that an ARN names. */
function tableIn(arn: string): string | undefined {
  return /:table\/([^/]+)/.exec(arn)?.[1]
}

/** The structures that request something of one table. */
function partsOf(operation: string, input: Input, element: unknown, resource: string): readonly unknown[] {
  const table = tableIn(resource) ?? ''
  const of = (map: unknown): readonly unknown[] =>
    Object.entries(asRecord(map) ?? {}).flatMap(([name, value]) =>
      name === table || tableIn(name) === table ? [value] : [],
    )
  switch (operation) {
    case 'BatchGetItem':
      return of(input.RequestItems).flatMap((part) => [
        part,
        ...partsAt(part, ['Keys', eachStep]).map((Key) => ({ Key })),
      ])
    case 'BatchWriteItem':
      return of(input.RequestItems).flatMap((part) => [
        ...partsAt(part, [eachStep, 'PutRequest']),
        ...partsAt(part, [eachStep, 'DeleteRequest']),
      ])
    case 'TransactGetItems':
      return partsAt(element, ['Get'])
    case 'TransactWriteItems':
      return Object.values(asRecord(element) ?? {})
    default:
      return element === undefined ? [input] : [element]
  }
}

/** @throws Unreadable if an expression is longer than DynamoDB accepts */
function attributesOf(part: unknown, names: Readonly<Record<string, unknown>>): readonly string[] {
  const keys = maps.flatMap((map) =>
    partsAt(part, [map]).flatMap((value) => Object.keys(asRecord(value) ?? {})),
  )
  const texts = expressions.flatMap((place) => textsAt(part, [place]))
  const named = texts.flatMap((text) => attributesNamed(expressionTokens(text), names))
  return [...keys, ...textsAt(part, ['AttributesToGet', eachStep]), ...named, ...oddlyNamed(names)]
}

/**
 * The partition key's values: the only attribute of a key with one attribute, otherwise the attribute of that name.
 * @throws Unreadable if a query has key conditions, and none of them sets the partition key, or may set it
 */
function leadingOf(part: unknown, key: string | undefined, input: Input): readonly string[] {
  const records = [...partsAt(part, ['Key']), ...(key === undefined ? [] : partsAt(part, ['Item']))]
  const direct = records.flatMap((value) => {
    const record = asRecord(value) ?? {}
    const names = Object.keys(record)
    const name = key ?? (names.length === 1 ? names[0] : undefined)
    return name === undefined ? [] : scalarOf(record[name])
  })
  const [text] = textsAt(part, ['KeyConditionExpression'])
  const [conditions] = partsAt(part, ['KeyConditions'])
  if (text === undefined && conditions === undefined) return direct
  const names = asRecord(input.ExpressionAttributeNames) ?? {}
  const equal = [
    ...(text === undefined ? [] : equalities(text, names, input.ExpressionAttributeValues)),
    ...equalAmong(conditions),
  ]
  // an index has another key, which is unknown: every requested value may be it
  const isTable = key !== undefined && partsAt(part, ['IndexName']).length === 0
  const values = equal.filter(({ name }) => !isTable || name === key).flatMap(({ value }) => scalarOf(value))
  if (values.length === 0) throw new Unreadable('The partition key of the query cannot be found')
  return [...direct, ...values]
}

/** The equalities in conditions in their old form. */
function equalAmong(conditions: unknown): readonly Equality[] {
  return Object.entries(asRecord(conditions) ?? {}).flatMap(([name, condition]) =>
    textsAt(condition, ['ComparisonOperator']).includes('EQ')
      ? partsAt(condition, ['AttributeValueList', eachStep]).map((value) => ({ name, value }))
      : [],
  )
}

function scalarOf(value: unknown): readonly string[] {
  return ['S', 'N', 'B'].flatMap((type) => textsAt(value, [type]))
}
