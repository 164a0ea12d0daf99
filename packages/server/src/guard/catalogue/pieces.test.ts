import { join } from 'node:path'
import { test } from 'node:test'
import { checkCorpus } from '../../../../../test/corpus/index.ts'
import { rolesInDefinition } from './api-definition.ts'
import type { IdentifiedCall } from './call.ts'
import { arnReadings } from './readings.ts'

// `roles SERVICE OPERATION TEXT` and below it the roles that a definition of an API hands on; `readings ARN` and below it the other
// readings of an ARN.

test('what small functions of the catalogue return', () =>
  checkCorpus(join(import.meta.dirname, 'pieces.txt'), (line) => {
    const [, name, input = ''] = /^(\w+) (.*)$/.exec(line) ?? []
    return [JSON.stringify(name === 'roles' ? rolesOf(input) : arnReadings(input))]
  }))

function rolesOf(input: string): unknown {
  const [, id = '', operation = '', text = ''] = /^(\S+) (\S+) (.*)$/.exec(input) ?? []
  const request = { headers: {}, body: Buffer.from(text.replaceAll('⏎', '\n')) }
  const call = { service: { id }, operation, request, packed: {} } as unknown as IdentifiedCall
  try {
    return rolesInDefinition(call)
  } catch (error) {
    return String(error)
  }
}
