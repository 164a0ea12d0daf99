import { connect } from 'node:net'
import type { ClientCredentials } from 'omen-iam'
import { Secret } from '../../packages/server/src/base/index.ts'
import { signedHeaders } from '../../packages/server/src/wire/sigv4/index.ts'

/** A call as it is written to the connection. */
export interface RawCall {
  readonly line: string
  readonly given: Readonly<Record<string, string>>
  readonly unsigned: readonly string[]
  readonly body: string
}

/** Sends a request line and headers as they are, signed for what they say, and returns what comes back. */
export function rawCall(
  endpoint: string,
  user: ClientCredentials,
  { line, given, unsigned, body }: RawCall,
): Promise<string> {
  return new Promise<string>((resolve, reject) => {
    const { hostname, port } = new URL(endpoint)
    const [method = '', target = ''] = line.split(' ')
    const question = target.indexOf('?')
    const headers = signedHeaders(
      {
        method,
        rawPath: question < 0 ? target : target.slice(0, question),
        rawQuery: question < 0 ? '' : target.slice(question + 1),
        headers: { host: `${hostname}:${port}`, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', ...given },
        body: Buffer.of(),
      },
      {
        accessKeyId: user.accessKeyId,
        secret: new Secret(user.secretAccessKey),
        region: 'us-east-1',
        service: 's3',
      },
      Date.now(),
      'UNSIGNED-PAYLOAD',
    )
    const lines = [...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...unsigned]
    const socket = connect(Number(port), hostname)
    let answer = ''
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')))
    socket.on('data', (piece) => {
      answer += piece.toString('latin1')
      socket.end()
    })
    socket.on('error', reject)
    socket.on('close', () => resolve(answer))
    socket.write(`${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
  })
}
