import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { HttpRequest } from '../../packages/server/src/base/index.ts'
import { toolPath } from '../support/index.ts'

/** A request as botocore writes it for an operation. */
export interface Written {
  readonly service: string
  readonly operation: string
  readonly protocol: string
  /** With what is required, or with everything that the operation takes. */
  readonly size: 'least' | 'most'
  readonly request: HttpRequest
  /** What it was written from. */
  readonly input: Readonly<Record<string, unknown>>
}

interface Line {
  readonly s: string
  readonly o: string
  readonly p: string
  readonly z: 'least' | 'most'
  readonly m: string
  readonly u: string
  readonly q: string
  readonly h: Readonly<Record<string, string>>
  readonly b: string
  readonly i: Readonly<Record<string, unknown>>
}

const program = `
import base64, datetime, json, sys
from urllib.parse import urlsplit
import botocore.awsrequest, botocore.loaders, botocore.model, botocore.serialize

loader = botocore.loaders.Loader()
when = datetime.datetime(2026, 1, 2, 3, 4, 5, tzinfo=datetime.timezone.utc)
names = {'query': 'awsQuery', 'ec2': 'ec2Query', 'json': 'awsJson', 'rest-json': 'restJson', 'rest-xml': 'restXml',
         'smithy-rpc-v2-cbor': 'rpcV2Cbor'}
# Hosts are the same for all: what is found is found by the path.
botocore.serialize.Serializer._expand_host_prefix = lambda *_: None
size = sys.argv[1]
share, shares = int(sys.argv[2]), int(sys.argv[3])

# some names have a form that the guard insists on
real = {'Resource': 'arn:aws:lambda:us-east-1:111122223333:function:f', 'Bucket': 'v-bucket', 'AccountId': '111122223333', 'accountId': '111122223333', 'AwsAccountId': '111122223333', 'CopySource': 'v-bucket/key', 'QueueUrl': 'http://q/111122223333/v', 'RenameSource': 'v-bucket/key', 'TemplateURL': 'https://v-bucket.s3.amazonaws.com/key', 'Queue': 'arn:aws:sqs:us-east-1:111122223333:q', 'Topic': 'arn:aws:sns:us-east-1:111122223333:t', 'CloudFunction': 'arn:aws:lambda:us-east-1:111122223333:function:f'}

def value(shape, name, depth, open):
    t = shape.type_name
    if t == 'structure':
        if getattr(shape, 'is_document_type', False): return {'a': 'b'}
        if shape.name in open or depth > 6: return None
        inner = open | {shape.name}
        full = size == 'most' and depth < 4
        chosen = [m for m in shape.members if full or m in shape.required_members]
        if getattr(shape, 'is_tagged_union', False): chosen = list(shape.members)[:1]
        made = {m: value(shape.members[m], m, depth + 1, inner) for m in chosen}
        made = {m: v for m, v in made.items() if v is not None}
        return made
    if t == 'list':
        item = value(shape.member, name, depth + 1, open)
        if item is None or item == {}: return None
        return [item]
    if t == 'map':
        item = value(shape.value, name, depth + 1, open)
        return None if item is None or item == {} else {value(shape.key, 'key', depth + 1, open): item}
    if t == 'string' or t == 'character':
        if shape.enum: return shape.enum[0]
        return 'arn:aws:a:us-east-1:111122223333:b/c' if name.lower().endswith(('arn', 'arns')) else real.get(name, 'v ' + name)
    if t == 'timestamp': return when
    if t == 'blob': return b'bytes'
    if t == 'boolean': return True
    if t in ('float', 'double'): return 1.5
    return 7

def plain(v):
    if isinstance(v, dict): return {k: plain(x) for k, x in v.items()}
    if isinstance(v, list): return [plain(x) for x in v]
    return v if isinstance(v, (str, bool, int, float)) else None

def write(service, model, operation, protocol, serializer):
    given = value(operation.input_shape, '', 0, frozenset()) if operation.input_shape else {}
    request = serializer.serialize_to_request(given, operation)
    botocore.awsrequest.prepare_request_dict(request, 'http://localhost:4566')
    prepared = botocore.awsrequest.create_request_object(request).prepare()
    url = urlsplit(prepared.url)
    body = prepared.body or b''
    if isinstance(body, str): body = body.encode()
    if hasattr(body, 'read'): body = body.read()
    headers = {k.lower(): v.decode() if isinstance(v, bytes) else str(v) for k, v in prepared.headers.items()}
    headers['host'] = 'localhost:4566' if size == 'most' else model.endpoint_prefix + '.us-east-1.amazonaws.com'
    if operation.auth_type != 'none':
        headers['x-amz-date'] = '20260102T030405Z'
        headers['authorization'] = ('AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/us-east-1/' +
            model.signing_name + '/aws4_request, SignedHeaders=host;x-amz-date, Signature=' + '0' * 64)
    print(json.dumps({'s': service, 'o': operation.name, 'p': names[protocol], 'z': size, 'm': prepared.method,
        'u': url.path, 'q': url.query, 'h': headers, 'b': base64.b64encode(body).decode(), 'i': plain(given)}))

for number, service in enumerate(loader.list_available_services('service-2')):
    if number % shares != share: continue
    model = botocore.model.ServiceModel(loader.load_service_model(service, 'service-2'), service)
    spoken = model.metadata.get('protocols') or [model.metadata['protocol']]
    for protocol in spoken:
        if protocol not in botocore.serialize.SERIALIZERS: continue
        serializer = botocore.serialize.create_serializer(protocol, include_validation=False)
        for name in model.operation_names:
            write(service, model, model.operation_model(name), protocol, serializer)
`

/** Has botocore write a request for every operation of every service that it knows, one after the other. */
export async function* everyOperation(size: Written['size'], share = 0, shares = 1): AsyncGenerator<Written> {
  const child: ChildProcess = spawn(toolPath('boto3'), ['-c', program, size, String(share), String(shares)], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let complaint = ''
  child.stderr!.on('data', (chunk: Buffer) => {
    complaint += chunk.toString('utf8')
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  for await (const text of createInterface({ input: child.stdout! })) {
    const line = JSON.parse(text) as Line
    yield {
      service: line.s,
      operation: line.o,
      protocol: line.p,
      size: line.z,
      input: line.i,
      request: {
        method: line.m,
        rawPath: line.u,
        rawQuery: line.q,
        headers: line.h,
        body: Buffer.from(line.b, 'base64'),
        remoteAddress: '127.0.0.1',
        secure: false,
      },
    }
  }
  if ((await ended) !== 0) throw new Error(`botocore: ${complaint}`)
}
