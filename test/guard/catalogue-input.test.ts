import { describe, test } from 'node:test'
import { needs } from '../support/index.ts'
import { neighbours, recogniseAll } from './recognise.ts'

describe('every operation of every service, as botocore writes it', needs('boto3'), () => {
  test('with everything, at one host for all (behaviours GRD-3, GRD-4)', () =>
    recogniseAll('most', neighbours))
})
