import { spawnSync } from 'node:child_process'
import { toolPath } from '../support/index.ts'

/** One call to be made by botocore, and the answer that it is to read. Instants and bytes are marked. */
export interface Exchange {
  readonly service: string
  readonly operation: string
  readonly input: unknown
  readonly output: unknown
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
}

/** What botocore made of it; undefined where this botocore does not know the operation yet. */
export type Exchanged =
  | undefined
  | {
      readonly request: {
        readonly method: string
        readonly path: string
        readonly query: string
        readonly headers: Readonly<Record<string, string>>
        readonly body: string
      }
      /** The input and output without the members that this botocore does not know yet. */
      readonly input: unknown
      readonly output: unknown
      readonly parsed: unknown
    }

/** Marks in JSON what JSON has not. */
export const marks = {
  time: (milliseconds: number): unknown => ({ $time: milliseconds }),
  bytes: (bytes: Uint8Array): unknown => ({ $bytes: Buffer.from(bytes).toString('base64') }),
}

const program = `
import base64, datetime, json, sys
from urllib.parse import urlsplit
import botocore.awsrequest, botocore.parsers, botocore.serialize, botocore.session

session = botocore.session.get_session()
epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)

def known(shape, value):
    if shape is None: return value
    if shape.type_name == 'structure':
        return {k: known(shape.members[k], v) for k, v in value.items() if k in shape.members}
    if shape.type_name == 'list': return [known(shape.member, v) for v in value]
    if shape.type_name == 'map': return {k: known(shape.value, v) for k, v in value.items()}
    return value

def unmark(value):
    if isinstance(value, list): return [unmark(v) for v in value]
    if not isinstance(value, dict): return value
    if '$time' in value: return epoch + datetime.timedelta(milliseconds=value['$time'])
    if '$bytes' in value: return base64.b64decode(value['$bytes'])
    return {k: unmark(v) for k, v in value.items()}

def mark(value):
    if isinstance(value, list): return [mark(v) for v in value]
    if isinstance(value, dict): return {k: mark(v) for k, v in value.items()}
    if isinstance(value, datetime.datetime): return {'$time': round((value - epoch).total_seconds() * 1000)}
    if hasattr(value, 'read'): value = value.read()
    if isinstance(value, (bytes, bytearray)): return {'$bytes': base64.b64encode(value).decode()}
    return value

def exchange(e):
    model = session.get_service_model(e['service'])
    if e['operation'] not in model.operation_names: return None
    operation = model.operation_model(e['operation'])
    protocol = model.metadata['protocol']
    given = known(operation.input_shape, e['input'])
    expected = known(operation.output_shape, e['output'])
    serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
    request = serializer.serialize_to_request(unmark(given), operation)
    botocore.awsrequest.prepare_request_dict(request, 'http://127.0.0.1')
    prepared = botocore.awsrequest.create_request_object(request).prepare()
    url = urlsplit(prepared.url)
    body = prepared.body or b''
    if isinstance(body, str): body = body.encode()
    parser = botocore.parsers.create_parser(protocol)
    answer = {
        'status_code': e['response']['status'],
        'headers': botocore.awsrequest.HeadersDict(e['response']['headers']),
        'body': base64.b64decode(e['response']['body']),
    }
    if operation.has_streaming_output:
        import io
        answer['body'] = io.BytesIO(answer['body'])
    parsed = parser.parse(answer, operation.output_shape)
    parsed.pop('ResponseMetadata', None)
    return {
        'request': {
            'method': prepared.method, 'path': url.path, 'query': url.query,
            'headers': {k.lower(): v.decode() if isinstance(v, bytes) else v for k, v in prepared.headers.items()},
            'body': base64.b64encode(body).decode(),
        },
        'input': given, 'output': expected, 'parsed': mark(parsed),
    }

json.dump([exchange(e) for e in json.load(sys.stdin)], sys.stdout)
`

/** Has one botocore process make and read all of them. */
export function withBotocore(exchanges: readonly Exchange[]): readonly Exchanged[] {
  const { status, stdout, stderr } = spawnSync(toolPath('boto3'), ['-c', program], {
    input: JSON.stringify(exchanges),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    env: { PATH: process.env.PATH ?? '' },
  })
  if (status !== 0) throw new Error(`botocore: ${stderr}`)
  return JSON.parse(stdout) as readonly Exchanged[]
}
