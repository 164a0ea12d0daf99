import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { iam as served } from '../../../packages/server/src/services/iam/index.ts'
import { type Dialogue, needs, pythonDialogue } from '../../support/index.ts'
import { credentialRows } from '../iam-credentials/authorization-rows.ts'
import { questionRows } from '../iam-questions/authorization-rows.ts'
import { coreRows, type Row } from './authorization-rows.ts'
import { newKey, openServer } from './house.ts'

/** The calls that test/wire/iam/authorization.test.ts makes by the SDK for JavaScript, now by boto3. */
const rows: readonly Row[] = [...coreRows, ...credentialRows, ...questionRows]

const { omen, iam, close } = await openServer()
after(close)
await iam.createUser({ UserName: 'probe' })
await iam.createUser({ UserName: 'owner' })
await iam.attachUserPolicy({
  UserName: 'probe',
  PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess',
})

/**
 * Answers with what boto3 parsed, the fault's code, or null where this botocore has no such operation. What an
 * older one does not know of an input is left out.
 */
const program = `
import base64, datetime, json, sys, boto3
from botocore import xform_name
from botocore.exceptions import ClientError
iam = boto3.client('iam')
model = iam.meta.service_model
known = set(model.operation_names)

def lacking(shape, value, path=''):
    if shape is None or value is None: return []
    if shape.type_name == 'structure':
        found = [path + '.' + name for name in shape.required_members if name not in value]
        return found + [each for name, member in shape.members.items() if name in value
                        for each in lacking(member, value[name], path + '.' + name)]
    if shape.type_name == 'list':
        return [each for item in value for each in lacking(shape.member, item, path)]
    return []

def plain(value):
    if isinstance(value, datetime.datetime): return value.isoformat()
    return {'$bytes': base64.b64encode(value).decode()}

for line in sys.stdin:
    operation, arguments = json.loads(line)
    if operation not in known:
        print('null', flush=True)
        continue
    described = model.operation_model(operation)
    members = described.input_shape.members if described.input_shape else {}
    arguments = {name: value for name, value in arguments.items() if name in members}
    try:
        answer = getattr(iam, xform_name(operation))(**arguments)
        answer.pop('ResponseMetadata')
        outcome = {'answer': answer, 'lacking': lacking(described.output_shape, answer)}
    except ClientError as error:
        outcome = {'fault': error.response['Error']['Code']}
    print(json.dumps(outcome, default=plain), flush=True)
`

/** Members that the model requires and its text leaves out: a report has no end while it is made. */
const mayLack: Readonly<Record<string, readonly string[]>> = {
  GetServiceLastAccessedDetails: ['.JobCompletionDate', '.ServicesLastAccessed'],
  GetServiceLastAccessedDetailsWithEntities: ['.JobCompletionDate', '.EntityDetailsList'],
}

type Outcome = {
  readonly fault?: string
  readonly answer?: Readonly<Record<string, unknown>>
  readonly lacking?: readonly string[]
} | null

async function ask(boto3: Dialogue, { operation, input }: Row): Promise<Outcome> {
  const given = typeof input === 'function' ? (input as () => object)() : input
  return JSON.parse(await boto3.ask(JSON.stringify([operation, given])), (_key, value) =>
    typeof value?.$bytes === 'string' ? Buffer.from(value.$bytes, 'base64') : value,
  )
}

describe('boto3', needs('boto3'), () => {
  test('makes every call, and finds in each answer all that must be there (WIRE-1, WIRE-6)', async (context) => {
    const target = { endpoint: omen.endpoint, credentials: await newKey(iam, 'probe') }
    using boto3 = pythonDialogue(target, program)
    const asked = new Set<string>()
    const unknown = new Set<string>()
    for (const row of rows) {
      const { operation, fails, keep } = row
      const outcome = await ask(boto3, row)
      if (outcome === null) {
        unknown.add(operation)
        continue
      }
      asked.add(operation)
      const { fault, answer = {}, lacking = [] } = outcome
      const missing = lacking.filter((member) => mayLack[operation]?.includes(member) !== true)
      assert.deepEqual([fault, missing], [fails, []], operation)
      if (fault === undefined) keep?.(answer)
    }
    const unasked = Object.keys(served.operations).filter((name) => !asked.has(name) && !unknown.has(name))
    assert.deepEqual(unasked, [])
    // the newest operations reach botocore late
    assert.ok(asked.size >= 160, `${asked.size} operations`)
    context.diagnostic(`unknown to this boto3: ${[...unknown].join(', ')}`)
  })
})
