import { describe, test } from 'node:test'
import { needs } from '../support/index.ts'
import { recogniseAll, twins } from './recognise.ts'

describe('every operation of every service, as botocore writes it', needs('boto3'), () => {
  test('with what is required, at AWS’s own hosts (behaviours GRD-1, GRD-2)', () =>
    recogniseAll('least', twins))
})
