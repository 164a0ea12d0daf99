import type { Shape } from '@omen-iam/policy'
import type { TechniqueNeed } from '../../authorization/catalogue/index.ts'
import { regionOf } from '../request/request-keys.ts'
import { type Known, shapeOf } from '../request/shape.ts'
import { isListed, type Thing } from '../world/world.ts'
import { type FactOption, type FactQuestion, unknown } from './fact-option.ts'

/** A kind of event source of a function, with what its records need. */
interface Source {
  readonly type: string
  /**
   * The actions on the source that the function's role must be allowed: Lambda refuses the mapping otherwise. The actions are those
   * that both Lambda's refusal and the developer guides name. [LAM-68]
   */
  readonly reads: readonly string[]
  /** The ARN that the role reads, and the call that makes such a source. */
  readonly made: { readonly by: string; readonly arn: string; readonly title: string }
  /** Calls of which each one puts a record into the source. */
  readonly writes: readonly string[]
  /** The type and the ARN of what the record is written to. */
  readonly written: (arn: string) => { readonly type: string; readonly arn: string }
}

const sources: readonly Source[] = [
  {
    type: 'AWS::DynamoDB::Stream',
    reads: [
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    ],
    made: {
      by: 'dynamodb:CreateTable',
      // The label is the time at which the stream is made.
      arn: 'arn:${Partition}:dynamodb:${Region}:${Account}:table/${TableName}/stream/2026-01-01T00:00:00.000',
      title: 'a new table with a stream',
    },
    writes: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'],
    written: (arn) => ({ type: 'AWS::DynamoDB::Table', arn: arn.replace(/\/stream\/.*$/, '') }),
  },
  {
    type: 'AWS::Kinesis::Stream',
    reads: ['kinesis:DescribeStream', 'kinesis:GetRecords', 'kinesis:GetShardIterator', 'kinesis:ListShards'],
    made: {
      by: 'kinesis:CreateStream',
      arn: 'arn:${Partition}:kinesis:${Region}:${Account}:stream/${StreamName}',
      title: 'a new stream',
    },
    writes: ['kinesis:PutRecord', 'kinesis:PutRecords'],
    written: (arn) => ({ type: 'AWS::Kinesis::Stream', arn }),
  },
  {
    type: 'AWS::SQS::Queue',
    reads: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    made: {
      by: 'sqs:CreateQueue',
      arn: 'arn:${Partition}:sqs:${Region}:${Account}:${QueueName}',
      title: 'a new queue',
    },
    writes: ['sqs:SendMessage'],
    written: (arn) => ({ type: 'AWS::SQS::Queue', arn }),
  },
]

/** The calls by which a function's role reads event sources. */
export const sourceReaders: readonly string[] = sources.flatMap(({ reads }) => reads)

/** The types of resources whose records a function can be given. */
export const sourceTypes: readonly string[] = sources.map(({ type }) => type)

/** The ways in which a function that is mapped to a source gets records. */
export function eventSources(question: FactQuestion, fact: string): readonly FactOption[] {
  const { questions, binding, known } = question
  const { world, index } = questions
  const open = sourceTypes.find((type) => !isListed(world.inventory, type))
  const others = open === undefined ? [] : unknown(fact, 'notListed', { type: open })
  const { target } = binding
  if (target?.type !== 'role') return others
  const options: FactOption[] = []
  for (const source of sources) {
    for (const thing of index.thingsOf(source.type).all)
      if (known.Region === undefined || known.Region === regionOf(thing.arn).Region)
        options.push(...existing(question, fact, source, thing))
    options.push(...made(question, fact, source))
  }
  return [...options, ...others]
}

/** A source that exists: it gets records, or the attacker puts one into it. */
function existing(
  question: FactQuestion,
  fact: string,
  { reads, writes, written }: Source,
  { arn, tags, facts }: Thing,
): readonly FactOption[] {
  const asked = question.asTarget(reads, arn)
  const known = regionOf(arn)
  const { getsRecords } = facts
  const own = { fact, says: 'value', of: { value: arn } }
  if (getsRecords === true)
    return [{ facts: [{ ...own, known: 'inventory' }], needs: [], asked, fixed: known }]
  const place = written(arn)
  const thing: Thing = { ...place, role: undefined, tags: place.arn === arn ? tags : undefined, facts: {} }
  return [
    ...writes.filter(question.mayAsk).map((action) => ({
      facts: [{ fact, says: 'written', of: { source: arn }, known: 'inventory' as const }],
      needs: [{ action, on: { is: 'thing', type: thing.type } as const }],
      things: new Map([[thing.type, thing]]),
      asked,
      fixed: known,
    })),
    ...(getsRecords === false
      ? []
      : [{ facts: [{ ...own, known: 'unknown' as const }], needs: [], asked, fixed: known }]),
  ]
}

/** A source that the attacker makes, and writes to. */
function made(
  question: FactQuestion,
  fact: string,
  { reads, writes, made: { by, arn, title } }: Source,
): readonly FactOption[] {
  if (!question.mayAsk(by)) return []
  const asked = question.asTarget(reads, newResource(question, arn, question.known))
  return writes.filter(question.mayAsk).map((action) => ({
    facts: [{ fact, says: 'written', of: { source: title }, known: 'details' }],
    needs: [by, action].map((each): TechniqueNeed => ({ action: each, on: { is: 'new' } })),
    asked,
  }))
}

function newResource({ questions }: FactQuestion, template: string, known: Known): string | Shape {
  const { partition, account } = questions.world
  const service = template.split(':')[2] ?? ''
  return shapeOf(template, { partition, account, service, type: '', known, isNew: true })
}
