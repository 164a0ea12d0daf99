import type { OperationModel } from '../model/index.ts'
import { jsonCodec } from './json/codec.ts'
import { ec2Codec, queryCodec } from './query/codec.ts'
import { restCodec } from './rest/codec.ts'
import type { Codec, Route } from './types.ts'

const codecs = new WeakMap<OperationModel, Codec>()

/** Returns the codec of a route's operation, compiled on first use. */
export function codecOf(route: Route): Codec {
  let codec = codecs.get(route.operation)
  if (!codec) {
    codec = compile(route)
    codecs.set(route.operation, codec)
  }
  return codec
}

function compile({ service, operation }: Route): Codec {
  switch (service.protocol) {
    case 'awsQuery':
      return queryCodec(service, operation)
    case 'ec2Query':
      return ec2Codec(service, operation)
    case 'awsJson1_0':
    case 'awsJson1_1':
      return jsonCodec(service, operation)
    case 'restJson':
    case 'restXml':
      return restCodec(service, operation)
  }
}
