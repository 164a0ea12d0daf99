import assert from 'node:assert/strict'
import type { ClientCredentials } from 'omen-iam'
import { python } from '../support/index.ts'

/** One call by boto3: `client`, `method` and its parameters; blobs and the like are texts. */
export interface BotoCall {
  readonly client: string
  readonly method: string
  readonly params?: Readonly<Record<string, unknown>>
  readonly as: ClientCredentials
}

/** How it ended: the answer, or the error's code, message and the name of the exception that boto3 made of it. */
export interface BotoResult {
  readonly answer?: Readonly<Record<string, unknown>>
  readonly code?: string
  readonly message?: string
  readonly exception?: string
}

/** Clients are made once a key, so a hundred calls take a second. */
const program = `
import json, sys
import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

config = Config(retries={'total_max_attempts': 1}, s3={'addressing_style': 'path'})
clients = {}

def client(name, key):
    known = clients.get((name, key['accessKeyId']))
    if known is None:
        known = boto3.client(name, aws_access_key_id=key['accessKeyId'], aws_secret_access_key=key['secretAccessKey'],
                             aws_session_token=key.get('sessionToken'), config=config)
        clients[(name, key['accessKeyId'])] = known
    return known

def ask(call):
    try:
        answer = getattr(client(call['client'], call['as']), call['method'])(**call.get('params', {}))
        body = answer.get('Body')
        if hasattr(body, 'read'):
            answer['Body'] = body.read().decode()
        return {'answer': answer}
    except ClientError as error:
        return {'code': error.response['Error']['Code'], 'message': error.response['Error'].get('Message', ''),
                'exception': type(error).__name__}

print(json.dumps([ask(call) for call in json.loads(sys.argv[1])], default=str))
`

/** Makes the calls one after the other, with boto3 as it is. */
export async function boto(endpoint: string, calls: readonly BotoCall[]): Promise<readonly BotoResult[]> {
  const results: BotoResult[] = []
  // an argument has its limits
  for (let at = 0; at < calls.length; at += 100) {
    const outcome = await python({ endpoint }, program, JSON.stringify(calls.slice(at, at + 100)))
    assert.equal(outcome.status, 0, outcome.stderr)
    results.push(...(JSON.parse(outcome.stdout) as BotoResult[]))
  }
  assert.equal(results.length, calls.length)
  return results
}

/** An answer that must have come. */
export function answerOf(result: BotoResult | undefined): Readonly<Record<string, unknown>> {
  assert.ok(result?.answer, `${result?.code}: ${result?.message}`)
  return result.answer
}
